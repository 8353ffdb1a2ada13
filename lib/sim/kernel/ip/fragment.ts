import { emitIpv4Payload, IPV4_HEADER, type Ipv4Packet, ipv4HeaderLength, rawBytes } from '../../wire/index.ts';

/**
 * Cuts a packet into pieces that fit the MTU (RFC 791 section 3.2, ip_fragment): all but the last carry a multiple of
 * 8 bytes. Options stay on the first piece only if not marked "copied"; none that Linux sends here are.
 */
export function fragment(packet: Ipv4Packet, mtu: number): Ipv4Packet[] {
  const body = emitIpv4Payload(packet);
  const pieces: Ipv4Packet[] = [];
  for (let at = 0; at < body.length; ) {
    const header = at === 0 ? ipv4HeaderLength(packet) : IPV4_HEADER;
    const room = (mtu - header) & ~7;
    const last = at + (mtu - header) >= body.length;
    const end = last ? body.length : at + room;
    pieces.push({
      ...packet,
      options: at === 0 ? packet.options : undefined,
      offset: packet.offset + at,
      mf: !last || packet.mf,
      payload: rawBytes(body.slice(at, end)),
    });
    at = end;
  }
  return pieces;
}
