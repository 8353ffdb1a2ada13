import { describe, expect, it } from 'vitest';
import { Random } from '../../../base/index.ts';
import { ip, Lab, must } from '../../../testing/index.ts';
import { emitTcp, rawBytes, type TcpOptions, type TcpSegment } from '../../../wire/index.ts';
import { sendIpv4 } from '../../ip/output.ts';
import { routeOutput } from '../../ip/route.ts';
import { inet, inetOf, TcpSocket } from '../index.ts';

const ROUNDS = 400;
const SERVER = ip('10.0.0.2');
const CLIENT = ip('10.0.0.1');

function randomOptions(random: Random): TcpOptions {
  const some = (share: number): boolean => random.float() < share;
  return {
    ...(some(0.3) ? { mss: random.int(0, 65_535) } : {}),
    ...(some(0.2) ? { windowScale: random.int(0, 255) } : {}),
    ...(some(0.2) ? { sackPermitted: true } : {}),
    ...(some(0.4) ? { timestamps: { value: random.uint32(), echo: random.uint32() } } : {}),
    ...(some(0.2) ? { sack: [{ start: random.uint32(), end: random.uint32() }] } : {}),
  };
}

/** A number near one that means something, or anywhere. */
const near = (random: Random, value: number): number =>
  random.float() < 0.7 ? (value + random.int(-3, 3)) >>> 0 : random.uint32();

describe('segments that nobody should send', () => {
  it.each([1, 2, 3, 4, 5, 6])('neither crash nor hang a host, and keep its tables small (seed %i)', (seed) => {
    const random = new Random(seed);
    const lab = new Lab(seed);
    lab.kernel.load(inet);
    const [a, b] = [lab.netns(), lab.netns()];
    lab.veth(a, 'a0', b, 'b0', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
    const server = new TcpSocket(b, 4);
    must(server.bind({ address: ip('0.0.0.0'), port: 80 }));
    must(server.listen(3));
    const client = new TcpSocket(a, 4);
    client.connect({ address: SERVER, port: 80 });
    lab.run(2000);
    const victim = must(server.accept());
    for (let i = 0; i < ROUNDS; i++) {
      const known = victim.remote?.port ?? 0;
      const segment: TcpSegment = {
        srcPort: random.float() < 0.6 ? known : random.int(1, 20),
        dstPort: random.float() < 0.9 ? 80 : random.int(0, 65_535),
        seq: near(random, victim.receiveQueue.next),
        ack: near(random, victim.next),
        flags: random.int(0, 255),
        window: random.int(0, 65_535),
        options: randomOptions(random),
        data: new Uint8Array(random.float() < 0.5 ? 0 : random.int(0, 1400)),
      };
      const bytes = emitTcp(segment, CLIENT, SERVER);
      // Some are cut short, or damaged.
      const cut = random.float() < 0.1 ? bytes.slice(0, random.int(0, bytes.length)) : bytes;
      if (random.float() < 0.1 && cut.length > 0) cut[random.int(0, cut.length - 1)] = random.int(0, 255);
      const way = routeOutput(a, { dst: SERVER, src: CLIENT });
      if (way.ok) sendIpv4(a, way.dst, SERVER, 6, rawBytes(cut), { ttl: 64, tos: 0, df: true });
      lab.run(random.int(0, 5));
      victim.send(new Uint8Array(random.int(0, 2000)));
      victim.receive(random.int(0, 1000));
      if (random.float() < 0.05) server.accept();
      expect(victim.receiveQueue.waiting).toBeLessThan(200_000);
      expect(server.requests.size + server.acceptQueue.length).toBeLessThan(64);
    }
    victim.close();
    client.close();
    server.close();
    // Whatever happened, all of it comes to an end.
    lab.run(3_600_000);
    expect(inetOf(b).tcp.connections()).toHaveLength(0);
    expect([...inetOf(b).tcpPorts.all()]).toHaveLength(0);
    expect(b.mib.get('Tcp.CurrEstab')).toBe(0);
  });
});
