import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { Ip } from '../base/index.ts';
import { catalog, loadAll } from '../commands/index.ts';
import { inet, TcpSocket, UdpSocket } from '../kernel/inet/index.ts';
import type { Process, Wait } from '../os/index.ts';
import {
  DNS_CLASS_IN,
  DNS_TYPE,
  type DnsData,
  type DnsMessage,
  type DnsRecord,
  emitDns,
  parseDns,
} from '../wire/dns/index.ts';
import type { Node, World } from '../world/index.ts';
import { runTranscript } from './run.ts';
import { parseTranscript } from './transcript.ts';

/**
 * Name servers do not come with the machine. This one has the zone that the recorded one had, so that what the clients
 * print of its answers can be held against the recording: over UDP, and over TCP where an answer is truncated.
 */
const address = (text: string): DnsData => ({ form: 'address', address: Ip.parse(text) as Ip });
const name = (text: string): DnsData => ({ form: 'name', name: text });
const SOA: DnsData = {
  form: 'soa',
  mname: 'ns1.example.com',
  rname: 'root.example.com',
  serial: 1,
  refresh: 3600,
  retry: 600,
  expire: 86_400,
  minimum: 60,
};
const ZONE: Readonly<Record<string, readonly (readonly [number, DnsData])[]>> = {
  'example.com': [
    [DNS_TYPE.A, address('1.2.3.4')],
    [DNS_TYPE.A, address('1.2.3.5')],
    [DNS_TYPE.AAAA, address('2001:db8::1')],
    [DNS_TYPE.MX, { form: 'mx', preference: 10, exchange: 'mail.example.com' }],
    [DNS_TYPE.TXT, { form: 'txt', texts: [new TextEncoder().encode('hello world')] }],
    [DNS_TYPE.NS, name('ns1.example.com')],
    [DNS_TYPE.SOA, SOA],
  ],
  'www.example.com': [[DNS_TYPE.CNAME, name('example.com')]],
  '4.3.2.1.in-addr.arpa': [[DNS_TYPE.PTR, name('example.com')]],
  '_http._tcp.example.com': [
    [DNS_TYPE.SRV, { form: 'srv', priority: 1, weight: 2, port: 80, target: 'www.example.com' }],
  ],
};

const record = (owner: string, type: number, data: DnsData): DnsRecord => ({
  name: owner,
  type,
  class: DNS_CLASS_IN,
  ttl: 300,
  data,
});

function answer(query: DnsMessage, tcp: boolean): DnsMessage {
  const [question] = query.questions;
  let owner = question?.name.toLowerCase() ?? '.';
  const type = question?.type ?? 0;
  const rcode = owner.startsWith('refused') ? 5 : owner.startsWith('fail') ? 2 : ZONE[owner] === undefined ? 3 : 0;
  const answers: DnsRecord[] = [];
  const alias = ZONE[owner]?.find(([kind]) => kind === DNS_TYPE.CNAME);
  if (alias !== undefined && type !== DNS_TYPE.CNAME) {
    answers.push(record(owner, ...alias));
    owner = 'example.com';
  }
  for (const [kind, data] of ZONE[owner] ?? []) {
    if (kind === type || type === DNS_TYPE.ANY) answers.push(record(owner, kind, data));
  }
  const missing = rcode === 3 || (rcode === 0 && answers.length === 0);
  const truncated = owner.startsWith('_http') && !tcp;
  return {
    ...query,
    response: true,
    authoritative: true,
    recursionAvailable: true,
    authenticData: false,
    truncated,
    rcode,
    answers: truncated ? [] : answers,
    authorities: missing ? [record('example.com', DNS_TYPE.SOA, SOA)] : [],
    additionals: query.additionals.map((opt) => ({
      ...opt,
      class: 1232,
      data: { form: 'bytes', bytes: new Uint8Array(0) },
    })),
  };
}

const PLACE = { address: Ip.parse('127.0.0.53') as Ip, port: 53 };

function* bound<T extends TcpSocket | UdpSocket>(process: Process, socket: () => T): Generator<Wait, T, void> {
  for (;;) {
    const made = socket();
    if (made.bind(PLACE).ok) return made;
    made.close();
    yield* process.sleep(10_000);
  }
}

function* overUdp(process: Process, node: Node): Generator<Wait, number, void> {
  const socket = yield* bound(process, () => new UdpSocket(node.kernel.init, 4));
  for (;;) {
    yield* process.waitFor(() => socket.canRead, [socket.readable]);
    const got = socket.receive();
    const query = got.ok ? parseDns(got.value.data) : undefined;
    if (got.ok && query !== undefined) socket.send(emitDns(answer(query, false)), got.value.from);
  }
}

function* overTcp(process: Process, node: Node): Generator<Wait, number, void> {
  const listener = yield* bound(process, () => new TcpSocket(node.kernel.init, 4));
  listener.listen(5);
  for (;;) {
    yield* process.waitFor(() => listener.canRead, [listener.readable]);
    const client = listener.accept();
    if (!client.ok) continue;
    yield* process.waitFor(() => client.value.canRead, [client.value.readable]);
    const got = client.value.receive(65_536);
    const query = got.ok ? parseDns(got.value.slice(2)) : undefined;
    if (query !== undefined) {
      const bytes = emitDns(answer(query, true));
      client.value.send(Uint8Array.of(bytes.length >> 8, bytes.length & 255, ...bytes));
    }
    client.value.close();
  }
}

function startServer(world: World): void {
  const node = world.home;
  node.kernel.load(inet);
  node.machine.fs.writeFile('/etc/resolv.conf', 'search example.com\nnameserver 127.0.0.53\n');
  for (const serve of [overUdp, overTcp]) {
    node.machine.start((process) => serve(process, node), { argv: ['named'], netns: node.kernel.init.inode });
  }
}

beforeAll(async () => {
  await loadAll(catalog);
});

/** What no two runs share: numbers of messages, times, and sizes, since names may be compressed or not. */
const plain = (text: string): string =>
  text
    .replace(/id: \d+/g, 'id: N')
    .replace(/Query time: \d+/g, 'Query time: N')
    .replace(/WHEN: .*/g, 'WHEN')
    .replace(/rcvd: \d+/g, 'rcvd: N');

it('clients of name servers print answers as they did on Linux', { timeout: 60_000 }, () => {
  const golden = parseTranscript(readFileSync(join(import.meta.dirname, 'dns', 'answers.transcript'), 'utf8'));
  const { transcript } = runTranscript(golden, { opened: startServer, setup: 'ip link set lo up; sleep 1' });
  const told = (list: typeof golden) =>
    list.commands.map(({ command, output, status }) => ({ command, output: plain(output).split('\n'), status }));
  expect(told(transcript)).toEqual(told(golden));
});
