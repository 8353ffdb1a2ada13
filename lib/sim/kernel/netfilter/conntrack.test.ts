import { describe, expect, it } from 'vitest';
import { ip, Lab } from '../../testing/index.ts';
import type { NetNs } from '../index.ts';
import { kernelLog } from '../log.ts';
import { type Change, commitRules, conntrackOf, netfilter, type RuleSpec, type TableName, tablesOf } from './index.ts';

const ANY: RuleSpec = { selectors: {}, matches: [], action: { kind: 'none' } };
const TRACKED: Partial<RuleSpec> = {
  matches: [{ name: 'conntrack', states: { value: ['NEW', 'ESTABLISHED'], invert: false } }],
};

function append(ns: NetNs, table: TableName, chainName: string, rule: Partial<RuleSpec>): void {
  const chain = tablesOf(ns, 4).ensure(table).chains.get(chainName);
  if (chain === undefined) throw new Error(`no chain ${chainName}`);
  const change: Change = { op: 'rule-add', table, chain, at: chain.rules.length, rule: { ...ANY, ...rule } };
  expect(commitRules(ns, 4, [change]).ok).toBe(true);
}

/** host 10.0.0.1 ─ client 10.0.0.2 */
function pair() {
  const lab = new Lab();
  lab.kernel.load(netfilter);
  const client = lab.netns();
  lab.veth(client, 'eth0', lab.host, 'v0', { a: '10.0.0.2/24', b: '10.0.0.1/24' });
  return { lab, client };
}

describe('a table of connections', () => {
  it('that is full drops the beginnings of new ones, and the log says so, not too often', () => {
    const { lab, client } = pair();
    append(lab.host, 'filter', 'INPUT', TRACKED);
    lab.sysctl(lab.host, 'net/netfilter/nf_conntrack_max', 3);
    for (let i = 0; i < 3; i++)
      conntrackOf(lab.host).insert(
        { src: ip('10.9.0.1'), dst: ip('10.9.0.2'), protocol: 17, sport: i, dport: 53 },
        { src: ip('10.9.0.2'), dst: ip('10.9.0.1'), protocol: 17, sport: 53, dport: i },
        { id: 0, direction: 'both' },
        (entry) => Object.assign(entry, { assured: true, expires: Number.POSITIVE_INFINITY }),
      );
    const drops = lab.recordDrops();
    expect(lab.ping(client, '10.0.0.1', { count: 20, wait: 10 }).replies).toHaveLength(0);
    expect(drops.filter((drop) => drop.endsWith('NETFILTER_DROP'))).toHaveLength(20);
    const { records } = kernelLog(lab.kernel).since(0);
    expect(records.length).toBeGreaterThan(0);
    expect(records.length).toBeLessThanOrEqual(10);
    expect(records[0]?.text).toContain('table full');
  });

  it('makes room of what nobody answered', () => {
    const { lab, client } = pair();
    append(lab.host, 'filter', 'INPUT', TRACKED);
    lab.sysctl(lab.host, 'net/netfilter/nf_conntrack_max', 1);
    expect(lab.ping(client, '10.0.0.1').replies).toHaveLength(1);
    conntrackOf(lab.host).flush();
    conntrackOf(lab.host).insert(
      { src: ip('10.9.0.1'), dst: ip('10.9.0.2'), protocol: 17, sport: 1, dport: 53 },
      { src: ip('10.9.0.2'), dst: ip('10.9.0.1'), protocol: 17, sport: 53, dport: 1 },
      { id: 0, direction: 'both' },
      (entry) => Object.assign(entry, { expires: Number.POSITIVE_INFINITY }),
    );
    expect(lab.ping(client, '10.0.0.1').replies).toHaveLength(1);
    expect(conntrackOf(lab.host).stats.earlyDrop).toBe(1);
  });

  it('keeps zones apart: the same addresses twice, and answers only in their own', () => {
    const { lab, client } = pair();
    append(lab.host, 'filter', 'INPUT', TRACKED);
    append(lab.host, 'raw', 'PREROUTING', {
      action: { kind: 'target', target: { name: 'CT', by: '--zone', zone: 5, direction: 'both' } },
    });
    expect(lab.ping(client, '10.0.0.1').replies).toHaveLength(1);
    const [entry, ...others] = conntrackOf(lab.host).entries();
    expect(others).toEqual([]);
    expect(entry?.zone).toEqual({ id: 5, direction: 'both' });
    // The answer left in zone 0, where nothing of it is known.
    expect(entry?.seenReply).toBe(false);
    if (entry === undefined) throw new Error('no entry');
    expect(conntrackOf(lab.host).find(entry.original)).toBeUndefined();
    expect(conntrackOf(lab.host).find(entry.original, entry.zone)?.entry).toBe(entry);
  });

  it('meets the answers in zone 0 where a zone is of the first direction only', () => {
    const { lab, client } = pair();
    append(lab.host, 'filter', 'INPUT', TRACKED);
    append(lab.host, 'raw', 'PREROUTING', {
      action: { kind: 'target', target: { name: 'CT', by: '--zone', zone: 5, direction: 'original' } },
    });
    expect(lab.ping(client, '10.0.0.1').replies).toHaveLength(1);
    expect(conntrackOf(lab.host).entries()[0]?.seenReply).toBe(true);
  });
});
