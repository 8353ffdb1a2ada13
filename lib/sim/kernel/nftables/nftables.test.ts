import { describe, expect, it } from 'vitest';
import { ip, Lab } from '../../testing/index.ts';
import { addressValue, NftSet, type NftTable, NftTransaction, nftables, nftablesOf, type Statement } from './index.ts';

function lab() {
  const made = new Lab();
  made.kernel.load(nftables);
  const ns = made.netns();
  const nft = nftablesOf(ns);
  const transaction = new NftTransaction(nft);
  transaction.addTable('ip', 't', {}, false);
  const table = nft.get('ip', 't') as NftTable;
  return { lab: made, ns, nft, transaction, table };
}

const addr = (text: string) => addressValue(ip(text));
const field = (from: number | bigint, to = from) => ({ from, to });
const element = (...key: { from: number | bigint | string; to: number | bigint | string }[]) => ({
  key,
  data: undefined,
  timeout: undefined,
  expires: undefined,
  comment: undefined,
  each: [],
});
const emptySet = (table: NftTable, keyTypes: string[]) =>
  new NftSet(table, 1, {
    name: 's',
    anonymous: false,
    keyTypes,
    flags: new Set(['interval']),
    each: [],
    comment: undefined,
  });

describe('a transaction', () => {
  it('takes everything back, in the order in which it was', () => {
    const { nft, table } = lab();
    const first = new NftTransaction(nft);
    for (const name of ['a', 'b', 'c']) first.addChain(table, name, undefined, undefined, false);
    first.commit();
    const second = new NftTransaction(nft);
    const [, b] = [...table.chains.values()];
    if (b === undefined) throw new Error('no chain');
    second.deleteChain(b);
    second.addChain(table, 'd', undefined, undefined, false);
    second.rollback();
    expect([...table.chains.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('refuses ways through chains that have no end', () => {
    const { nft, table, transaction } = lab();
    transaction.addChain(
      table,
      'base',
      { type: 'filter', hook: 'input', priority: 0, policy: 'accept' },
      undefined,
      false,
    );
    transaction.addChain(table, 'loop', undefined, undefined, false);
    const [base, loop] = [...table.chains.values()];
    if (base === undefined || loop === undefined) throw new Error('no chains');
    const jump: Statement = { kind: 'verdict', verdict: { kind: 'jump', chain: loop } };
    for (const chain of [base, loop]) transaction.addRule(chain, { statements: [jump], comment: undefined }, 'end');
    expect(transaction.commit()).toEqual({ ok: false, error: { errno: 'EMLINK' } });
    expect(nft.all()).toEqual([]);
  });

  it('keeps chains that something leads to', () => {
    const { nft, table, transaction } = lab();
    for (const name of ['a', 'b']) transaction.addChain(table, name, undefined, undefined, false);
    const [a, b] = [...table.chains.values()];
    if (a === undefined || b === undefined) throw new Error('no chains');
    const goto: Statement = { kind: 'verdict', verdict: { kind: 'goto', chain: b } };
    transaction.addRule(a, { statements: [goto], comment: undefined }, 'end');
    transaction.commit();
    const later = new NftTransaction(nft);
    expect(later.deleteChain(b).ok).toBe(false);
    later.flushChain(a);
    expect(later.deleteChain(b).ok).toBe(true);
  });
});

describe('a set', () => {
  it('finds single values, intervals and concatenations with intervals', () => {
    const { table } = lab();
    const nets = emptySet(table, ['ipv4_addr']);
    nets.add(element(field(addr('10.0.0.0'), addr('10.255.255.255'))));
    nets.add(element(field(addr('192.0.2.1'))));
    expect(nets.lookup(addr('10.9.9.9'), 0)).toBeDefined();
    expect(nets.lookup(addr('192.0.2.1'), 0)).toBeDefined();
    expect(nets.lookup(addr('192.0.2.2'), 0)).toBeUndefined();
    const pairs = emptySet(table, ['ipv4_addr', 'inet_service']);
    pairs.add(element(field(addr('10.0.0.0'), addr('10.255.255.255')), field(80, 90)));
    pairs.add(element(field(addr('192.0.2.1')), field(1, 1023)));
    expect(pairs.lookup([addr('10.1.1.1'), 85], 0)).toBeDefined();
    expect(pairs.lookup([addr('10.1.1.1'), 91], 0)).toBeUndefined();
    expect(pairs.lookup([addr('192.0.2.1'), 1000], 0)).toBeDefined();
  });

  it('halves its way through intervals', () => {
    const { table } = lab();
    const set = emptySet(table, ['ipv4_addr']);
    const count = 4096;
    for (let i = 0; i < count; i++) set.add(element(field(i * 16, i * 16 + 7)));
    let asked = 0;
    const spy = Object.assign(() => 0, {
      valueOf: () => {
        asked++;
        return (count - 1) * 16 + 3;
      },
    });
    expect(set.lookup(spy as unknown as number, 0)).toBeDefined();
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(40);
  });

  it('forgets elements past their time', () => {
    const { table } = lab();
    const set = emptySet(table, ['ipv4_addr']);
    set.add({ ...element(field(addr('10.0.0.1'))), expires: 100 });
    expect(set.lookup(addr('10.0.0.1'), 99)).toBeDefined();
    expect(set.lookup(addr('10.0.0.1'), 100)).toBeUndefined();
    expect(set.elements(100)).toEqual([]);
  });
});
