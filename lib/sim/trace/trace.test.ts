import { describe, expect, it } from 'vitest';
import { EventQueue } from '../base/index.ts';
import { EVENT_CODE, RollingHash, Trace, type TraceEvent } from './index.ts';

describe('RollingHash', () => {
  const of = (...numbers: number[]): string => {
    const hash = new RollingHash();
    for (const number of numbers) hash.fold(number);
    return hash.digest();
  };

  it('is the same for the same numbers, on every machine', () => {
    expect(of(1, 2, 3)).toBe(of(1, 2, 3));
    expect(of()).toBe('ebb6c2285ee3341f');
    expect(of(1, 2, 3)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('tells order, number and single bits apart', () => {
    const seen = new Set([of(), of(0), of(0, 0), of(1, 2), of(2, 1), of(1), of(2), of(-1), of(0x8000_0000)]);
    expect(seen.size).toBe(9);
  });

  it('does not change by being read', () => {
    const hash = new RollingHash();
    hash.fold(7);
    hash.digest();
    hash.fold(8);
    expect(hash.digest()).toBe(of(7, 8));
  });
});

describe('Trace', () => {
  it('publishes to those who listen, while they do', () => {
    const trace = new Trace(new EventQueue());
    const heard: TraceEvent[] = [];
    const event = { type: 'local', at: 0, node: 'host', netns: 1, dev: 'lo', packet: {} } as TraceEvent;
    const stop = trace.subscribe((e) => heard.push(e));
    expect(trace.live).toBe(true);
    trace.publish(event);
    stop();
    expect(trace.live).toBe(false);
    expect(heard).toEqual([event]);
  });

  it('hashes whether or not anybody listens', () => {
    const [a, b] = [new Trace(new EventQueue()), new Trace(new EventQueue())];
    b.subscribe(() => {});
    for (const trace of [a, b]) trace.fold(EVENT_CODE.tx, 1, 2, 3, 4);
    expect(a.hash()).toBe(b.hash());
    expect(a.hash()).not.toBe(new Trace(new EventQueue()).hash());
  });
});
