import { SECOND, strerror } from '../../base/index.ts';
import { isTty, type Process, strftime, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { captureProgram } from '../start-program.ts';

/** watch of procps 4.0: a screen that is written anew each round. */
export const watch: CommandSpec = {
  ...program('watch', 'execute a program periodically, showing output fullscreen', [
    option('-c --color', 'interpret ANSI color and style sequences'),
    option('-e --errexit', 'exit if command has a non-zero exit'),
    option('-g --chgexit', 'exit when output from command changes'),
    option('-n --interval', 'seconds to wait between updates', 'SECS'),
    option('-t --no-title', 'turn off header'),
    option('-x --exec', 'pass command to exec instead of "sh -c"'),
    missing('-b --beep', 'beep if command has a non-zero exit'),
    missing('-d --differences', 'highlight changes between updates', '[permanent]'),
    missing('-p --precise', 'attempt run command in precise intervals'),
    missing('-q --equexit', 'exit when output from command does not change', 'CYCLES'),
    missing('-w --no-wrap', 'turn off line wrapping'),
  ]),
  run,
};

const USAGE = 'Usage:\n watch [options] command';
const SHORTEST = 0.1;
const ENTER_SCREEN = '\x1b[?1049h';
const LEAVE_SCREEN = '\x1b[?1049l';

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, watch, { stopAtOperand: true, usage: USAGE });
  if (typeof parsed === 'number') return parsed;
  if (parsed.operands.length === 0) {
    yield* process.printError(`\n${USAGE}\n`);
    return 1;
  }
  const text = (parsed.value('-n') ?? '2').replace(',', '.');
  if (!/^\d*\.?\d+$/.test(text)) return yield* failure(process, 'watch', `failed to parse argument: '${text}'`);
  const terminal = process.fds.get(1);
  if (!isTty(terminal)) return yield* failure(process, 'watch', 'not simulated here: output that is no terminal', 64);
  let stopped = false;
  process.onSignal('INT', () => (stopped = true));
  yield* process.print(ENTER_SCREEN);
  try {
    return yield* rounds(process, parsed, Math.max(SHORTEST, Number(text)), () => stopped);
  } finally {
    terminal.write(new TextEncoder().encode(LEAVE_SCREEN));
  }
}

function* rounds(
  process: Process,
  parsed: Parsed,
  interval: number,
  stopped: () => boolean,
): Generator<Wait, number, void> {
  const argv = parsed.has('-x') ? parsed.operands : ['sh', '-c', parsed.operands.join(' ')];
  let before: string | undefined;
  while (!stopped()) {
    const result = yield* captureProgram(process, argv);
    if (!result.ok)
      return yield* failure(process, 'watch', `unable to execute '${argv[0]}': ${strerror(result.error.errno)}`);
    yield* process.print(screen(process, parsed, result.value.text, interval));
    if (parsed.has('-e') && result.value.status !== 0) return 8;
    if (parsed.has('-g') && before !== undefined && before !== result.value.text) return 0;
    before = result.value.text;
    if (!stopped()) yield* process.sleep(interval * SECOND);
  }
  return 0;
}

/** Header and as many lines as fit, each cut at the edge. */
function screen(process: Process, parsed: Parsed, text: string, interval: number): string {
  const terminal = process.fds.get(1);
  const [columns, rows] = isTty(terminal) ? [terminal.columns, terminal.rows] : [80, 24];
  const header = parsed.has('-t') ? [] : [title(process, parsed.operands.join(' '), interval, columns), ''];
  const lines = [...header, ...text.replace(/\n$/, '').split('\n')].slice(0, rows);
  return `\x1b[H\x1b[2J${lines.map((line) => (parsed.has('-c') ? line : line.slice(0, columns))).join('\n')}`;
}

function title(process: Process, command: string, interval: number, columns: number): string {
  const { machine } = process;
  const right = `${machine.hostname}: ${strftime('%a %b %e %H:%M:%S %Y', machine.epoch + machine.events.now)}`;
  const left = `Every ${interval.toFixed(1)}s: ${command}`;
  const room = columns - right.length - 1;
  return room < 10 ? right.slice(0, columns) : `${left.slice(0, room).padEnd(room)} ${right}`;
}
