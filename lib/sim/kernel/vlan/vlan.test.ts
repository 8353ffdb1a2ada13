import { describe, expect, it } from 'vitest';
import { Lab, refusal, toHex } from '../../testing/index.ts';
import { must } from '../../testing/result.ts';
import { type NetNs, newLink, setLink } from '../index.ts';
import { vlanModule } from './index.ts';

function tagged(lab: Lab, ns: NetNs, lower: string, id: number, address: string): void {
  must(newLink(ns, { kind: 'vlan', name: `v${id}`, link: lab.link(ns, lower).ifindex, data: { kind: 'vlan', id } }));
  lab.addr(ns, `v${id}`, address);
  lab.up(ns, `v${id}`);
  lab.run(1);
}

/** Two namespaces on one wire. */
function wire(): { lab: Lab; a: NetNs; b: NetNs } {
  const lab = new Lab();
  lab.kernel.load(vlanModule);
  const [a, b] = [lab.netns(), lab.netns()];
  lab.veth(a, 'e0', b, 'e0');
  return { lab, a, b };
}

describe('a VLAN device', () => {
  it('sends with its tag and takes what has it', () => {
    const { lab, a, b } = wire();
    tagged(lab, a, 'e0', 5, '10.0.5.1/24');
    tagged(lab, b, 'e0', 5, '10.0.5.2/24');
    const seen = lab.capture(b, 'e0');
    expect(lab.ping(a, '10.0.5.2').replies).toHaveLength(1);
    const requests = seen.filter(({ frame }) => frame.payload.kind === 'vlan' && frame.payload.payload.kind === 'ipv4');
    expect(requests).toHaveLength(2);
    expect(requests[0]?.bytes.slice(12, 18)).toEqual(Uint8Array.of(0x81, 0, 0, 5, 8, 0));
  });

  it('hears nothing of another VLAN, nor does the device underneath', () => {
    const { lab, a, b } = wire();
    tagged(lab, a, 'e0', 5, '10.0.5.1/24');
    tagged(lab, b, 'e0', 6, '10.0.5.2/24');
    lab.addr(b, 'e0', '10.0.5.3/24');
    expect(lab.ping(a, '10.0.5.2').replies).toHaveLength(0);
    expect(lab.ping(a, '10.0.5.3').replies).toHaveLength(0);
  });

  it('may stand on another, with two tags on the wire', () => {
    const { lab, a, b } = wire();
    for (const [ns, host] of [
      [a, 1],
      [b, 2],
    ] as const) {
      tagged(lab, ns, 'e0', 10, `10.1.0.${host}/24`);
      tagged(lab, ns, 'v10', 20, `10.2.0.${host}/24`);
    }
    const seen = lab.capture(b, 'e0');
    expect(lab.ping(a, '10.2.0.2', { size: 1472 }).replies).toHaveLength(1);
    const heads = seen.map(({ bytes }) => toHex(bytes.slice(12, 22)));
    expect(heads).toContain('8100000a810000140800');
  });

  it('passes a bridge that knows nothing of tags', () => {
    const lab = new Lab();
    lab.kernel.load(vlanModule);
    lab.bridge(lab.host, 'br0');
    const pods = [1, 2].map((n) => {
      const pod = lab.netns();
      lab.veth(lab.host, `p${n}`, pod, 'e0');
      lab.master(lab.host, `p${n}`, 'br0');
      tagged(lab, pod, 'e0', 7, `10.7.0.${n}/24`);
      return pod;
    });
    expect(lab.ping(pods[0] as NetNs, '10.7.0.2').replies).toHaveLength(1);
  });

  it('follows the device underneath: its address, its MTU, up and down, and its end', () => {
    const { lab, a } = wire();
    tagged(lab, a, 'e0', 5, '10.0.5.1/24');
    const lower = lab.link(a, 'e0').ifindex;
    must(setLink(a, lower, { mac: 0x0200_0000_0001 as never, mtu: 1400 }));
    expect(lab.link(a, 'v5')).toMatchObject({ mac: 0x0200_0000_0001, mtu: 1400, link: lower });
    lab.down(a, 'e0');
    expect(lab.link(a, 'v5').flags & 1).toBe(0);
    expect(refusal(setLink(a, lab.link(a, 'v5').ifindex, { up: true }))).toBe('ENETDOWN');
    lab.up(a, 'e0');
    expect(lab.link(a, 'v5').flags & 1).toBe(1);
  });

  it('is refused where it cannot be', () => {
    const { lab, a } = wire();
    tagged(lab, a, 'e0', 5, '10.0.5.1/24');
    const link = lab.link(a, 'e0').ifindex;
    expect(refusal(newLink(a, { kind: 'vlan', link, data: { kind: 'vlan', id: 5 } }))).toBe(
      'VLAN device already exists',
    );
    expect(refusal(newLink(a, { kind: 'vlan', link, data: { kind: 'vlan', id: 4095 } }))).toBe('Invalid VLAN id');
    expect(refusal(newLink(a, { kind: 'vlan', link, data: { kind: 'vlan' } }))).toBe('VLAN id not specified');
    expect(refusal(newLink(a, { kind: 'vlan', data: { kind: 'vlan', id: 6 } }))).toBe('link not specified');
    expect(refusal(newLink(a, { kind: 'vlan', link: 1, data: { kind: 'vlan', id: 6 } }))).toBe(
      'VLANs not supported on device',
    );
  });
});
