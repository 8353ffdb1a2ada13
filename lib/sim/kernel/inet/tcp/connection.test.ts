import { describe, expect, it } from 'vitest';
import { Random, SECOND } from '../../../base/index.ts';
import { ip, Lab, must, refusal } from '../../../testing/index.ts';
import { concat, parseTcp, type TcpSegment } from '../../../wire/index.ts';
import { type NetNs, setLink } from '../../index.ts';
import type { Skb } from '../../skb.ts';
import { inet, inetOf, TcpSocket } from '../index.ts';

const PORT = 7000;

/** Two namespaces on one link, or with a router between them. */
class Pair {
  readonly lab: Lab;
  readonly a: NetNs;
  readonly b: NetNs;
  readonly server: TcpSocket;

  constructor(seed: number, family: 4 | 6 = 4) {
    this.lab = new Lab(seed);
    this.lab.kernel.load(inet);
    this.a = this.lab.netns();
    this.b = this.lab.netns();
    const addresses = family === 4 ? { a: '10.0.0.1/24', b: '10.0.0.2/24' } : { a: 'fd00::1/64', b: 'fd00::2/64' };
    this.lab.veth(this.a, 'a0', this.b, 'b0', addresses);
    this.lab.run(3000);
    this.server = this.listen(this.b, family);
  }

  listen(ns: NetNs, family: 4 | 6 = 4, backlog = 5): TcpSocket {
    const socket = new TcpSocket(ns, family);
    socket.options.reuseAddress = true;
    must(socket.bind({ address: ip(family === 4 ? '0.0.0.0' : '::'), port: PORT }));
    must(socket.listen(backlog));
    return socket;
  }

  connect(to = '10.0.0.2', port = PORT): TcpSocket {
    const socket = new TcpSocket(this.a, to.includes(':') ? 6 : 4);
    expect(refusal(socket.connect({ address: ip(to), port }))).toBe('EINPROGRESS');
    return socket;
  }

  /** A connection, from both ends. */
  open(to = '10.0.0.2'): [TcpSocket, TcpSocket] {
    const client = this.connect(to);
    for (let i = 0; i < 200 && this.server.acceptQueue.length === 0; i++) this.lab.run(100);
    return [client, must(this.server.accept())];
  }

  /** Each packet that comes in at `ns` is lost, late or passed on, as `fate` says (milliseconds, or 'lost'). */
  disturb(ns: NetNs, fate: () => number | 'lost'): void {
    const late = new Set<Skb>();
    ns.hooks4.register('input', 1000, (skb) => {
      if (late.delete(skb)) return 'accept';
      const what = fate();
      if (what === 'lost') return 'drop';
      if (what === 0) return 'accept';
      this.lab.events.after(what * 1000, () => {
        late.add(skb);
        this.lab.kernel.protocols.ipv4?.(skb);
      });
      return 'stolen';
    });
  }

  /** Sends all of `data` from one end while the other reads; what arrived before the end of the stream. */
  transfer(from: TcpSocket, to: TcpSocket, data: Uint8Array, seconds: number): Uint8Array {
    const received: Uint8Array[] = [];
    let sent = 0;
    let over = false;
    for (let i = 0; i < seconds * 100 && !over; i++) {
      if (sent < data.length) {
        const taken = from.send(data.subarray(sent));
        if (taken.ok) sent += taken.value;
        if (sent === data.length) must(from.shutdown('write'));
      }
      this.lab.run(10);
      for (let part = to.receive(65_536); part.ok && !over; part = to.receive(65_536)) {
        if (part.value.length === 0) over = true;
        received.push(part.value);
      }
    }
    expect(over, 'the end of the stream arrived').toBe(true);
    return concat(received);
  }

  segments(): TcpSegment[] {
    const list: TcpSegment[] = [];
    for (const { frame } of this.#captured) {
      const { payload } = frame;
      if (payload.kind !== 'ipv4' || payload.payload.kind !== 'bytes') continue;
      const segment = parseTcp(payload.payload.bytes, payload.src, payload.dst);
      expect(segment, 'every segment has a right checksum').toBeDefined();
      if (segment !== undefined) list.push(segment);
    }
    return list;
  }

  #captured: ReturnType<Lab['capture']> = [];

  capture(): void {
    this.#captured = this.lab.capture(this.a, 'a0');
  }
}

const FLAGS = 'FSRP.U';
const shown = ({ flags, data }: TcpSegment): string =>
  `${[...FLAGS].filter((_, i) => ((flags >> i) & 1) === 1).join('')} ${data.length}`;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const randomBytes = (size: number, seed: number): Uint8Array => {
  const random = new Random(seed);
  return Uint8Array.from({ length: size }, () => random.int(0, 255));
};

describe('a TCP connection', () => {
  it('opens, carries data and closes as Linux does', () => {
    const pair = new Pair(1);
    pair.capture();
    const [client, accepted] = pair.open();
    expect(client.state).toBe('ESTABLISHED');
    must(client.send(text('hello')));
    pair.lab.run(10);
    expect(new TextDecoder().decode(must(accepted.receive(100)))).toBe('hello');
    client.close();
    pair.lab.run(10);
    expect(must(accepted.receive(100))).toHaveLength(0);
    accepted.close();
    pair.lab.run(10);
    expect(pair.segments().map(shown)).toEqual(['S 0', 'S. 0', '. 0', 'P. 5', '. 0', 'F. 0', 'F. 0', '. 0']);
  });

  it('tells the options of its SYN as Linux does', () => {
    const pair = new Pair(2);
    pair.capture();
    pair.open();
    const [syn, synAck] = pair.segments();
    expect(syn).toMatchObject({ window: 64240, options: { mss: 1460, sackPermitted: true, windowScale: 7 } });
    expect(synAck).toMatchObject({ window: 65160, options: { mss: 1460, sackPermitted: true, windowScale: 7 } });
  });

  it('works over IPv6, and IPv4 peers reach a dual-stack listener under mapped addresses', () => {
    const pair = new Pair(3, 6);
    const [, accepted] = pair.open('fd00::2');
    expect(accepted.remoteAddress?.address).toBe(ip('fd00::1'));
    pair.lab.addr(pair.a, 'a0', '10.0.0.1/24');
    pair.lab.addr(pair.b, 'b0', '10.0.0.2/24');
    const [client, other] = pair.open('10.0.0.2');
    expect(String(other.remoteAddress?.address)).toBe('::ffff:10.0.0.1');
    expect(client.remoteAddress?.address).toBe(ip('10.0.0.2'));
  });

  it('goes half closed: one side may still send after the other has ended', () => {
    const pair = new Pair(4);
    const [client, accepted] = pair.open();
    must(client.shutdown('write'));
    // A FIN is acknowledged late: the application may close at once.
    pair.lab.run(50);
    expect([client.state, accepted.state]).toEqual(['FIN_WAIT2', 'CLOSE_WAIT']);
    expect(must(accepted.receive(10))).toHaveLength(0);
    must(accepted.send(text('still here')));
    pair.lab.run(10);
    expect(new TextDecoder().decode(must(client.receive(100)))).toBe('still here');
    accepted.close();
    pair.lab.run(10);
    expect(refusal(client.send(text('x')))).toBe('EPIPE');
  });

  it('is reset when it is closed with unread data', () => {
    const pair = new Pair(5);
    const [client, accepted] = pair.open();
    must(client.send(text('nobody reads this')));
    pair.lab.run(10);
    accepted.close();
    pair.lab.run(10);
    expect(refusal(client.receive(10))).toBe('ECONNRESET');
    expect(client.state).toBe('CLOSE');
  });

  it('stays in TIME-WAIT for a minute, and its port is not bound again before', () => {
    const pair = new Pair(6);
    const [client, accepted] = pair.open();
    const { port } = client.localAddress;
    client.close();
    pair.lab.run(10);
    accepted.close();
    pair.lab.run(10);
    const { tcp } = inetOf(pair.a);
    expect(tcp.connections().map(({ state }) => state)).toEqual(['TIME_WAIT']);
    const again = new TcpSocket(pair.a, 4);
    expect(refusal(again.bind({ address: ip('0.0.0.0'), port }))).toBe('EADDRINUSE');
    again.options.reuseAddress = true;
    pair.lab.run(59_000);
    expect(tcp.connections()).toHaveLength(1);
    pair.lab.run(1_500);
    expect(tcp.connections()).toHaveLength(0);
    must(again.bind({ address: ip('0.0.0.0'), port }));
  });
});

describe('connect', () => {
  const failureOf = (pair: Pair, socket: TcpSocket): [string | undefined, number] => {
    const begin = pair.lab.events.now;
    for (let i = 0; i < 3000 && socket.state === 'SYN_SENT'; i++) pair.lab.run(100);
    return [socket.takeError(), Math.round((pair.lab.events.now - begin) / SECOND)];
  };

  it('is refused by a closed port', () => {
    const pair = new Pair(1);
    expect(failureOf(pair, pair.connect('10.0.0.2', 9))).toEqual(['ECONNREFUSED', 0]);
  });

  it('finds nobody at an address after three unanswered ARP requests', () => {
    const pair = new Pair(2);
    expect(failureOf(pair, pair.connect('10.0.0.77'))).toEqual(['EHOSTUNREACH', 3]);
  });

  it('knows no way', () => {
    const pair = new Pair(3);
    const socket = new TcpSocket(pair.a, 4);
    expect(refusal(socket.connect({ address: ip('192.0.2.1'), port: 80 }))).toBe('ENETUNREACH');
  });

  it('gives up after as many SYNs as the sysctls say', () => {
    const pair = new Pair(4);
    pair.lab.run(1);
    pair.disturb(pair.b, () => 'lost');
    pair.capture();
    // 4 even seconds, then 1 + 2 + … + 64; timers that far away are kept roughly.
    const [error, seconds] = failureOf(pair, pair.connect());
    expect(error).toBe('ETIMEDOUT');
    expect(seconds).toBeGreaterThanOrEqual(131);
    expect(seconds).toBeLessThan(137);
    expect(pair.segments()).toHaveLength(11);
    pair.lab.sysctl(pair.a, 'net/ipv4/tcp_syn_linear_timeouts', 0);
    pair.lab.sysctl(pair.a, 'net/ipv4/tcp_syn_retries', 2);
    expect(failureOf(pair, pair.connect())).toEqual(['ETIMEDOUT', 7]);
  });

  it('waits while the accept queue is full', () => {
    const pair = new Pair(5);
    pair.server.close();
    const server = pair.listen(pair.b, 4, 0);
    pair.connect();
    pair.lab.run(10);
    const second = pair.connect();
    pair.lab.run(500);
    expect(second.state).toBe('SYN_SENT');
    must(server.accept());
    pair.lab.run(2000);
    expect(second.state).toBe('ESTABLISHED');
    expect(pair.b.mib.get('Ext.ListenOverflows')).toBeGreaterThan(0);
  });
});

describe('TCP on a bad path', () => {
  it.each([1, 2, 3, 4])('delivers everything in order when packets get lost (seed %i)', (seed) => {
    const pair = new Pair(seed);
    const random = new Random(seed);
    const [client, accepted] = pair.open();
    const fate = () => (random.float() < 0.15 ? 'lost' : 0);
    pair.disturb(pair.a, fate);
    pair.disturb(pair.b, fate);
    const data = randomBytes(150_000, seed);
    expect(pair.transfer(client, accepted, data, 600)).toEqual(data);
    const back = randomBytes(20_000, seed + 100);
    expect(pair.transfer(accepted, client, back, 600)).toEqual(back);
    expect(client.stats.retransmitted).toBeGreaterThan(0);
  });

  it.each([1, 2])('delivers everything in order when packets overtake each other (seed %i)', (seed) => {
    const pair = new Pair(seed);
    const random = new Random(seed);
    const [client, accepted] = pair.open();
    pair.disturb(pair.b, () => random.int(0, 4));
    const data = randomBytes(200_000, seed);
    expect(pair.transfer(client, accepted, data, 60)).toEqual(data);
  });

  it('without SACK and time stamps recovers all the same', () => {
    const pair = new Pair(9);
    for (const key of ['tcp_sack', 'tcp_timestamps', 'tcp_window_scaling'])
      pair.lab.sysctl(pair.a, `net/ipv4/${key}`, 0);
    const random = new Random(9);
    const [client, accepted] = pair.open();
    expect(client.peer).toMatchObject({ sack: false, timestamps: false, scaled: false });
    pair.disturb(pair.b, () => (random.float() < 0.1 ? 'lost' : 0));
    const data = randomBytes(100_000, 9);
    expect(pair.transfer(client, accepted, data, 600)).toEqual(data);
  });

  it('backs off when nobody answers any more, and gives up after about a quarter of an hour', () => {
    const pair = new Pair(10);
    const [client] = pair.open();
    pair.disturb(pair.b, () => 'lost');
    must(client.send(text('hello?')));
    const begin = pair.lab.events.now;
    while (client.state !== 'CLOSE') pair.lab.run(1000);
    const seconds = (pair.lab.events.now - begin) / SECOND;
    expect(client.takeError()).toBe('ETIMEDOUT');
    expect(seconds).toBeGreaterThan(900);
    expect(seconds).toBeLessThan(1100);
  });

  it('asks whether a closed window has opened', () => {
    const pair = new Pair(11);
    const [client, accepted] = pair.open();
    const data = randomBytes(400_000, 11);
    let sent = 0;
    for (let i = 0; i < 200; i++) {
      const taken = client.send(data.subarray(sent));
      if (taken.ok) sent += taken.value;
      pair.lab.run(10);
    }
    expect(client.window).toBe(0);
    expect(client.timers.pending?.kind).toBe('probe');
    const probes = pair.b.mib.get('Tcp.InSegs');
    pair.lab.run(5000);
    expect(pair.b.mib.get('Tcp.InSegs')).toBeGreaterThan(probes);
    expect(pair.transfer(client, accepted, data.subarray(sent), 60)).toEqual(data);
  });

  it('keeps segments within the smallest MTU on the way', () => {
    const lab = new Lab(12);
    lab.kernel.load(inet);
    const [a, router, b] = [lab.netns(), lab.netns(), lab.netns()];
    lab.veth(a, 'a0', router, 'r1', { a: '10.1.0.2/24', b: '10.1.0.1/24' });
    lab.veth(b, 'b0', router, 'r2', { a: '10.2.0.2/24', b: '10.2.0.1/24' });
    lab.sysctl(router, 'net/ipv4/ip_forward', 1);
    lab.route(a, 'default', { via: '10.1.0.1' });
    lab.route(b, 'default', { via: '10.2.0.1' });
    must(setLink(router, lab.link(router, 'r2').ifindex, { mtu: 1000 }));
    const server = new TcpSocket(b, 4);
    must(server.bind({ address: ip('0.0.0.0'), port: PORT }));
    must(server.listen(1));
    const client = new TcpSocket(a, 4);
    client.connect({ address: ip('10.2.0.2'), port: PORT });
    lab.run(2000);
    const data = randomBytes(50_000, 12);
    let sent = 0;
    const accepted = must(server.accept());
    const received: Uint8Array[] = [];
    for (let i = 0; i < 200; i++) {
      const taken = client.send(data.subarray(sent));
      if (taken.ok) sent += taken.value;
      lab.run(10);
      for (let part = accepted.receive(65_536); part.ok && part.value.length > 0; part = accepted.receive(65_536))
        received.push(part.value);
    }
    expect(concat(received)).toEqual(data);
    expect(client.mss).toBe(1000 - 52);
  });

  it('asks a silent peer now and then, and resets when it does not answer', () => {
    const pair = new Pair(13);
    const [client] = pair.open();
    Object.assign(client.options, { keepAlive: true, keepIdle: 10, keepInterval: 2, keepCount: 3 });
    client.timers.startKeepalive(10 * SECOND);
    pair.lab.run(30_000);
    expect(client.state).toBe('ESTABLISHED');
    pair.disturb(pair.b, () => 'lost');
    pair.lab.run(20_000);
    expect([client.state, client.takeError()]).toEqual(['CLOSE', 'ETIMEDOUT']);
  });
});
