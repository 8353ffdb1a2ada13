import { describe, expect, it } from 'vitest';
import { EventQueue, Random, SECOND } from '../base/index.ts';
import { createMachine, decodeText, type Process, type Program, type Wait } from '../os/index.ts';
import { bash } from './index.ts';

const program = (body: (process: Process) => Generator<Wait, number | void, void>): Program =>
  function* (process) {
    return (yield* body(process)) ?? 0;
  };

/** A terminal with bash on it, and three commands: nap, copy (of its input) and fail. */
function terminal() {
  const events = new EventQueue();
  const machine = createMachine({ name: 'host', hostname: 'host', events, random: new Random(1), epoch: 0 });
  const bugs: unknown[] = [];
  machine.onBug = (error) => bugs.push(error);
  machine.fs.installProgram('/usr/bin/bash', bash);
  machine.fs.installProgram(
    '/usr/bin/nap',
    program((process) => process.sleep(Number(process.argv[1]) * SECOND)),
  );
  machine.fs.installProgram(
    '/usr/bin/copy',
    program(function* (process) {
      for (let line = yield* process.readLine(0); line !== undefined; line = yield* process.readLine(0))
        yield* process.print(`<${line}>\n`);
    }),
  );
  let screen = '';
  const tty = machine.openTty({
    columns: 80,
    rows: 24,
    output: (data) => (screen += decodeText(data).replaceAll('\r\n', '\n')),
  });
  tty.echo = false;
  const env = new Map([
    ['HOME', '/root'],
    ['PATH', '/usr/bin'],
  ]);
  const shell = machine.start(bash, {
    argv: ['bash'],
    cwd: '/root',
    tty,
    env,
    fds: new Map([0, 1, 2].map((fd) => [fd, tty])),
  });
  const run = (seconds = 1) => {
    const until = events.now + seconds * SECOND;
    for (let i = 0; i < 100_000 && events.runNext(until); i++);
    events.advanceTo(until);
    expect(bugs).toEqual([]);
    const shown = screen;
    screen = '';
    return shown;
  };
  run(0.1);
  return {
    tty,
    shell,
    run,
    type: (line: string, seconds?: number) => {
      tty.enter(line);
      return run(seconds);
    },
  };
}

describe('bash at a terminal', () => {
  it('says that it waits, with the prompt that PS1 makes', () => {
    const { tty, type } = terminal();
    expect(tty.prompt).toMatchObject({ text: 'root@host:~# ', continuation: false });
    type('cd /tmp; PS1="\\W \\$? "');
    expect(tty.prompt?.text).toBe('tmp 0 ');
  });

  it('asks for more while a command is not complete', () => {
    const { tty, type } = terminal();
    expect(type('for i in 1 2; do')).toBe('');
    expect(tty.prompt).toMatchObject({ text: '> ', continuation: true });
    type('echo $i');
    expect(type('done')).toBe('1\n2\n');
    expect(tty.prompt?.continuation).toBe(false);
    expect(tty.prompt?.history).toEqual(['for i in 1 2; do\necho $i\ndone']);
    type('cat <<EOF');
    expect(tty.prompt?.continuation).toBe(true);
  });

  it('runs a block that is entered as a whole, command by command', () => {
    const { type, run } = terminal();
    expect(type('echo a\nif true; then\n  echo b\nfi\nread x\nanswer\necho "got $x"') + run()).toBe(
      'a\nb\ngot answer\n',
    );
  });

  it('says what is wrong without line numbers, and goes on', () => {
    const { type } = terminal();
    expect(type('echo )')).toBe("bash: syntax error near unexpected token `)'\n");
    expect(type('nosuch; echo $?')).toBe('bash: nosuch: command not found\n127\n');
    expect(type('echo ${x:?is missing}; echo no')).toBe('bash: x: is missing\n');
    expect(type('echo $?')).toBe('1\n');
  });

  it('gives the terminal to the command in the foreground, and Ctrl-C ends it', () => {
    const { tty, shell, type, run } = terminal();
    type('nap 100', 2);
    expect(tty.prompt).toBeUndefined();
    expect(tty.foreground).not.toBe(shell.pgid);
    tty.interrupt('INT');
    expect(run()).toBe('\n');
    expect(tty.prompt).toBeDefined();
    expect(type('echo $?')).toBe('130\n');
    type('while :; do :; done', 0.2);
    tty.interrupt('INT');
    run();
    expect(type('echo $?')).toBe('130\n');
    type('for i in 1 2 3; do nap 5; done', 1);
    tty.interrupt('INT');
    expect(run(1)).toBe('\n');
    expect(tty.prompt).toBeDefined();
  });

  it('drops an unfinished command at Ctrl-C', () => {
    const { tty, type, run } = terminal();
    type('echo "abc');
    tty.interrupt('INT');
    run();
    expect(tty.prompt).toMatchObject({ continuation: false });
    expect(type('echo $?')).toBe('130\n');
  });

  it('lets a command read what is typed, until Ctrl-D', () => {
    const { tty, type, run } = terminal();
    type('copy');
    expect(tty.readable.isAwaited).toBe(true);
    expect(type('one')).toBe('<one>\n');
    tty.endOfFile();
    run();
    expect(tty.prompt).toBeDefined();
  });

  it('controls jobs', () => {
    const { tty, type, run } = terminal();
    expect(type('nap 3 &', 0.5)).toMatch(/^\[1\] \d+\n$/);
    expect(type('jobs', 0.5)).toBe('[1]+  Running                 nap 3 &\n');
    run(5);
    expect(type('echo next')).toBe('next\n[1]+  Done                    nap 3\n');
    type('nap 50', 1);
    tty.interrupt('TSTP');
    expect(run()).toBe('\n[1]+  Stopped                 nap 50\n');
    expect(type('echo $?')).toBe('148\n');
    expect(type('bg')).toBe('[1]+ nap 50 &\n');
    expect(type('jobs')).toBe('[1]+  Running                 nap 50 &\n');
    expect(type('fg', 1)).toBe('nap 50\n');
    expect(tty.prompt).toBeUndefined();
    tty.interrupt('INT');
    expect(run()).toBe('\n');
    expect(type('nap 60 & kill %1; nap 1', 3)).toMatch(/^\[1\] \d+\n\[1\]\+ {2}Terminated {14}nap 60\n$/);
  });

  it('stops a job in the background that reads from the terminal', () => {
    const { type } = terminal();
    type('copy &');
    expect(type('jobs')).toMatch(/Stopped.*copy/);
    expect(type('exit')).toContain('There are stopped jobs.');
  });

  it('expands the history', () => {
    const { type } = terminal();
    type('echo one two');
    expect(type('!!')).toBe('echo one two\none two\n');
    expect(type('echo !$')).toBe('echo two\ntwo\n');
    expect(type('^two^three')).toBe('echo three\nthree\n');
    expect(type('!nosuch')).toBe('bash: !nosuch: event not found\n');
    expect(type("echo '!!'")).toBe('!!\n');
    expect(type('history 2')).toMatch(/echo '!!'\n\s+\d+ {2}history 2\n$/);
  });

  it('completes commands, variables and files', () => {
    const { tty, type } = terminal();
    type('touch() { : > "$1"; }; touch "a file"; mkdirs=1; myvar=2');
    const complete = (line: string) => tty.prompt?.complete(line, line.length);
    expect(complete('na')).toMatchObject({ from: 0, candidates: ['nap'], suffix: ' ' });
    expect(complete('echo x | na')).toMatchObject({ from: 9, candidates: ['nap'] });
    expect(complete('copy a')).toMatchObject({ from: 5, candidates: ['a\\ file'] });
    expect(complete('cd /et')).toMatchObject({ candidates: ['/etc/'], suffix: '' });
    expect(complete('echo $my')).toMatchObject({ candidates: ['myvar'], from: 6 });
    expect(complete('copy "a')).toMatchObject({ candidates: ['"a file'] });
  });

  it('expands aliases', () => {
    const { type } = terminal();
    type("alias hi='echo hello'; alias ls='ls'");
    expect(type('hi there')).toBe('hello there\n');
    expect(type('unalias hi; hi')).toBe('hello\n');
    expect(type('hi')).toBe('bash: hi: command not found\n');
  });

  it('ends with exit and with Ctrl-D', () => {
    const first = terminal();
    expect(first.type('exit 3')).toBe('exit\n');
    expect(first.shell.exitStatus).toBe(3);
    const second = terminal();
    second.tty.endOfFile();
    expect(second.run()).toBe('exit\n');
    expect(second.shell.exitStatus).toBe(0);
  });

  it('goes when its terminal goes', () => {
    const { tty, shell, type, run } = terminal();
    type('nap 100 &');
    tty.hangUp();
    run();
    expect(shell.exitStatus).toBe(129);
    expect([...shell.machine.processes.keys()]).toEqual([1]);
  });
});
