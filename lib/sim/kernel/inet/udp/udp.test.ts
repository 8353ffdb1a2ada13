import { describe, expect, it } from 'vitest';
import { ip, Lab, must, refusal } from '../../../testing/index.ts';
import type { NetNs } from '../../index.ts';
import { inet, UdpSocket } from '../index.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const words = (data: Uint8Array): string => new TextDecoder().decode(data);

function pair(): { lab: Lab; a: NetNs; b: NetNs } {
  const lab = new Lab();
  lab.kernel.load(inet);
  const [a, b] = [lab.netns(), lab.netns()];
  lab.veth(a, 'a0', b, 'b0', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
  return { lab, a, b };
}

function bound(ns: NetNs, address: string, port: number, options: Partial<UdpSocket['options']> = {}): UdpSocket {
  const socket = new UdpSocket(ns, address.includes(':') ? 6 : 4);
  Object.assign(socket.options, options);
  must(socket.bind({ address: ip(address), port }));
  return socket;
}

describe('UDP', () => {
  it('carries datagrams both ways, whole, and says from whom', () => {
    const { lab, a, b } = pair();
    const server = bound(b, '0.0.0.0', 53);
    const client = new UdpSocket(a, 4);
    must(client.send(text('question'), { address: ip('10.0.0.2'), port: 53 }));
    lab.run(10);
    const { data, from } = must(server.receive());
    expect([words(data), String(from.address), from.port]).toEqual(['question', '10.0.0.1', client.localAddress.port]);
    must(server.send(text('answer'), from));
    lab.run(10);
    expect(words(must(client.receive()).data)).toBe('answer');
    expect(refusal(client.receive())).toBe('EAGAIN');
  });

  it('takes a port of ip_local_port_range', () => {
    const { lab, a } = pair();
    lab.sysctl(a, 'net/ipv4/ip_local_port_range', '40000 40003');
    const ports = Array.from({ length: 4 }, () => {
      const socket = new UdpSocket(a, 4);
      must(socket.connect({ address: ip('10.0.0.2'), port: 9 }));
      return socket.localAddress.port;
    });
    expect(ports.sort()).toEqual([40000, 40001, 40002, 40003]);
    expect(refusal(new UdpSocket(a, 4).connect({ address: ip('10.0.0.2'), port: 9 }))).toBe('EAGAIN');
  });

  it('tells a connected socket, once, that nobody listens there', () => {
    const { lab, a } = pair();
    const client = new UdpSocket(a, 4);
    must(client.connect({ address: ip('10.0.0.2'), port: 9 }));
    must(client.send(text('x')));
    lab.run(10);
    expect(client.canRead).toBe(true);
    expect(refusal(client.send(text('y')))).toBe('ECONNREFUSED');
    must(client.send(text('z')));
    const deaf = new UdpSocket(a, 4);
    must(deaf.send(text('x'), { address: ip('10.0.0.2'), port: 9 }));
    lab.run(10);
    expect(deaf.canRead).toBe(false);
  });

  it('cuts what is longer than the MTU into fragments, and refuses what no packet holds', () => {
    const { lab, a, b } = pair();
    const server = bound(b, '0.0.0.0', 53);
    const client = new UdpSocket(a, 4);
    const to = { address: ip('10.0.0.2'), port: 53 };
    must(client.send(new Uint8Array(60_000).fill(7), to));
    lab.run(20);
    expect(must(server.receive()).data).toHaveLength(60_000);
    expect(a.mib.get('Ip.FragCreates')).toBe(41);
    expect(refusal(client.send(new Uint8Array(65_508), to))).toBe('EMSGSIZE');
    client.options.pmtu = 'do';
    expect(refusal(client.send(new Uint8Array(1473), to))).toBe('EMSGSIZE');
  });

  it('binds an address and port once, unless both sides agree to share', () => {
    const { b } = pair();
    bound(b, '10.0.0.2', 53);
    const again = (address: string, options = {}): string | undefined => {
      const socket = new UdpSocket(b, 4);
      Object.assign(socket.options, options);
      const result = socket.bind({ address: ip(address), port: 53 });
      return result.ok ? undefined : result.error.errno;
    };
    expect(again('10.0.0.2')).toBe('EADDRINUSE');
    expect(again('0.0.0.0')).toBe('EADDRINUSE');
    expect(again('127.0.0.1')).toBeUndefined();
    expect(again('10.9.9.9')).toBe('EADDRNOTAVAIL');
    bound(b, '0.0.0.0', 54, { reusePort: true });
    bound(b, '0.0.0.0', 54, { reusePort: true });
  });

  it('gives a datagram to the socket that is most particular about it', () => {
    const { lab, a, b } = pair();
    const anybody = bound(b, '0.0.0.0', 53);
    const particular = bound(b, '10.0.0.2', 54, { reuseAddress: true });
    const wide = bound(b, '0.0.0.0', 54, { reuseAddress: true });
    expect(wide).toBeDefined();
    const client = new UdpSocket(a, 4);
    must(client.send(text('x'), { address: ip('10.0.0.2'), port: 54 }));
    must(client.send(text('y'), { address: ip('10.0.0.2'), port: 53 }));
    lab.run(10);
    expect(words(must(particular.receive()).data)).toBe('x');
    expect(words(must(anybody.receive()).data)).toBe('y');
  });

  it('hears everybody on the link with SO_BROADCAST only', () => {
    const { lab, a, b } = pair();
    const server = bound(b, '0.0.0.0', 67);
    const client = new UdpSocket(a, 4);
    const to = { address: ip('255.255.255.255'), port: 67 };
    const onLink = { address: ip('10.0.0.255'), port: 67 };
    expect(refusal(client.send(text('x'), onLink))).toBe('EACCES');
    client.options.broadcast = true;
    must(client.send(text('x'), onLink));
    client.options.device = lab.link(a, 'a0').ifindex;
    must(client.send(text('y'), to));
    lab.run(10);
    expect([words(must(server.receive()).data), words(must(server.receive()).data)]).toEqual(['x', 'y']);
  });

  it('drops what does not fit the receive buffer', () => {
    const { lab, a, b } = pair();
    const server = bound(b, '0.0.0.0', 53);
    const drops = lab.recordDrops();
    const client = new UdpSocket(a, 4);
    for (let i = 0; i < 300; i++) {
      must(client.send(new Uint8Array(1000), { address: ip('10.0.0.2'), port: 53 }));
      lab.run(1);
    }
    expect(server.drops).toBeGreaterThan(0);
    expect(drops.some((drop) => drop.endsWith('SOCKET_RCVBUFF'))).toBe(true);
    expect(b.mib.get('Udp.RcvbufErrors')).toBe(server.drops);
  });
});
