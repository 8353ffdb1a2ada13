import { describe, expect, it } from 'vitest';
import { EventQueue, Random, SECOND } from '../base/index.ts';
import { call, createMachine, decodeText, encodeText, type Process, type Program, type Wait } from './index.ts';

function boot(limits = {}) {
  const events = new EventQueue();
  const bugs: unknown[] = [];
  const machine = createMachine({ name: 'host', hostname: 'host', events, random: new Random(1), epoch: 0, limits });
  machine.onBug = (error) => bugs.push(error);
  const run = (until = 60 * SECOND, steps = 200_000) => {
    let left = steps;
    while (left > 0 && events.runNext(until)) left--;
    expect(bugs).toEqual([]);
    return left > 0;
  };
  return { events, machine, run };
}

const program = (body: (process: Process) => Generator<Wait, number | void, void>): Program =>
  function* (process) {
    return (yield* body(process)) ?? 0;
  };

describe('processes', () => {
  it('stream through a pipe with back-pressure, and die of SIGPIPE when nobody reads', () => {
    const { machine, run } = boot();
    const { reader, writer } = machine.pipe();
    const yes = machine.start(
      program(function* (process) {
        for (;;) yield* process.write(1, 'y\n'.repeat(100));
      }),
      { argv: ['yes'], fds: new Map([[1, writer]]) },
    );
    let got = '';
    machine.start(
      program(function* (process) {
        got = `${yield* process.readLine(0)}${yield* process.readLine(0)}`;
      }),
      { argv: ['head'], fds: new Map([[0, reader]]) },
    );
    expect(run()).toBe(true);
    expect(got).toBe('yy');
    expect(yes.endedBy).toBe('PIPE');
    expect(yes.exitStatus).toBe(141);
    expect([...machine.processes.keys()]).toEqual([1]);
  });

  it('wait for children and keep zombies until then', () => {
    const { machine, run } = boot();
    const seen: unknown[] = [];
    machine.start(
      program(function* (process) {
        const child = process.spawn(
          program(function* (self) {
            yield* self.sleep(SECOND);
            return 3;
          }),
          { argv: ['child'] },
        );
        yield* process.sleep(2 * SECOND);
        seen.push(child.state, machine.processes.has(child.pid));
        seen.push(yield* process.wait(child), machine.processes.has(child.pid));
      }),
      { argv: ['parent'] },
    );
    run();
    expect(seen).toEqual(['zombie', true, 3, false]);
  });

  it('stop, continue and end by signals; handlers interrupt waits', () => {
    const { machine, run } = boot();
    const notes: string[] = [];
    const child = machine.start(
      program(function* (process) {
        process.onSignal('INT', () => notes.push('INT'));
        notes.push(String(yield* process.waitFor(() => false, [], 100 * SECOND)));
        yield* process.sleep(50 * SECOND);
        notes.push('slept');
      }),
      { argv: ['child'] },
    );
    machine.events.after(SECOND, () => child.kill('INT'));
    machine.events.after(2 * SECOND, () => child.kill('TSTP'));
    machine.events.after(3 * SECOND, () => notes.push(child.state));
    machine.events.after(4 * SECOND, () => child.kill('CONT'));
    machine.events.after(5 * SECOND, () => child.kill('TERM'));
    run();
    expect(notes).toEqual(['INT', 'false', 'stopped']);
    expect(child.exitStatus).toBe(143);
  });

  it('recurse deeper than the JavaScript stack', () => {
    const { machine, run } = boot();
    function* depth(n: number): Generator<Wait, number, void> {
      if (n % 1000 === 0) yield {};
      return n === 0 ? 0 : 1 + (yield* call(depth(n - 1)));
    }
    const process = machine.start(
      program(function* () {
        return (yield* depth(100_000)) === 100_000 ? 7 : 1;
      }),
      { argv: ['deep'] },
    );
    run();
    expect(process.exitStatus).toBe(7);
  });

  it('run out at the limit, and the machine lives on', () => {
    const { machine, run } = boot({ processes: 20 });
    const forever: Program = function* () {
      for (;;) yield { queues: [] };
    };
    const bomb = machine.start(
      program(function* (process) {
        for (;;) {
          process.spawn(forever, { argv: ['x'] });
          yield {};
        }
      }),
      { argv: ['bomb'] },
    );
    run();
    expect(bomb.exitStatus).toBe(254);
    expect(machine.processes.size).toBe(19);
  });
});

describe('files', () => {
  it('have Linux errors', () => {
    const { machine } = boot();
    const { fs } = machine;
    expect(fs.readFile('/nosuch')).toMatchObject({ error: { errno: 'ENOENT' } });
    expect(fs.mkdir('/etc')).toMatchObject({ error: { errno: 'EEXIST' } });
    expect(fs.rmdir('/etc')).toMatchObject({ error: { errno: 'ENOTEMPTY' } });
    expect(fs.stat('/etc/passwd/x')).toMatchObject({ error: { errno: 'ENOTDIR' } });
    fs.symlink('b', '/tmp/a');
    fs.symlink('a', '/tmp/b');
    expect(fs.stat('/tmp/a')).toMatchObject({ error: { errno: 'ELOOP' } });
    expect(fs.realpath('/bin/../../etc/./hosts')).toEqual({ ok: true, value: '/etc/hosts' });
    expect(fs.rename('/usr', '/usr/lib/x')).toMatchObject({ error: { errno: 'EINVAL' } });
  });

  it('fill the disk to its limit and no further', () => {
    const { machine } = boot({ totalFileBytes: 20_000, fileBytes: 8_000 });
    const used = machine.fs.usedBytes;
    expect(machine.fs.writeFile('/tmp/x', 'x'.repeat(8_001))).toMatchObject({ error: { errno: 'ENOSPC' } });
    expect(machine.fs.stat('/tmp/x')).toMatchObject({ value: { size: 8_000 } });
    machine.fs.unlink('/tmp/x');
    expect(machine.fs.usedBytes).toBe(used);
  });

  it('show processes in /proc', () => {
    const { machine, run } = boot();
    let link = '';
    machine.start(
      program(function* (process) {
        const self = machine.fs.readlink('/proc/self/ns/net', process);
        link = self.ok ? self.value : self.error.errno;
        yield {};
      }),
      { argv: ['x'], netns: 4_026_531_840 },
    );
    run();
    expect(link).toBe('net:[4026531840]');
    expect(machine.fs.readFile('/proc/1/comm')).toEqual({ ok: true, value: encodeText('systemd\n') });
  });
});

describe('text', () => {
  it('carries bytes that are no UTF-8 there and back', () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xc3, 0x80);
    expect(encodeText(decodeText(bytes))).toEqual(bytes);
  });
});
