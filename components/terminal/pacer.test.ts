import { describe, expect, it } from 'vitest';
import { PAUSE_AFTER_MS, type Paced, Pacer } from './pacer';

/** A machine on which something is due every `every` µs, costing one event each; 0: nothing ever is. */
function machine(every: number, liveAtOnce = true) {
  let live = liveAtOnce;
  const calls: number[] = [];
  let now = 0;
  const session: Paced = {
    advance(until, budget) {
      if (!live) return { now, phase: 'replay', busy: true, loading: false, nextAt: undefined };
      calls.push(until);
      const reached = every === 0 ? until : Math.min(until, now + budget * every);
      const busy = reached < until;
      now = Math.max(now, reached);
      return {
        now,
        phase: 'live',
        busy,
        loading: false,
        nextAt: every === 0 ? undefined : (Math.floor(now / every) + 1) * every,
      };
    },
  };
  return { session, calls, now: () => now, goLive: () => void (live = true) };
}

describe('the pacer', () => {
  it('moves virtual time with wall time', () => {
    const m = machine(1_000_000);
    const pacer = new Pacer(m.session, 0);
    pacer.turn(0);
    expect(pacer.turn(400)).toEqual({ after: 600 });
    expect(m.now()).toBe(400_000);
    pacer.turn(1_000);
    expect(m.now()).toBe(1_000_000);
  });

  it('waits for input when nothing is due, and then time has passed', () => {
    const m = machine(0);
    const pacer = new Pacer(m.session, 0);
    expect(pacer.turn(0)).toEqual({ after: 'input' });
    pacer.input(5_000);
    expect(m.now()).toBe(5_000_000);
  });

  it('slows down under work instead of piling it up', () => {
    const m = machine(1);
    const pacer = new Pacer(m.session, 0);
    pacer.turn(0);
    expect(pacer.turn(500)).toEqual({ after: 'now' });
    const before = m.now();
    pacer.turn(510);
    expect(m.calls.at(-1)).toBe(before + 10_000);
  });

  it('fits its turns to the speed of the machine', () => {
    const m = machine(1);
    const pacer = new Pacer(m.session, 0);
    pacer.turn(0);
    const eventsOfTurn = (wall: number, took: number) => {
      const before = m.now();
      pacer.turn(wall);
      pacer.took(took);
      return m.now() - before;
    };
    const first = eventsOfTurn(1_000, 5);
    expect(eventsOfTurn(2_000, 40)).toBe(2 * first);
    expect(eventsOfTurn(3_000, 10)).toBe(first / 2);
  });

  it('does not catch up with a night of sleep', () => {
    const working = machine(1_000_000);
    const pacer = new Pacer(working.session, 0);
    pacer.turn(0);
    pacer.turn(500_000);
    expect(working.now()).toBe(1_000_000);
  });

  it('stands still after ten minutes without a key, and goes on from there', () => {
    const m = machine(1_000_000);
    const pacer = new Pacer(m.session, 0);
    pacer.turn(0);
    expect(pacer.turn(PAUSE_AFTER_MS + 1)).toEqual({ after: 'input' });
    const before = m.now();
    pacer.input(PAUSE_AFTER_MS + 90_000);
    expect(m.now()).toBe(before);
    pacer.turn(PAUSE_AFTER_MS + 90_500);
    expect(m.now()).toBe(before + 500_000);
  });

  it('stands still, and looks again soon, while a program loads', () => {
    let now = 0;
    let loading = true;
    const session: Paced = {
      advance(until) {
        if (!loading) now = until;
        return { now, phase: 'live', busy: loading, loading, nextAt: undefined };
      },
    };
    const pacer = new Pacer(session, 0);
    pacer.turn(0);
    expect(pacer.turn(100)).toEqual({ after: 15 });
    loading = false;
    pacer.turn(115);
    expect(now).toBe(15_000);
  });

  it('lets a replay run in its own time and paces from its end', () => {
    const m = machine(1_000_000, false);
    const pacer = new Pacer(m.session, 0);
    expect(pacer.turn(0)).toEqual({ after: 'now' });
    expect(pacer.turn(3_000)).toEqual({ after: 'now' });
    m.goLive();
    pacer.turn(4_000);
    expect(m.now()).toBe(0);
    pacer.turn(4_100);
    expect(m.now()).toBe(100_000);
  });
});
