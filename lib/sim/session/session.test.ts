import { beforeAll, describe, expect, it, vi } from 'vitest';
import { SECOND } from '../base/index.ts';
import { TestScreen } from '../testing/screen.ts';
import type { Budgets } from './budgets.ts';
import { loadCommands } from './catalogue.ts';
import type { LogEntry } from './log.ts';
import { Session, type SessionEvent } from './session.ts';

type Options = { setup?: string; log?: readonly LogEntry[]; seed?: number; budgets?: Partial<Budgets> };

function open({ setup, log, seed = 1, budgets = {} }: Options = {}, kind: typeof Session = Session) {
  const screens = new Map<number, TestScreen>();
  const written = new Map<number, string[]>();
  const entries: LogEntry[] = [...(log ?? [])];
  const events: SessionEvent[] = [];
  const session = kind.open({
    world: 'host',
    seed,
    columns: 80,
    rows: 24,
    budgets,
    ...(setup !== undefined && { setup }),
    ...(log !== undefined && { log }),
    output: (tty, text) => void written.set(tty, [...(written.get(tty) ?? []), text]),
    tell: (event) => {
      if (event.kind === 'entry') entries.push(event.entry);
      else events.push(event);
    },
  });
  session.world.home.machine.onBug = (error) => {
    throw error;
  };
  const bench = {
    session,
    entries,
    events,
    /** Runs so many virtual seconds. */
    wait(seconds: number) {
      while (session.advance(0, 10_000).phase !== 'live');
      const end = session.now + seconds * SECOND;
      for (let turn = 0; turn < 100_000; turn++) {
        const { busy, now } = session.advance(Math.min(end, session.now + TURN), 10_000);
        if (!busy && now >= end) return;
      }
      throw new Error('it does not come to rest');
    },
    type(keys: string, tty = 0) {
      session.type(tty, keys);
      bench.wait(0.05);
    },
    async lines(tty = 0) {
      const screen = screens.get(tty) ?? new TestScreen(80, 24);
      screens.set(tty, screen);
      await screen.write((written.get(tty) ?? []).join(''));
      written.delete(tty);
      return screen.lines;
    },
    async last(tty = 0) {
      return (await bench.lines(tty)).slice(-2);
    },
  };
  return bench;
}

/** Virtual time between two looks at the terminals, as a caller that paces has. */
const TURN = 10_000;
const PROMPT = 'root@host:~#';

describe('a session', () => {
  beforeAll(loadCommands);

  it('opens with a prompt', async () => {
    const s = open();
    s.wait(0.1);
    expect(await s.lines()).toEqual([PROMPT]);
    expect(s.events.map(({ kind }) => kind)).toEqual(['opened', 'ready']);
  });

  it('runs commands', async () => {
    const s = open();
    s.wait(0.1);
    s.type('echo hello | tr a-z A-Z\r');
    expect(await s.lines()).toEqual([`${PROMPT} echo hello | tr a-z A-Z`, 'HELLO', PROMPT]);
  });

  it('asks for the rest of a command, and runs several one after another', async () => {
    const s = open();
    s.wait(0.1);
    s.type('for i in 1 2; do\recho $i\rdone\r');
    expect(await s.lines()).toEqual([`${PROMPT} for i in 1 2; do`, '> echo $i', '> done', '1', '2', PROMPT]);
    s.session.run(0, 'cat <<EOF\na\nb\nEOF\necho end');
    s.wait(0.1);
    const shown = [`${PROMPT} cat <<EOF`, '> a', '> b', '> EOF', 'a', 'b', `${PROMPT} echo end`, 'end', PROMPT];
    expect((await s.lines()).slice(-shown.length)).toEqual(shown);
  });

  it('has several shells on one machine', async () => {
    const s = open();
    s.wait(0.1);
    s.session.openTty(1);
    s.wait(0.1);
    s.type('echo from one > note\r', 0);
    s.type('cat note\r', 1);
    expect((await s.lines(1)).slice(1)).toEqual(['from one', PROMPT]);
    s.session.closeTty(1);
    s.wait(0.1);
    s.type('echo still here\r', 0);
    expect(await s.last()).toEqual(['still here', PROMPT]);
  });

  it('gives a tab whose shell ended a new one', async () => {
    const s = open();
    s.wait(0.1);
    s.type('cd /tmp\r\u0004');
    expect(s.events.at(-1)).toEqual({ kind: 'ended', tty: 0 });
    s.session.openTty(0);
    s.wait(0.1);
    s.type('pwd\r');
    expect(await s.last()).toEqual(['/root', PROMPT]);
  });

  it('runs a setup script before the first prompt, unseen', async () => {
    const s = open({ setup: 'echo noise; sleep 2; echo ready > /root/state' });
    s.wait(0.1);
    expect(await s.lines()).toEqual([PROMPT]);
    s.type('cat state\r');
    expect(await s.last()).toEqual(['ready', PROMPT]);
  });

  it('tells of a setup script that failed or does not end', () => {
    const failed = open({ setup: 'echo why >&2; exit 3' });
    failed.wait(0.1);
    expect(failed.events).toContainEqual({ kind: 'setup-failed', status: 3, output: 'why\n' });
    const endless = open({ setup: 'sleep 100000' });
    endless.wait(0.1);
    expect(endless.events).toContainEqual({ kind: 'setup-failed', status: 'unfinished', output: '' });
    expect(endless.events.at(-1)?.kind).toBe('ready');
  });

  it('stops an endless loop with Ctrl-C while its caller keeps the thread', async () => {
    const s = open();
    s.wait(0.1);
    s.session.type(0, 'while :; do :; done\r');
    for (let turn = 0; turn < 5; turn++) expect(s.session.advance(s.session.now + SECOND, 5_000).busy).toBe(true);
    s.type('\u0003');
    s.type('echo alive\r');
    expect(await s.last()).toEqual(['alive', PROMPT]);
  });

  it('ends by itself what never ends, and says so', async () => {
    const s = open({ budgets: { eventsWithoutInput: 50_000 } });
    s.wait(0.1);
    s.session.type(0, 'while :; do :; done\r');
    s.wait(2);
    expect((await s.lines()).join('\n')).toContain('hopwise: stopped, because it ran for very long without waiting');
    s.type('echo alive\r');
    expect(await s.last()).toEqual(['alive', PROMPT]);
  }, 60_000);

  it('kills what does not even mind the interrupt', async () => {
    const s = open({ budgets: { eventsWithoutInput: 20_000, eventsAfterInterrupt: 20_000 } });
    s.wait(0.1);
    s.session.type(0, "trap '' INT; while :; do :; done\r");
    s.wait(2);
    expect(s.events.at(-1)).toEqual({ kind: 'ended', tty: 0 });
  });

  it('bounds what a command prints', async () => {
    const s = open({ budgets: { charactersWithoutInput: 500_000 } });
    s.wait(0.1);
    s.session.type(0, 'yes a long line that goes on and on\r');
    s.wait(2);
    expect((await s.lines()).join('\n')).toContain('hopwise: stopped, because it printed more than 0.5 MB');
    s.type('echo alive\r');
    expect(await s.last()).toEqual(['alive', PROMPT]);
  });

  it('takes 1 MB of keys, and binary, without harm', async () => {
    const s = open();
    s.wait(0.1);
    s.type(`\u001b[200~${'x'.repeat(1_000_000)}\u001b[201~`);
    expect((await s.lines()).join('\n')).toContain('These 1000000 characters are too many for a command line');
    s.type('echo still; sleep 1\r');
    s.type(`\u001b[200~${'x'.repeat(1_000_000)}\u001b[201~`);
    s.wait(2);
    expect(await s.last()).toEqual(['still', PROMPT]);
    const binary = Array.from({ length: 20_000 }, (_, i) => String.fromCharCode((i * 7919) % 65_536)).join('');
    s.type(`\u001b[200~${binary}\u001b[201~`);
    s.type('\u0003\recho alive\r');
    s.wait(1);
    expect((await s.lines()).join('\n')).toContain('\nalive\n');
  });

  it('reads a file out, and lists what may be wanted', () => {
    const s = open();
    s.wait(0.1);
    s.type('printf abc > x.pcap; mkdir -p /tmp/d; echo 1 > /tmp/d/y\r');
    s.wait(1);
    expect(s.session.files()).toEqual([
      { path: '/root/x.pcap', size: 3 },
      { path: '/tmp/d/y', size: 2 },
    ]);
    expect(new TextDecoder().decode(s.session.readFile('/root/x.pcap'))).toBe('abc');
    expect(s.session.readFile('/nowhere')).toBeUndefined();
  });
});

describe('a replay', () => {
  beforeAll(loadCommands);

  /** A bit of everything that can be done. */
  function workOn(s: ReturnType<typeof open>) {
    s.wait(0.1);
    s.type('ip link add v0 type veth peer name v1\r');
    s.type('ip add\t');
    s.wait(3);
    s.type('\u0003');
    s.session.openTty(1);
    s.wait(1);
    s.type('ip addr add 10.0.0.1/24 dev lo; ping -c 2 10.0.0.1\r', 1);
    s.wait(5);
    s.type('cat\r', 0);
    s.type('typed in\r\u0004', 0);
    s.session.resize(0, 60, 20);
    s.type('sleep 20\r', 0);
    s.wait(2);
    s.type('\u0003', 0);
    s.type('(sleep 3; echo late) &\r', 0);
    s.wait(1);
    s.type('echo $RANDOM $RANDOM; cat /proc/uptime\r', 0);
    s.wait(6);
    s.session.tick();
  }

  it('gives the same world and the same screens', async () => {
    const live = open({ setup: 'ip link add br0 type bridge' });
    workOn(live);
    const again = open({ setup: 'ip link add br0 type bridge', log: live.entries });
    again.wait(0);
    expect(again.events.map(({ kind }) => kind)).not.toContain('diverged');
    expect(again.session.now).toBe(live.session.now);
    expect(again.session.traceHash).toBe(live.session.traceHash);
    expect(await again.lines(0)).toEqual(await live.lines(0));
    expect(await again.lines(1)).toEqual(await live.lines(1));
    expect(again.entries).toEqual(live.entries);
  });

  it('goes on from there as the first would have', async () => {
    const live = open();
    workOn(live);
    const again = open({ log: live.entries });
    again.wait(0);
    for (const s of [live, again]) s.type('echo $RANDOM; cat /proc/uptime\r', 0);
    expect((await again.lines(0)).slice(-4)).toEqual((await live.lines(0)).slice(-4));
    expect(again.session.traceHash).toBe(live.session.traceHash);
  });

  it('does not depend on how the caller slices time', () => {
    const hash = (budget: number) => {
      const s = open();
      s.wait(0.1);
      s.session.type(0, 'ping -c 3 127.0.0.1 & for i in 1 2 3; do sleep 0.3; done; wait\r');
      const until = s.session.now + 5 * SECOND;
      while (s.session.advance(until, budget).busy);
      return `${s.session.traceHash} ${s.session.now}`;
    };
    expect(hash(7)).toBe(hash(10_000));
  });

  it('is quick, however long the day was', () => {
    const live = open();
    live.wait(0.1);
    for (let i = 0; i < 60; i++) {
      live.type('ping -c 3 127.0.0.1\r');
      live.wait(60);
    }
    const before = performance.now();
    const again = open({ log: live.entries });
    again.wait(0);
    expect(again.session.traceHash).toBe(live.session.traceHash);
    expect(performance.now() - before).toBeLessThan(15_000);
  }, 60_000);

  it('tells when the world was another, and goes on', async () => {
    const live = open();
    workOn(live);
    const again = open({ log: live.entries, seed: 2 });
    again.wait(0);
    expect(again.events.filter(({ kind }) => kind === 'diverged')).toHaveLength(1);
    again.type('echo alive\r');
    expect(await again.lines()).toContain('alive');
  });

  it('waits for the prompt where a command takes longer than it did', async () => {
    const live = open();
    live.wait(0.1);
    live.type('sleep 1\r');
    live.wait(2);
    live.type('echo after\r');
    const log = live.entries.map((entry) => (entry.data === 'sleep 1' ? { ...entry, data: 'sleep 9' } : entry));
    const again = open({ log });
    again.wait(0.1);
    expect((await again.lines()).slice(-3)).toEqual([`${PROMPT} echo after`, 'after', PROMPT]);
  });

  it('does not believe what it is given', () => {
    const nonsense = [
      null,
      7,
      { at: -1 },
      { at: 1, tty: 99, kind: 'line', data: '' },
      { at: 5, tty: 3, kind: 'line', data: 'x' },
      { at: 6, tty: 0, kind: 'resize', data: 'axb' },
    ];
    const s = open({ log: nonsense as unknown as LogEntry[] });
    s.wait(0.1);
    expect(s.events.map(({ kind }) => kind)).toContain('diverged');
    expect(s.events.at(-1)?.kind).toBe('ready');
  });
});

describe('programs that load when they are used', () => {
  it('come to the same as programs that are there', async () => {
    const work = async (s: ReturnType<typeof open>, settled: () => Promise<unknown>) => {
      s.wait(0.1);
      s.session.type(0, 'echo b > f; (sleep 0.001; echo late) & cat f | tr a-z A-Z\rip -br link\r');
      for (let i = 0; i < 200; i++) {
        const { loading } = s.session.advance(5 * SECOND, 10_000);
        if (loading) await settled();
      }
      return `${await s.lines()} ${s.session.traceHash} ${JSON.stringify(s.entries)}`;
    };
    vi.resetModules();
    const fresh = (await import('./session.ts')).Session;
    let waited = 0;
    const first = await work(open({}, fresh), () => {
      waited++;
      return new Promise((resolve) => setTimeout(resolve, 5));
    });
    expect(waited).toBeGreaterThan(0);
    await loadCommands();
    expect(await work(open(), () => Promise.reject(new Error('nothing is left to load')))).toBe(first);
  });
});
