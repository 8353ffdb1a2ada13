import type { Ip, Mac } from '../../base/index.ts';
import type { Icmpv6Message, Ipv6Packet } from '../../wire/index.ts';
import type { Link } from '../link/link.ts';
import { transmit } from '../link/transmit.ts';
import { findOrCreate } from '../neigh/manage.ts';
import { newSkb } from '../skb.ts';

/** Router-alert option and padding: what listener reports carry (RFC 2711). */
const ROUTER_ALERT = Uint8Array.of(5, 2, 0, 0, 1, 0);

/** A message of neighbour discovery: it stays on the link, with hop limit 255. Its source may be an address not ours yet. */
export function sendNd(link: Link, source: Ip, to: Ip, payload: Icmpv6Message, lladdr?: Mac): void {
  send(link, { source, to, payload, hopLimit: 255, hopByHop: undefined }, lladdr);
}

/** A multicast listener report (RFC 3810): hop limit 1. */
export function sendReport(link: Link, source: Ip, to: Ip, payload: Icmpv6Message): void {
  send(link, { source, to, payload, hopLimit: 1, hopByHop: ROUTER_ALERT }, undefined);
}

type OnLink = {
  readonly source: Ip;
  readonly to: Ip;
  readonly payload: Icmpv6Message;
  readonly hopLimit: number;
  readonly hopByHop: Uint8Array | undefined;
};

function send(link: Link, what: OnLink, lladdr: Mac | undefined): void {
  const { ns } = link;
  if (!link.up) return;
  const packet: Ipv6Packet = {
    kind: 'ipv6',
    trafficClass: 0,
    flowLabel: 0,
    hopLimit: what.hopLimit,
    protocol: 58,
    src: what.source,
    dst: what.to,
    hopByHop: what.hopByHop,
    fragment: undefined,
    payload: what.payload,
  };
  const skb = newSkb(ns.kernel.packetId(), link, packet);
  ns.mib.add('Icmp6.OutMsgs');
  if (!ns.hooks6.pass('output', skb, undefined, link)) return;
  if (lladdr === undefined) {
    findOrCreate(ns.neigh6, link, what.to)?.output(skb);
    return;
  }
  skb.dst = lladdr;
  transmit(skb);
}
