import { expect, test } from 'vitest';
import { ip, Lab } from '../../testing/index.ts';
import { put16, put32, rawBytes } from '../../wire/index.ts';
import type { NetNs } from '../index.ts';
import { sendIpv4 } from '../ip/output.ts';
import { routeOutput } from '../ip/route.ts';
import { kernelLog } from '../log.ts';
import { commitRules, netfilter, tablesOf } from './index.ts';

/** Logs what comes in, and gives the lines so far. */
function logging(lab: Lab, ns: NetNs, flags = 0): () => string[] {
  const chain = tablesOf(ns, 4).ensure('filter').chains.get('INPUT');
  if (chain === undefined) throw new Error('no INPUT');
  const target = { name: 'LOG', prefix: 'in: ', level: 4, flags } as const;
  const rule = { selectors: {}, matches: [], action: { kind: 'target', target } } as const;
  expect(commitRules(ns, 4, [{ op: 'rule-add', table: 'filter', chain, at: 0, rule }]).ok).toBe(true);
  return () =>
    kernelLog(lab.kernel)
      .since(0)
      .records.map(({ text }) => text);
}

function pair() {
  const lab = new Lab();
  lab.kernel.load(netfilter);
  const client = lab.netns();
  lab.veth(client, 'eth0', lab.host, 'v0', { a: '10.0.0.2/24', b: '10.0.0.1/24' });
  return { lab, client };
}

function sendSyn(lab: Lab, ns: NetNs, to: string): void {
  const bytes = new Uint8Array(24);
  put16(bytes, 0, 40_000);
  put16(bytes, 2, 80);
  put32(bytes, 4, 77);
  bytes.set([0x60, 2, 0xfa, 0xf0], 12);
  bytes.set([2, 4, 5, 0xb4], 20);
  const way = routeOutput(ns, { dst: ip(to) });
  if (!way.ok) throw new Error(way.errno);
  sendIpv4(ns, way.dst, ip(to), 6, rawBytes(bytes), { ttl: 64, tos: 0x10, df: true, id: 7 });
  lab.run(5);
}

test('a line tells of devices, frame, header and what it carries', () => {
  const { lab, client } = pair();
  const lines = logging(lab, lab.host, 1 | 2);
  sendSyn(lab, client, '10.0.0.1');
  const [line] = lines();
  expect(line).toMatch(/^in: IN=v0 OUT= MAC=([0-9a-f]{2}:){12}08:00 SRC=10\.0\.0\.2 DST=10\.0\.0\.1 LEN=44 /);
  expect(line).toContain(
    'TOS=0x10 PREC=0x00 TTL=64 ID=7 DF PROTO=TCP SPT=40000 DPT=80 SEQ=77 ACK=0 WINDOW=64240 RES=0x00 SYN URGP=0 OPT (020405B4) ',
  );
});

test('an error tells of the packet that it is about', () => {
  const { lab, client } = pair();
  const lines = logging(lab, lab.host);
  const way = routeOutput(lab.host, { dst: ip('10.0.0.2') });
  if (!way.ok) throw new Error(way.errno);
  sendIpv4(lab.host, way.dst, ip('10.0.0.2'), 200, rawBytes(new Uint8Array(12)), { ttl: 9, tos: 0, df: false, id: 5 });
  lab.run(5);
  expect(client.alive).toBe(true);
  expect(lines()[0]).toContain(
    'PROTO=ICMP TYPE=3 CODE=2 [SRC=10.0.0.1 DST=10.0.0.2 LEN=32 TOS=0x00 PREC=0x00 TTL=9 ID=5 PROTO=200 ] ',
  );
});

test('other namespaces are silent, unless the machine lets them speak', () => {
  const { lab, client } = pair();
  const lines = logging(lab, client);
  lab.ping(lab.host, '10.0.0.2');
  expect(lines()).toEqual([]);
  lab.sysctl(lab.host, 'net/netfilter/nf_log_all_netns', 1);
  lab.ping(lab.host, '10.0.0.2');
  expect(lines()).toHaveLength(1);
});
