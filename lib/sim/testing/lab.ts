import { Cidr, EventQueue, Ip, type Mac, MILLISECOND, type Micros, parseMac, Random } from '../base/index.ts';
import {
  bootKernel,
  dumpLinks,
  type Kernel,
  type LinkMessage,
  type NetNs,
  newAddr,
  newLink,
  newRoute,
  openPing,
  openTap,
  type PingError,
  type PingOptions,
  type PingReply,
  setLink,
  writeSysctl,
} from '../kernel/index.ts';
import { Trace, type TraceEvent } from '../trace/index.ts';
import { type EthernetFrame, parseEthernet } from '../wire/index.ts';
import { must } from './result.ts';

export const ip = (text: string): Ip => {
  const parsed = Ip.parse(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
};

export const cidr = (text: string): Cidr => {
  const parsed = Cidr.parse(text === 'default' ? '0.0.0.0/0' : text);
  if (parsed === undefined) throw new Error(`not a prefix: ${text}`);
  return parsed;
};

export const mac = (text: string): Mac => {
  const parsed = parseMac(text);
  if (parsed === undefined) throw new Error(`not a MAC address: ${text}`);
  return parsed;
};

export type Captured = {
  readonly at: Micros;
  readonly direction: 'in' | 'out';
  readonly frame: EthernetFrame;
  readonly bytes: Uint8Array;
};

/**
 * One machine with namespaces to try things on: short words for what takes `ip` several. Whatever fails here throws,
 * so that a test's first wrong step is the one that is seen.
 */
export class Lab {
  readonly events = new EventQueue();
  readonly trace = new Trace(this.events);
  readonly kernel: Kernel;
  readonly host: NetNs;
  /** Everything that happened since `record` was called. */
  readonly happened: TraceEvent[] = [];

  constructor(seed: number | string = 1) {
    this.kernel = bootKernel({ events: this.events, random: new Random(seed), trace: this.trace, name: 'host' });
    this.host = this.kernel.init;
  }

  record(): TraceEvent[] {
    this.trace.subscribe((event) => this.happened.push(event));
    return this.happened;
  }

  /** `NETNS REASON` of each packet that ends from now on. */
  recordDrops(): string[] {
    const drops: string[] = [];
    this.trace.subscribe((event) => {
      if (event.type === 'drop') drops.push(`${event.netns} ${event.reason}`);
    });
    return drops;
  }

  /** Lets virtual time pass. */
  run(milliseconds: number): void {
    const end = this.events.now + milliseconds * MILLISECOND;
    let budget = 1_000_000;
    while (this.events.runNext(end)) if (--budget === 0) throw new Error('a million events in one run');
    this.events.advanceTo(end);
  }

  /** A namespace with `lo` up. */
  netns(): NetNs {
    const ns = this.kernel.newNetNs();
    this.up(ns, 'lo');
    return ns;
  }

  link(ns: NetNs, name: string): LinkMessage {
    // From the dump: asking for one device alone would bring its pending link events forward.
    const link = dumpLinks(ns).find((one) => one.name === name);
    if (link === undefined) throw new Error(`no device ${name}`);
    return link;
  }

  up(ns: NetNs, ...names: string[]): void {
    for (const name of names) must(setLink(ns, this.link(ns, name).ifindex, { up: true }));
  }

  down(ns: NetNs, name: string): void {
    must(setLink(ns, this.link(ns, name).ifindex, { up: false }));
  }

  /** A pair of veths, both up, with the addresses given. */
  veth(
    a: NetNs,
    nameA: string,
    b: NetNs,
    nameB: string,
    addresses: { readonly a?: string; readonly b?: string } = {},
  ): void {
    must(newLink(a, { kind: 'veth', name: nameA, peer: { name: nameB, netns: b } }));
    if (addresses.a !== undefined) this.addr(a, nameA, addresses.a);
    if (addresses.b !== undefined) this.addr(b, nameB, addresses.b);
    this.up(a, nameA);
    this.up(b, nameB);
    this.run(1);
  }

  bridge(ns: NetNs, name: string): void {
    must(newLink(ns, { kind: 'bridge', name }));
    this.up(ns, name);
  }

  master(ns: NetNs, port: string, bridge: string): void {
    must(setLink(ns, this.link(ns, port).ifindex, { master: this.link(ns, bridge).ifindex }));
    this.run(1);
  }

  addr(ns: NetNs, dev: string, text: string): void {
    const { address, prefix } = cidr(text);
    must(
      newAddr(
        ns,
        { ifindex: this.link(ns, dev).ifindex, local: address, prefix, nodad: true },
        { create: true, excl: true },
      ),
    );
  }

  /** `route(ns, '10.0.0.0/8', { via: '10.1.1.1' })` */
  route(
    ns: NetNs,
    dst: string,
    how: { readonly via?: string; readonly dev?: string; readonly metric?: number; readonly table?: number },
  ): void {
    const prefix = dst === 'default' && how.via?.includes(':') === true ? cidr('::/0') : cidr(dst);
    const ifindex = how.dev === undefined ? undefined : this.link(ns, how.dev).ifindex;
    const gateway = how.via === undefined ? undefined : ip(how.via);
    const nexthop = { ...(ifindex === undefined ? {} : { ifindex }), ...(gateway === undefined ? {} : { gateway }) };
    must(
      newRoute(
        ns,
        {
          family: prefix.address.family,
          dst: prefix,
          nexthops: [nexthop],
          scope: gateway === undefined ? 253 : 0,
          ...(how.metric === undefined ? {} : { priority: how.metric }),
          ...(how.table === undefined ? {} : { table: how.table }),
        },
        { create: true, excl: true },
      ),
    );
  }

  sysctl(ns: NetNs, path: string, value: string | number): void {
    must(writeSysctl(ns, path, String(value)));
  }

  /** Sends echo requests, a second apart, and waits; what came back. */
  ping(
    ns: NetNs,
    to: string,
    how: PingOptions & { readonly count?: number; readonly size?: number; readonly wait?: number } = {},
  ): { replies: PingReply[]; errors: PingError[] } {
    const { count = 1, size = 56, wait = 1000, ...options } = how;
    const target = ip(to);
    const socket = openPing(ns, target.family, options);
    const replies: PingReply[] = [];
    const errors: PingError[] = [];
    for (let seq = 1; seq <= count; seq++) {
      socket.sendEcho(target, { id: 77, seq, data: Uint8Array.from({ length: size }, (_, i) => i & 255) });
      this.run(wait);
      for (let r = socket.receive(); r !== undefined; r = socket.receive()) replies.push(r);
      for (let e = socket.error(); e !== undefined; e = socket.error()) errors.push(e);
    }
    socket.close();
    return { replies, errors };
  }

  /** What a device sees from now on, parsed back from its bytes. */
  capture(ns: NetNs, dev: string): Captured[] {
    const captured: Captured[] = [];
    openTap(ns, {
      ifindex: this.link(ns, dev).ifindex,
      onFrame: (tapped) => {
        const bytes = tapped.bytes();
        const frame = parseEthernet(bytes);
        if (frame === undefined || bytes.length !== tapped.length) throw new Error('a frame that does not parse');
        captured.push({ at: tapped.at, direction: tapped.direction, frame, bytes });
      },
    });
    return captured;
  }
}
