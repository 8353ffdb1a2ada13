import { beforeAll, expect, test } from 'vitest';
import { SECOND } from '../base/index.ts';
import { loadCommands } from './catalogue.ts';
import type { LogEntry } from './log.ts';
import { Session } from './session.ts';
import { type Sinks, Standby } from './standby.ts';

const WORLD = { world: 'host', seed: 3, columns: 80, rows: 24 };

beforeAll(loadCommands);

/** A session that was typed into, with a standby that follows it. */
function typed(...commands: string[]) {
  const standby = new Standby(WORLD);
  const log: LogEntry[] = [];
  const hashes: string[] = [];
  const session = Session.open({
    ...WORLD,
    output: () => undefined,
    tell: (event) => {
      if (event.kind !== 'entry') return;
      log.push(event.entry);
      standby.follow(event.entry);
    },
  });
  const rest = (): void => {
    const end = session.now + 2 * SECOND;
    while (session.advance(end, 10_000).now < end);
  };
  rest();
  for (const command of commands) {
    hashes.push(session.traceHash);
    session.run(0, command);
    rest();
  }
  return { standby, hashes, log };
}

const NOWHERE: Sinks = { output: () => undefined, tell: () => undefined };

test('an undo gives the world as it was before the last command, and the one before that', () => {
  const { standby, hashes } = typed('ip link add a type dummy', 'ping -c 1 127.0.0.1', 'ping -c 2 127.0.0.1');
  for (const [left, hash] of [
    [2, hashes[2]],
    [1, hashes[1]],
  ] as const) {
    while (!standby.advance(1000));
    const undone = standby.undo(NOWHERE);
    expect(undone?.session.traceHash).toBe(hash);
    expect(undone?.log.filter(({ kind }) => kind === 'line')).toHaveLength(left);
  }
});

test('the session that is taken over shows what was there, goes on, and writes where it is told to', () => {
  const { standby } = typed('echo one', 'echo two');
  while (!standby.advance(1000));
  let written = '';
  const undone = standby.undo({ ...NOWHERE, output: (_, text) => void (written += text) });
  expect(undone?.screens.get(0)).toContain('one');
  expect(undone?.screens.get(0)).not.toContain('two');
  undone?.session.run(0, 'echo three');
  undone?.session.advance(undone.session.now + SECOND, 100_000);
  expect(written).toContain('three');
});

test('there is nothing to undo before the first command, or before the standby is there', () => {
  expect(new Standby(WORLD).undo(NOWHERE)).toBeUndefined();
  expect(typed('true', 'true').standby.undo(NOWHERE)).toBeUndefined();
});
