import { strerror } from '../../base/index.ts';
import { type Process, parseSignal, pidIn, SIGNALS, type Signal, type Wait } from '../../os/index.ts';
import { type Job, jobState, jobStatus } from '../jobs.ts';
import { waitForeground } from '../run/children.ts';
import { forgetJob, jobLine } from '../run/job-messages.ts';
import type { Shell } from '../shell.ts';
import { type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;

const JOBS_USAGE = 'jobs [-lnprs] [jobspec ...] or jobs -x command [args]';
const KILL_USAGE = 'kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]';
const WAIT_USAGE = 'wait [-fn] [-p var] [id ...]';

function* findJob(shell: Shell, builtin: string, spec: string | undefined): Generator<Wait, Job | undefined, void> {
  const found =
    spec === undefined
      ? shell.jobs.current
      : /^\d+$/.test(spec) && builtin === 'wait'
        ? shell.jobs.byPid(Number(spec))
        : shell.jobs.find(spec);
  if (found === 'ambiguous') yield* shell.printError(`${builtin}: ${spec}: ambiguous job spec`);
  else if (found === undefined) yield* shell.printError(`${builtin}: ${spec ?? 'current'}: no such job`);
  else return found;
  return undefined;
}

function* jobs(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'jobs', JOBS_USAGE, 'lnprs', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  let listed = shell.jobs.list();
  if (operands.length > 0) {
    const found: Job[] = [];
    for (const spec of operands) {
      const job = yield* findJob(shell, 'jobs', spec);
      if (job === undefined) return 1;
      found.push(job);
    }
    listed = found;
  }
  if (flags.has('r')) listed = listed.filter((job) => jobState(job) === 'Running');
  if (flags.has('s')) listed = listed.filter((job) => jobState(job) === 'Stopped');
  yield* shell.process.print(
    listed
      .map((job) => (flags.has('p') ? `${job.processes[0]?.vpid ?? ''}\n` : jobLine(shell, job, flags.has('l'))))
      .join(''),
  );
  for (const job of listed) {
    job.reported = jobState(job);
    if (job.reported === 'Done') forgetJob(shell, job);
  }
  return 0;
}

function noJobControl(shell: Shell): boolean {
  return !shell.options.has('monitor');
}

function* fg(shell: Shell, args: readonly string[]): Run {
  if (noJobControl(shell)) {
    yield* shell.printError('fg: no job control');
    return 1;
  }
  const job = yield* findJob(shell, 'fg', args[0]);
  if (job === undefined) return 1;
  yield* shell.process.print(`${job.text}\n`);
  job.background = false;
  continueJob(job);
  shell.jobs.touch(job);
  try {
    const statuses = yield* waitForeground(shell, job.processes, job.text);
    return statuses.at(-1) ?? 0;
  } finally {
    // Its end was seen in the foreground: it is not reported again, also when Ctrl-C was its end.
    if (jobState(job) === 'Done') shell.jobs.remove(job);
  }
}

function continueJob(job: Job): void {
  job.reported = 'Running';
  for (const process of job.processes) process.kill('CONT');
}

function* bg(shell: Shell, args: readonly string[]): Run {
  if (noJobControl(shell)) {
    yield* shell.printError('bg: no job control');
    return 1;
  }
  for (const spec of args.length > 0 ? args : [undefined]) {
    const job = yield* findJob(shell, 'bg', spec);
    if (job === undefined) return 1;
    if (jobState(job) === 'Running') {
      yield* shell.printError(`bg: job ${job.number} already in background`);
      continue;
    }
    job.background = true;
    yield* shell.process.print(`[${job.number}]${shell.jobs.mark(job)} ${job.text} &\n`);
    continueJob(job);
  }
  return 0;
}

/** Waits until `done`; false when a trapped signal came first, which `wait` reports as 128 and its number. */
function* until(shell: Shell, done: () => boolean): Generator<Wait, boolean, void> {
  return yield* shell.process.waitFor(() => done() || shell.interrupted, [shell.process.childChanged]);
}

function* wait(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'wait', WAIT_USAGE, 'fnp:', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  if (flags.has('n')) return yield* waitForAny(shell, flags.get('p'));
  if (operands.length === 0) return yield* waitForAll(shell);
  let status = 0;
  for (const spec of operands) status = yield* waitForOne(shell, spec);
  return status;
}

function* waitForAll(shell: Shell): Run {
  const running = shell.jobs.own();
  const ended = yield* until(shell, () => running.every((job) => jobState(job) !== 'Running'));
  if (!ended) return interruptedStatus(shell);
  for (const job of running) if (jobState(job) === 'Done' && !shell.interactive) forgetJob(shell, job);
  return 0;
}

const interruptedStatus = (shell: Shell): number => {
  const signal = shell.pendingTraps[0];
  return signal === undefined ? 130 : 128 + SIGNALS.indexOf(signal) + 1;
};

function* waitForOne(shell: Shell, spec: string): Run {
  if (/^\d+$/.test(spec)) {
    const pid = Number(spec);
    const known = shell.jobs.finished.get(pid);
    const process =
      shell.jobs.byPid(pid)?.processes.find((one) => one.vpid === pid) ?? shell.strays.find((one) => one.vpid === pid);
    if (process === undefined && known !== undefined) return known;
    if (process === undefined) {
      yield* shell.printError(`wait: pid ${pid} is not a child of this shell`);
      return 127;
    }
    return yield* waitForProcess(shell, process);
  }
  if (!spec.startsWith('%')) {
    yield* shell.printError(`wait: \`${spec}': not a pid or valid job spec`);
    return 1;
  }
  const job = yield* findJob(shell, 'wait', spec);
  if (job === undefined) return 127;
  const last = job.processes.at(-1);
  return last === undefined ? 0 : yield* waitForProcess(shell, last);
}

function* waitForProcess(shell: Shell, process: Process): Run {
  if (!(yield* until(shell, () => process.exitStatus !== undefined || process.state === 'stopped')))
    return interruptedStatus(shell);
  const job = shell.jobs.byPid(process.vpid);
  if (job !== undefined && jobState(job) === 'Done' && !shell.interactive) forgetJob(shell, job);
  return process.exitStatus ?? 148;
}

function* waitForAny(shell: Shell, variable: string | undefined): Run {
  const running = shell.jobs.own();
  if (running.length === 0) return 127;
  const done = () => running.find((job) => jobState(job) === 'Done');
  if (!(yield* until(shell, () => done() !== undefined))) return interruptedStatus(shell);
  const job = done() as Job;
  if (variable !== undefined) shell.variables.set(variable, String(job.processes.at(-1)?.vpid ?? ''));
  const status = jobStatus(job);
  forgetJob(shell, job);
  return status;
}

/** `kill -l` in five columns, as bash prints it. */
function signalTable(): string {
  const names: [number, string][] = SIGNALS.map((name, i) => [i + 1, `SIG${name}`]);
  for (let i = 0; i <= 15; i++) names.push([34 + i, i === 0 ? 'SIGRTMIN' : `SIGRTMIN+${i}`]);
  for (let i = 14; i >= 0; i--) names.push([64 - i, i === 0 ? 'SIGRTMAX' : `SIGRTMAX-${i}`]);
  return names
    .map(
      ([number, name], i) =>
        `${String(number).padStart(2)}) ${name}${i % 5 === 4 ? '\n' : i === names.length - 1 ? '\n' : '\t'}`,
    )
    .join('');
}

function* listSignals(shell: Shell, operands: readonly string[]): Run {
  if (operands.length === 0) {
    yield* shell.process.print(signalTable());
    return 0;
  }
  let status = 0;
  for (const operand of operands) {
    const number = Number(operand);
    const signal = parseSignal(/^\d+$/.test(operand) ? String(number > 128 ? number - 128 : number) : operand);
    if (signal === undefined) {
      yield* shell.printError(`kill: ${operand}: invalid signal specification`);
      status = 1;
    } else yield* shell.process.print(/^\d+$/.test(operand) ? `${signal}\n` : `${SIGNALS.indexOf(signal) + 1}\n`);
  }
  return status;
}

function* kill(shell: Shell, args: readonly string[]): Run {
  if (args.length === 0) {
    yield* shell.process.printError(`kill: usage: ${KILL_USAGE}\n`);
    return 2;
  }
  const [first = ''] = args;
  if (first === '-l' || first === '-L') return yield* listSignals(shell, args.slice(1));
  let rest = args;
  let name = 'TERM';
  if (first === '-s' || first === '-n') {
    name = args[1] ?? '';
    rest = args.slice(2);
  } else if (/^-[A-Za-z0-9]/.test(first)) {
    name = first.slice(1);
    rest = args.slice(1);
  }
  if (rest[0] === '--') rest = rest.slice(1);
  const signal = name === '0' ? 'none' : parseSignal(name);
  if (signal === undefined) {
    yield* shell.printError(`kill: ${name}: invalid signal specification`);
    return 1;
  }
  if (rest.length === 0) {
    yield* shell.process.printError(`kill: usage: ${KILL_USAGE}\n`);
    return 2;
  }
  let status = 0;
  for (const target of rest) if (!(yield* killOne(shell, target, signal))) status = 1;
  yield {};
  return status;
}

function* killOne(shell: Shell, target: string, signal: Signal | 'none'): Generator<Wait, boolean, void> {
  if (target.startsWith('%')) {
    const job = yield* findJob(shell, 'kill', target);
    for (const process of job?.processes ?? []) deliver(process, signal);
    return job !== undefined;
  }
  if (!/^-?\d+$/.test(target)) {
    yield* shell.printError(`kill: ${target}: arguments must be process or job IDs`);
    return false;
  }
  const found = processesOf(shell, Number(target));
  if (found.length === 0) {
    yield* shell.printError(`kill: (${target}) - ${strerror('ESRCH')}`);
    return false;
  }
  for (const process of found) deliver(process, signal);
  return true;
}

/** A positive number is a process, a negative one a process group, 0 the shell's own group. */
function processesOf(shell: Shell, target: number): Process[] {
  const all = [...shell.process.machine.processes.values()];
  if (target > 0) return all.filter((process) => pidIn(process, shell.process) === target);
  if (target === -1) return all.filter((process) => process.pid !== 1 && process !== shell.process);
  return all.filter((process) => process.pgid === (target === 0 ? shell.process.pgid : -target));
}

/** A stopped process that is told to end does so at once: bash continues it. */
function deliver(process: Process, signal: Signal | 'none'): void {
  if (signal === 'none') return;
  const wasStopped = process.state === 'stopped';
  process.kill(signal);
  if (wasStopped && (signal === 'TERM' || signal === 'HUP')) process.kill('CONT');
}

function* disown(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'disown', 'disown [-h] [-ar] [jobspec ... | pid ...]', 'har', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  const chosen: Job[] = flags.has('a') ? shell.jobs.list() : [];
  for (const spec of flags.has('a') ? [] : operands.length > 0 ? operands : [undefined]) {
    const job =
      spec !== undefined && /^\d+$/.test(spec) ? shell.jobs.byPid(Number(spec)) : yield* findJob(shell, 'disown', spec);
    if (job === undefined) return 1;
    chosen.push(job);
  }
  for (const job of chosen) {
    if (flags.has('h')) continue;
    shell.strays.push(...job.processes);
    shell.jobs.remove(job);
  }
  return 0;
}

export const jobBuiltins: Builtins = {
  jobs: { usage: JOBS_USAGE, run: jobs },
  fg: { usage: 'fg [job_spec]', run: fg },
  bg: { usage: 'bg [job_spec ...]', run: bg },
  wait: { usage: WAIT_USAGE, run: wait },
  kill: { usage: KILL_USAGE, run: kill },
  disown: { usage: 'disown [-h] [-ar] [jobspec ... | pid ...]', run: disown },
};
