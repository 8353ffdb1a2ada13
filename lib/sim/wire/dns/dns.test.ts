import { describe, expect, it } from 'vitest';
import { Ip } from '../../base/index.ts';
import { DNS_CLASS_IN, DNS_TYPE, type DnsMessage, type DnsRecord, emitDns, labelsOf, parseDns } from './index.ts';

const record = (name: string, type: number, data: DnsRecord['data']): DnsRecord => ({
  name,
  type,
  class: DNS_CLASS_IN,
  ttl: 30,
  data,
});

const message: DnsMessage = {
  id: 4711,
  response: true,
  opcode: 0,
  authoritative: true,
  truncated: false,
  recursionDesired: true,
  recursionAvailable: false,
  authenticData: false,
  checkingDisabled: false,
  rcode: 0,
  questions: [{ name: 'web.default.svc.cluster.local', type: DNS_TYPE.A, class: DNS_CLASS_IN }],
  answers: [
    record('web.default.svc.cluster.local', DNS_TYPE.CNAME, { form: 'name', name: 'www.default.svc.cluster.local' }),
    record('www.default.svc.cluster.local', DNS_TYPE.A, { form: 'address', address: Ip.fromV4(0x0a600001) }),
    record('_http._tcp.web.default.svc.cluster.local', DNS_TYPE.SRV, {
      form: 'srv',
      priority: 0,
      weight: 100,
      port: 80,
      target: 'web.default.svc.cluster.local',
    }),
  ],
  authorities: [
    record('cluster.local', DNS_TYPE.SOA, {
      form: 'soa',
      mname: 'ns.dns.cluster.local',
      rname: 'hostmaster.cluster.local',
      serial: 1,
      refresh: 7200,
      retry: 1800,
      expire: 86400,
      minimum: 5,
    }),
  ],
  additionals: [record('x', DNS_TYPE.TXT, { form: 'txt', texts: [Uint8Array.of(1, 2)] })],
};

describe('DNS messages', () => {
  it('come back from their bytes as they were, names in them only once', () => {
    const bytes = emitDns(message);
    expect(parseDns(bytes)).toEqual(message);
    expect(bytes.length).toBeLessThan(260);
  });

  it('are refused at every length that is too short, and when a pointer leads to itself', () => {
    const bytes = emitDns(message);
    for (let end = 0; end < bytes.length; end++) expect(parseDns(bytes.slice(0, end))).toBeUndefined();
    const circle = bytes.slice();
    circle.set([0xc0, 12], 12);
    expect(parseDns(circle)).toBeUndefined();
  });

  it('have no labels that are empty or longer than 63 bytes', () => {
    expect(labelsOf('a..b')).toBeUndefined();
    expect(labelsOf('a'.repeat(64))).toBeUndefined();
    expect(labelsOf('.')).toEqual([]);
    expect(labelsOf('cluster.local.')).toHaveLength(2);
  });
});
