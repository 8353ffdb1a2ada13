import { describe, expect, it } from 'vitest';
import { ip, Lab, must, refusal } from '../../testing/index.ts';
import { emitEthernet, parseEthernet } from '../../wire/index.ts';
import { delLink, dumpLinks, openTap, sendFrame, type TappedFrame } from '../index.ts';

describe('packet sockets', () => {
  it('on lo see every frame twice, out and in, with a zero MAC address', () => {
    const lab = new Lab();
    const seen: TappedFrame[] = [];
    openTap(lab.host, { ifindex: 1, onFrame: (frame) => seen.push(frame) });
    lab.ping(lab.host, '127.0.0.1');
    expect(seen.map((f) => f.packetType)).toEqual(['outgoing', 'host', 'outgoing', 'host']);
    expect(seen.every((f) => f.bytes().length === f.length && f.length === 98)).toBe(true);
    expect(parseEthernet((seen[0] as TappedFrame).bytes())).toMatchObject({ src: 0, dst: 0 });
  });

  it('on all devices see what each does, with whom frames were for', () => {
    const lab = new Lab();
    const pod = lab.netns();
    lab.sysctl(pod, 'net/ipv6/conf/all/disable_ipv6', 1);
    lab.sysctl(lab.host, 'net/ipv6/conf/all/disable_ipv6', 1);
    lab.veth(lab.host, 'v0', pod, 'eth0', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
    const seen: TappedFrame[] = [];
    const tap = openTap(pod, { ifindex: 0, onFrame: (frame) => seen.push(frame) });
    lab.ping(lab.host, '10.0.0.2', { wait: 100 });
    expect(seen.map((f) => f.packetType)).toEqual(['broadcast', 'outgoing', 'host', 'outgoing']);
    tap.close();
    tap.close();
    lab.ping(lab.host, '10.0.0.2', { wait: 100 });
    expect(seen).toHaveLength(4);
  });

  it('count as promiscuous while they are open, and hear when their device goes', () => {
    const lab = new Lab();
    lab.veth(lab.host, 'a', lab.host, 'b');
    let gone = 0;
    const { ifindex } = lab.link(lab.host, 'a');
    const tap = openTap(lab.host, { ifindex, promiscuous: true, onFrame: () => {}, onGone: () => gone++ });
    expect(lab.link(lab.host, 'a').promiscuity).toBe(1);
    must(delLink(lab.host, ifindex));
    expect([gone, dumpLinks(lab.host).length]).toEqual([1, 1]);
    tap.close();
  });

  it('send whole frames past routes and neighbours', () => {
    const lab = new Lab();
    const pod = lab.netns();
    lab.veth(lab.host, 'v0', pod, 'eth0');
    const seen = lab.capture(pod, 'eth0');
    const { ifindex, mac } = lab.link(lab.host, 'v0');
    const frame = {
      src: mac,
      dst: lab.link(pod, 'eth0').mac,
      payload: { kind: 'unknown', ethertype: 0x88b5, bytes: new Uint8Array(50) },
    } as const;
    must(sendFrame(lab.host, ifindex, frame));
    lab.run(1);
    expect(seen.map((c) => c.bytes)).toContainEqual(emitEthernet(frame));
    expect(refusal(sendFrame(lab.host, 99, frame))).toBe('ENXIO');
    const long = { ...frame, payload: { ...frame.payload, bytes: new Uint8Array(1501) } };
    expect(refusal(sendFrame(lab.host, ifindex, long))).toBe('EMSGSIZE');
  });
});

describe('sockets and namespaces', () => {
  it('a socket keeps its namespace until it closes', () => {
    const lab = new Lab();
    const pod = lab.netns();
    lab.veth(lab.host, 'v0', pod, 'eth0', { a: '10.0.0.1/24', b: '10.0.0.2/24' });
    pod.hold();
    pod.put();
    expect(lab.ping(pod, '10.0.0.1').replies).toMatchObject([{ from: ip('10.0.0.1') }]);
    pod.put();
    lab.run(100);
    expect(dumpLinks(lab.host).map((link) => link.name)).toEqual(['lo']);
  });
});
