import { beforeEach, describe, expect, it } from 'vitest';
import { EventQueue, Random, SECOND } from '../base/index.ts';
import { createMachine, type Process, type PromptState, type Wait } from '../os/index.ts';
import { TestScreen } from '../testing/screen.ts';
import type { LogEntry } from './log.ts';
import { TerminalLine } from './terminal-line.ts';

/** A shell of four words, so that these tests are about the terminal alone: say, nap, copy (of its input), spin. */
function* toyShell(shell: Process): Generator<Wait, number, void> {
  const history: string[] = [];
  const tty = shell.tty;
  if (tty === undefined) return 1;
  let interrupted = false;
  shell.onSignal('INT', () => {
    interrupted = true;
  });
  tty.foreground = shell.pgid;
  for (;;) {
    const complete: PromptState['complete'] = (_, cursor) => ({
      from: 0,
      to: cursor,
      candidates: ['say', 'spin'],
      suffix: ' ',
    });
    tty.prompt = { text: '$ ', continuation: false, history, complete };
    interrupted = false;
    const line = yield* shell.readLine(0);
    tty.prompt = undefined;
    if (line === undefined) {
      if (interrupted) continue;
      return 0;
    }
    history.push(line);
    const [word, ...rest] = line.split(' ');
    if (word === 'say') yield* shell.print(`${rest.join(' ')}\n`);
    if (word === 'nap') yield* shell.sleep(Number(rest[0]) * SECOND);
    if (word === 'copy') {
      for (let read = yield* shell.readLine(0); read !== undefined; read = yield* shell.readLine(0))
        yield* shell.print(`<${read}>\n`);
    }
    if (word === 'spin') while (!interrupted) yield {};
    if (word === 'later') shell.spawn(tell, { argv: ['tell'], fork: true });
  }
}

function* tell(process: Process): Generator<Wait, number, void> {
  yield* process.sleep(2 * SECOND);
  yield* process.print('from the background\n');
  return 0;
}

function bench() {
  const events = new EventQueue();
  const machine = createMachine({ name: 'host', hostname: 'host', events, random: new Random(1), epoch: 0 });
  const screen = new TestScreen(40, 10);
  const log: LogEntry[] = [];
  const output: string[] = [];
  const tty = machine.openTty({ columns: 40, rows: 10, output: (data) => line.print(data) });
  const shell = machine.start(toyShell, { argv: ['toy'], tty, fds: new Map([0, 1, 2].map((fd) => [fd, tty])) });
  const line: TerminalLine = new TerminalLine({
    tty,
    shell,
    emit: (text) => output.push(text),
    record: (kind, data) => log.push({ at: events.now, tty: 0, kind, data }),
  });
  const run = (until: number) => {
    while (events.runNext(until)) if (events.nextAt() !== events.now) line.settle();
    events.advanceTo(until);
    line.settle();
  };
  return {
    line,
    log,
    run,
    wait: (seconds: number) => run(events.now + seconds * SECOND),
    type(keys: string) {
      line.type(keys);
      run(events.now + 10_000);
    },
    async lines() {
      await screen.write(output.splice(0).join(''));
      return screen.lines;
    },
  };
}

describe('a terminal line', () => {
  let b: ReturnType<typeof bench>;
  beforeEach(() => {
    b = bench();
    b.wait(0.01);
  });

  it('edits at the prompt, runs the line, prompts again', async () => {
    b.type('say hxi\u001b[D\u007f\r');
    expect(b.log).toMatchObject([{ kind: 'line', data: 'say hi' }]);
    expect(await b.lines()).toEqual(['$ say hi', 'hi', '$']);
  });

  it('keeps keys typed ahead for the next prompt and shows them once', async () => {
    b.type('nap 2\r');
    b.type('say a\rsay b\rsay ');
    expect(await b.lines()).toEqual(['$ nap 2']);
    b.wait(3);
    expect(await b.lines()).toEqual(['$ nap 2', '$ say a', 'a', '$ say b', 'b', '$ say']);
  });

  it('gives lines to a program that reads, with echo, and ends its input with Ctrl-D', async () => {
    b.type('copy\r');
    b.type('one\rtwx\u007fo\r\u0004');
    b.type('say back\r');
    expect(await b.lines()).toEqual(['$ copy', 'one', '<one>', 'two', '<two>', '$ say back', 'back', '$']);
    expect(b.log.map(({ kind, data }) => `${kind} ${data}`.trim())).toEqual([
      'line copy',
      'input one',
      'input two',
      'eof',
      'line say back',
    ]);
  });

  it('interrupts an endless loop', async () => {
    b.type('spin\r');
    b.wait(1);
    b.type('\u0003');
    b.type('say alive\r');
    expect((await b.lines()).join('\n')).toContain('^C');
    expect((await b.lines()).slice(-2)).toEqual(['alive', '$']);
    expect(b.log[1]).toMatchObject({ kind: 'signal', data: 'INT' });
  });

  it('drops what was typed ahead at Ctrl-C', async () => {
    b.type('nap 9\r');
    b.type('say never\r\u0003');
    b.wait(10);
    expect((await b.lines()).join('\n')).not.toContain('never');
  });

  it('aborts a line with Ctrl-C and prompts anew, once', async () => {
    b.type('say so\u0003');
    b.wait(0.1);
    expect(await b.lines()).toEqual(['$ say so^C', '$']);
    expect(b.log).toMatchObject([{ kind: 'abort', data: 'say so' }]);
  });

  it('prints what comes from the background above the line being typed', async () => {
    b.type('later\r');
    b.type('say half');
    b.wait(3);
    b.type(' done\r');
    expect(await b.lines()).toEqual(['$ later', 'from the background', '$ say half done', 'half done', '$']);
  });

  it('ends with the shell', async () => {
    b.type('\u0004');
    b.wait(0.1);
    expect(b.line.ended).toBe(true);
    b.type('say nothing\r');
    expect(await b.lines()).toEqual(['$']);
  });

  it('runs a command in place of what is being typed', async () => {
    b.type('half a li');
    b.line.run('say whole\nsay a\tb\n');
    b.wait(0.1);
    expect(await b.lines()).toEqual(['$ say whole', 'whole', '$ say a b', 'a       b', '$']);
    expect(b.log).toMatchObject([
      { kind: 'line', data: 'say whole' },
      { kind: 'line', data: 'say a\tb' },
    ]);
  });

  it('survives 1 MB of keys and of binary', async () => {
    const binary = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    b.type('nap 1\r');
    b.type('x'.repeat(1_000_000));
    b.type(binary.repeat(4_000));
    b.wait(2);
    b.type('\u0003\u0003');
    b.type('say alive\r');
    expect((await b.lines()).join('\n')).toContain('alive');
  });

  it('does again what its log says, to the same screen', async () => {
    b.type('say one\r');
    b.type('s\tx\u0003');
    b.type('copy\r');
    b.type('in\r\u0004');
    b.type('nap 5\r');
    b.wait(1);
    b.type('\u0003');
    b.line.resize(30, 8);
    b.type('later\r');
    b.wait(5);
    b.type('say two\r');
    b.wait(1);
    const again = bench();
    for (const entry of b.log) {
      again.run(entry.at);
      again.line.replay(entry);
    }
    again.run((b.log.at(-1)?.at ?? 0) + 2 * SECOND);
    expect(await again.lines()).toEqual(await b.lines());
  });
});
