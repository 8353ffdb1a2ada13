import { describe, expect, it } from 'vitest';
import { ip, Lab } from '../../testing/index.ts';
import { jhash2 } from '../jhash.ts';
import { AddressSet, type ElementRequest, ipSet, ipSetsOf, SET_TYPES } from './index.ts';

function sets() {
  const lab = new Lab();
  lab.kernel.load(ipSet);
  const ns = lab.netns();
  const make = (name: string, type: string, more = {}) =>
    ipSetsOf(ns).create({
      name,
      type: SET_TYPES.find((one) => one.name === type) ?? never(type),
      family: 4,
      initval: 7,
      ...more,
    });
  return { lab, sets: ipSetsOf(ns), make };
}

const never = (what: string): never => {
  throw new Error(what);
};
const net = (text: string, prefix = 32, nomatch = false): ElementRequest => ({
  parts: [{ kind: 'net', ip: ip(text), prefix }],
  nomatch,
});

describe('sets', () => {
  it('look an address up in every prefix length, the longest first', () => {
    const { sets: all, make } = sets();
    make('s', 'hash:net');
    all.add('s', net('10.0.0.0', 8), false);
    all.add('s', net('10.1.0.0', 16, true), false);
    all.add('s', net('10.1.2.0', 24), false);
    const has = (text: string) => all.test('s', net(text)).ok && all.test('s', net(text));
    expect(has('10.9.9.9')).toEqual({ ok: true, value: true });
    expect(has('10.1.9.9')).toEqual({ ok: true, value: false });
    expect(has('10.1.2.9')).toEqual({ ok: true, value: true });
  });

  it('grow with their elements and keep them apart', () => {
    const { sets: all, make } = sets();
    make('s', 'hash:net', { hashsize: 64 });
    for (let i = 0; i < 2000; i++) all.add('s', net(`10.${i >> 8}.${i & 255}.0`, 24), false);
    expect(all.test('s', net('10.7.207.9'))).toEqual({ ok: true, value: true });
    expect(all.test('s', net('10.7.208.9'))).toEqual({ ok: true, value: false });
    expect(all.add('s', net('10.0.7.0', 24), false)).toEqual({ ok: false, error: 'EXIST' });
    const set = all.get('s')?.set;
    expect(set instanceof AddressSet && set.elements(all.now)).toHaveLength(2000);
  });

  it('forget what is past its time', () => {
    const { lab, sets: all, make } = sets();
    make('s', 'hash:ip', { timeout: 5 });
    all.add('s', net('10.0.0.1'), false);
    lab.run(4000);
    expect(all.test('s', net('10.0.0.1'))).toEqual({ ok: true, value: true });
    lab.run(2000);
    expect(all.test('s', net('10.0.0.1'))).toEqual({ ok: true, value: false });
    const set = all.get('s')?.set;
    expect(set instanceof AddressSet && set.elements(all.now)).toEqual([]);
  });

  it('are not destroyed while something refers to them, none of them', () => {
    const { sets: all, make } = sets();
    make('s', 'hash:ip');
    make('other', 'hash:ip');
    make('l', 'list:set');
    all.add('l', { name: 's' }, false);
    expect(all.destroy()).toEqual({ ok: false, error: 'BUSY' });
    expect(all.all()).toHaveLength(3);
    all.destroy('l');
    expect(all.destroy().ok).toBe(true);
  });
});

/** Values of the kernel's own jhash2 (lib/jhash test vectors of the same seed, taken by a set's order). */
describe('jhash2', () => {
  it('spreads words as the kernel does', () => {
    const order = [1, 2, 3, 4, 5, 6]
      .map((n) => ({ n, at: jhash2([(10 | (n << 24)) >>> 0], 0x12345678) & 1023 }))
      .sort((a, b) => a.at - b.at)
      .map(({ n }) => n);
    expect(order).toEqual([2, 4, 3, 6, 1, 5]);
  });
});
