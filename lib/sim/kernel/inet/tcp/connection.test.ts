import { describe, expect, it } from 'vitest';
import { ip, Lab, must } from '../../../testing/index.ts';
import { parseTcp } from '../../../wire/index.ts';
import { inet, TcpSocket } from '../index.ts';

const FLAGS = 'FSRP.U';
function lab() {
  const lab = new Lab();
  lab.kernel.load(inet);
  const a = lab.netns();
  const b = lab.netns();
  lab.veth(a, 'a0', b, 'b0', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
  lab.run(3000);
  const frames = lab.capture(a, 'a0');
  const segments = () =>
    frames.flatMap(({ frame, direction }) => {
      const { payload } = frame;
      if (payload.kind !== 'ipv4' || payload.payload.kind !== 'bytes') return [];
      const t = parseTcp(payload.payload.bytes, payload.src, payload.dst);
      if (t === undefined) return ['?'];
      return [`${direction} ${[...FLAGS].filter((_, i) => (t.flags >> i) & 1).join('')} ${t.data.length}`];
    });
  return { lab, a, b, segments };
}

describe('a TCP connection', () => {
  it('opens, carries data and closes', () => {
    const { lab: l, a, b, segments } = lab();
    const server = new TcpSocket(b, 4);
    must(server.bind({ address: ip('0.0.0.0'), port: 80 }));
    must(server.listen(5));
    const client = new TcpSocket(a, 4);
    expect(client.connect({ address: ip('10.0.0.2'), port: 80 })).toMatchObject({ error: { errno: 'EINPROGRESS' } });
    l.run(10);
    expect(client.state).toBe('ESTABLISHED');
    const accepted = must(server.accept());
    must(client.send(new TextEncoder().encode('hello')));
    l.run(10);
    expect(new TextDecoder().decode(must(accepted.receive(100)))).toBe('hello');
    client.close();
    l.run(10);
    expect(must(accepted.receive(100)).length).toBe(0);
    accepted.close();
    l.run(10);
    expect(segments()).toEqual([
      'out S 0',
      'in S. 0',
      'out . 0',
      'out P. 5',
      'in . 0',
      'out F. 0',
      'in F. 0',
      'out . 0',
    ]);
  });
});
