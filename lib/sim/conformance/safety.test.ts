import { beforeAll, describe, expect, it } from 'vitest';
import { SECOND } from '../base/index.ts';
import { loadAll, programs } from '../commands/index.ts';
import { runScript } from './bench.ts';

beforeAll(async () => {
  await loadAll(programs);
});

const run = (script: string, events = 60_000, until = 3_600 * SECOND) => {
  const outcome = runScript(script, { events, until });
  expect(outcome.bugs).toEqual([]);
  // Generous, because other work shares the processor: what matters is that no single step runs away.
  expect(outcome.slowest).toBeLessThan(4_000);
  return outcome;
};

describe('whatever is typed', { timeout: 60_000 }, () => {
  it('a pipe ends what nobody reads any more', () => {
    expect(run('yes | head -2; echo ${PIPESTATUS[@]}')).toMatchObject({ status: 0, output: 'y\ny\n141 0\n' });
  });

  it('an endless loop gives the machine back, and a signal ends it', () => {
    const outcome = run('while :; do :; done', 5_000);
    expect(outcome.status).toBeUndefined();
    outcome.shell.kill('INT');
    for (let i = 0; i < 10; i++) outcome.world.events.runNext(Number.POSITIVE_INFINITY);
    expect(outcome.shell.exitStatus).toBe(130);
  });

  it('an endless loop does not keep others from running', () => {
    expect(run('while :; do :; done & sleep 0.5; echo awake; kill $!', 200_000).output).toContain('awake');
  });

  it('a fork bomb runs into the limit of processes and leaves the machine usable', () => {
    const outcome = run(':(){ :|:& };:', 20_000);
    const { machine } = outcome.world.home;
    for (let i = 0; i < 30_000 && outcome.world.events.runNext(60 * SECOND); i++);
    expect(machine.processes.size).toBeLessThanOrEqual(machine.limits.processes);
    expect(outcome.bugs).toEqual([]);
    expect(outcome.output).toContain('fork: retry: Resource temporarily unavailable');
  });

  it('a file stops at the largest size, a disk when it is full', () => {
    expect(run('cat /dev/zero > f; echo $?; stat -c %s f').output).toMatch(
      /File size limit exceeded.*\n153\n16777216\n$/s,
    );
    expect(run('for i in 1 2 3 4 5; do head -c 15000000 /dev/zero > f$i; done; echo x > g; echo $?').output).toMatch(
      /No space left on device\n1\n$/,
    );
  });

  it('recursion has a depth', () => {
    expect(run('f() { f; }; f').output).toContain('maximum function nesting level exceeded (1000)');
    expect(run('echo ". ./r.sh" > r.sh; . ./r.sh; echo $?').status).toBe(139);
    expect(run('f() { eval f; }; f').status).toBeGreaterThan(0);
    expect(run('x=x; echo $((x))').output).toContain('expression recursion level exceeded');
    expect(run('echo "$(printf "%0.s$(printf %0.sx {1..9})(" {1..3000})" > n.sh; bash n.sh; echo $?').output).toMatch(
      /2\n$/,
    );
  });

  it('memory has an end', () => {
    expect(run('x=a; while :; do x=$x$x; done')).toMatchObject({
      status: 2,
      output: expect.stringContaining('cannot allocate'),
    });
    expect(run('x=$(yes); echo no').output).toContain("exceeds this shell's limit");
    expect(run('echo {1..9999999} | wc -c').output).toBe('13\n');
    expect(run('ls $(seq 1 400000)').output).toContain('Argument list too long');
  });

  it('no pattern takes long, however it is made', () => {
    const text = 's=$(printf "%05000d" 0);';
    expect(run(`${text} [[ $s == *0*0*0*0*0*0*0*1 ]]; echo $?`).output).toBe('1\n');
    expect(run(`${text} echo "\${s//0*0*0*0*0*x/y}" | wc -c`).output).toBe('5001\n');
    expect(run(`${text} [[ $s =~ ^(0*)*x$ ]]; echo $?`).output).toBe('1\n');
    expect(run(`${text} echo $s | grep -E '(0+)+x'; echo $?`).output).toBe('1\n');
  });

  it('a background job does not outlive the shell that is killed for good', () => {
    const outcome = run('trap "" INT; sleep 100', 2_000, 2 * SECOND);
    outcome.shell.kill('INT');
    outcome.shell.kill('KILL');
    for (let i = 0; i < 50; i++) outcome.world.events.runNext(Number.POSITIVE_INFINITY);
    expect(outcome.shell.exitStatus).toBe(137);
  });
});
