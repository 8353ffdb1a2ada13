import { Cidr, fail, Ip, parseMac, type Result, strerror } from '../../base/index.ts';
import {
  type AddrMessage,
  delAddr,
  dumpAddrs,
  getLink,
  IFF,
  type LinkMessage,
  type LinkSettings,
  type NetNs,
  newAddr,
  setLink,
} from '../../kernel/index.ts';
import type { Process } from '../../os/index.ts';
import { resolveHost } from '../names.ts';

/** Ends ifconfig at once. */
export class IfconfigError {
  constructor(
    readonly message: string,
    readonly status: number,
  ) {}
}

/** `--help` */
export class UsageWanted {}

export class NotSimulated {
  constructor(readonly what: string) {}
}

const FLAG_WORDS: Readonly<Record<string, LinkSettings>> = {
  arp: { arp: true },
  '-arp': { arp: false },
  promisc: { promisc: true },
  '-promisc': { promisc: false },
  multicast: { multicast: true },
  '-multicast': { multicast: false },
  allmulti: { allmulticast: true },
  '-allmulti': { allmulticast: false },
};

/** Not there for a driver without these, or not here. */
const REFUSED: Readonly<Record<string, string>> = {
  mem_start: 'mem_start: SIOCSIFMAP: Operation not supported',
  io_addr: 'io_addr: SIOCSIFMAP: Operation not supported',
  irq: 'irq: SIOCSIFMAP: Operation not supported',
};

/**
 * The words behind the interface, one after another, each an ioctl(2) of its own (net-tools' ifconfig.c and the kernel's
 * devinet_ioctl()). What fails is said, and the rest is done all the same.
 */
export class Changes {
  #failed: number | undefined;
  readonly #words: string[];
  #family: 4 | 6 = 4;
  readonly messages: string[] = [];

  constructor(
    private readonly process: Process,
    private readonly ns: NetNs,
    private readonly name: string,
    words: readonly string[],
    private readonly netnsName: string | undefined,
  ) {
    this.#words = [...words];
  }

  run(): number {
    while (this.#words.length > 0) this.#word(this.#words.shift() as string);
    return this.#failed ?? 0;
  }

  #next(): string {
    const word = this.#words.shift();
    if (word === undefined) throw new UsageWanted();
    return word;
  }

  #say(message: string, status = 1): void {
    this.messages.push(`${message}\n`);
    this.#failed = status;
  }

  #check(call: string, result: Result<unknown>): boolean {
    if (!result.ok) this.#say(`${call}: ${strerror(result.error.errno)}`);
    return result.ok;
  }

  get #link(): LinkMessage | undefined {
    return getLink(this.ns, this.name.replace(/:.*/s, ''));
  }

  /** The IPv4 address that goes by the interface's name. */
  get #address(): AddrMessage | undefined {
    const link = this.#link;
    if (link === undefined) return undefined;
    return dumpAddrs(this.ns, { family: 4, ifindex: link.ifindex }).find(({ label }) => label === this.name);
  }

  #word(word: string): void {
    const flags = FLAG_WORDS[word];
    if (flags !== undefined) return this.#setFlags(flags);
    switch (word) {
      case 'up':
        return this.#setFlags({ up: true });
      case 'down':
        return this.name.includes(':') ? this.#aliasDown() : this.#setFlags({ up: false });
      case 'trailers':
      case '-trailers':
      case 'dynamic':
      case '-dynamic':
      case '-pointopoint':
        return this.#setFlags({});
      case 'inet':
      case 'inet6':
        this.#family = word === 'inet' ? 4 : 6;
        return;
      case 'mtu':
        return this.#setMtu(this.#next());
      case 'txqueuelen':
        this.#change('SIOCSIFTXQLEN', { txqlen: Number.parseInt(this.#next(), 10) || 0 });
        return;
      case 'name':
        this.#change('SIOCSIFNAME', { name: this.#next() });
        return;
      case 'hw':
        return this.#hardware(this.#next(), this.#next());
      case 'netmask':
        return this.#netmask(this.#resolve(this.#next(), 1));
      case 'broadcast':
        return this.#broadcast();
      case '-broadcast':
        return this.#setFlags({});
      case 'pointopoint':
      case 'dstaddr':
        return this.#peer(word);
      case 'add':
        return this.#add(this.#next());
      case 'del':
        return this.#remove(this.#next());
      case 'tunnel':
      case 'outfill':
      case 'keepalive':
      case 'media':
        throw new NotSimulated(word);
      default:
        return this.#other(word);
    }
  }

  #other(word: string): void {
    const refusal = REFUSED[word];
    if (refusal !== undefined) {
      this.#next();
      return this.#say(refusal);
    }
    if (this.#family === 6) throw new NotSimulated('inet6 without add or del');
    this.#assign(word);
  }

  #change(call: string, change: Parameters<typeof setLink>[2]): boolean {
    const link = this.#link;
    return this.#check(call, link === undefined ? fail('ENODEV') : setLink(this.ns, link.ifindex, change));
  }

  #setFlags(flags: LinkSettings): void {
    const link = this.#link;
    if (link === undefined) {
      return this.#say(`${this.name}: ERROR while getting interface flags: No such device`, 255);
    }
    if (this.name.includes(':') && this.#address === undefined) {
      return this.#say(`SIOCSIFFLAGS: ${strerror('EADDRNOTAVAIL')}`, 255);
    }
    const set = setLink(this.ns, link.ifindex, flags);
    if (!set.ok) this.#say(`SIOCSIFFLAGS: ${strerror(set.error.errno)}`, 255);
  }

  /** The name of an address goes down with the address. */
  #aliasDown(): void {
    const found = this.#address;
    if (found === undefined) return this.#setFlags({});
    this.#delete(found);
  }

  #setMtu(word: string): void {
    this.#change('SIOCSIFMTU', { mtu: Number.parseInt(word, 10) || 0 });
  }

  #hardware(kind: string, text: string): void {
    if (kind !== 'ether') {
      if (['loop', 'tunnel', 'ppp', 'slip', 'sit'].includes(kind)) throw new NotSimulated(`hw ${kind}`);
      throw new UsageWanted();
    }
    const mac = parseMac(text);
    if (mac === undefined) return this.#say(`${text}: invalid ether address.`);
    this.#change('SIOCSIFHWADDR', { mac });
  }

  /** A number or a name; what cannot be resolved ends the program. */
  #resolve(text: string, status: number, hint = ''): Ip {
    const resolved = resolveHost(this.process, text, this.netnsName);
    const found = resolved.ok ? resolved.addresses.find((ip) => ip.family === 4) : undefined;
    if (found !== undefined) return found;
    const why = /[./:]/.test(text) ? 'Unknown host' : 'Host name lookup failure';
    throw new IfconfigError(`${text}: ${why}\n${hint}`, status);
  }

  /** SIOCSIFADDR: the old address under this name goes; the new one has the mask of its class, or what stands behind it. */
  #assign(word: string): void {
    const [text = '', length] = word.split('/');
    const ip = text === 'default' ? Ip.any4 : this.#resolve(text, 1, "ifconfig: `--help' gives usage information.\n");
    const link = this.#link;
    if (link === undefined) {
      this.#say('SIOCSIFADDR: No such device');
      return this.#setFlags({});
    }
    const old = this.#address;
    if (old !== undefined && old.local !== ip) this.#delete(old);
    if (!ip.isUnspecified && old?.local !== ip) {
      this.#check('SIOCSIFADDR', this.#insert(link, ip, classOf(ip)));
    }
    if (!ip.isUnspecified) this.#setFlags({ up: true });
    if (length !== undefined) this.#setPrefix(Math.min(32, Number.parseInt(length, 10) || 0));
  }

  #insert(link: LinkMessage, local: Ip, prefix: number, broadcast?: Ip): Result<void> {
    const wanted = broadcast ?? (prefix < 31 ? new Cidr(local, prefix).broadcast() : undefined);
    const useful = (link.flags & IFF.BROADCAST) !== 0 ? wanted : undefined;
    const request = { ifindex: link.ifindex, local, prefix, label: this.name, scope: local.isLoopback ? 254 : 0 };
    return newAddr(this.ns, useful === undefined ? request : { ...request, broadcast: useful }, {
      create: true,
      excl: true,
    });
  }

  #delete({ ifindex, local, address, prefix }: AddrMessage): void {
    delAddr(this.ns, { ifindex, local, peer: address, prefix });
  }

  #netmask(mask: Ip): void {
    const inverted = ~mask.v4 >>> 0;
    if ((inverted & (inverted + 1)) !== 0) return this.#say('SIOCSIFNETMASK: Invalid argument');
    this.#setPrefix(32 - Math.log2(inverted + 1));
  }

  #setPrefix(prefix: number): void {
    const found = this.#address;
    const link = this.#link;
    if (link === undefined) return this.#say('SIOCSIFNETMASK: No such device');
    if (found === undefined) return this.#say('SIOCSIFNETMASK: Cannot assign requested address');
    if (found.prefix === prefix) return;
    const own = found.broadcast !== undefined && found.broadcast !== new Cidr(found.local, found.prefix).broadcast();
    this.#delete(found);
    this.#check('SIOCSIFNETMASK', this.#insert(link, found.local, prefix, own ? found.broadcast : undefined));
  }

  /** With an address it is set; without, the flag alone would be. */
  #broadcast(): void {
    const [word] = this.#words;
    if (word === undefined || !/^\d/.test(word)) return this.#setFlags({});
    const broadcast = this.#resolve(this.#next(), 1);
    const found = this.#address;
    const link = this.#link;
    if (link === undefined) return this.#say('SIOCSIFBRDADDR: No such device');
    if (found === undefined) return this.#say('SIOCSIFBRDADDR: Cannot assign requested address');
    this.#delete(found);
    this.#check('SIOCSIFBRDADDR', this.#insert(link, found.local, found.prefix, broadcast));
  }

  #peer(word: string): void {
    const peer = this.#resolve(this.#next(), 1);
    const link = this.#link;
    if (link === undefined) return this.#say('SIOCSIFDSTADDR: No such device');
    const found = this.#address;
    if (found === undefined || (link.flags & IFF.POINTOPOINT) === 0) return;
    this.#delete(found);
    const request = { ifindex: link.ifindex, local: found.local, peer, prefix: 32, label: this.name };
    this.#check(word, newAddr(this.ns, request, { create: true, excl: true }));
  }

  #add(word: string): void {
    const link = this.#link;
    const [text = '', length] = word.split('/');
    const ip = Ip.parse(text);
    if (ip?.family === 6) {
      const prefix = Math.min(128, length === undefined ? 128 : Number(length));
      const request = { ifindex: link?.ifindex ?? 0, local: ip, prefix };
      this.#check(
        'SIOCSIFADDR',
        link === undefined ? fail('ENODEV') : newAddr(this.ns, request, { create: true, excl: true }),
      );
      return;
    }
    if (length !== undefined || link === undefined) throw new IfconfigError(`${word}: Unknown host\n`, 1);
    this.#addAlias(link, this.#resolve(text, 1));
  }

  /** A further IPv4 address gets the first free name, and the mask of the interface's own. */
  #addAlias(link: LinkMessage, ip: Ip): void {
    const labels = new Set(dumpAddrs(this.ns, { family: 4, ifindex: link.ifindex }).map(({ label }) => label));
    let number = 0;
    while (labels.has(`${link.name}:${number}`)) number++;
    const own = this.#address;
    const prefix = own?.prefix ?? classOf(ip);
    const request = { ifindex: link.ifindex, local: ip, prefix, label: `${link.name}:${number}` };
    const broadcast = own?.broadcast;
    this.#check(
      'SIOCSIFADDR',
      newAddr(this.ns, broadcast === undefined ? request : { ...request, broadcast }, { create: true, excl: true }),
    );
  }

  #remove(word: string): void {
    const link = this.#link;
    const [text = '', length] = word.split('/');
    const ip = Ip.parse(text);
    if (ip === undefined || link === undefined) throw new IfconfigError(`${word}: Unknown host\n`, 1);
    if (ip.family === 6) {
      const request = { ifindex: link.ifindex, local: ip, peer: ip, prefix: Number(length ?? 128) };
      this.#check('SIOCDIFADDR', delAddr(this.ns, request));
      return;
    }
    const found = dumpAddrs(this.ns, { family: 4, ifindex: link.ifindex }).find(({ local }) => local === ip);
    if (found === undefined) return this.#say(`SIOCDIFADDR: ${strerror('EADDRNOTAVAIL')}`);
    this.#delete(found);
  }
}

/** inet_abc_len(): the classes of addresses before CIDR. */
function classOf(ip: Ip): number {
  const first = ip.v4 >>> 24;
  return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 32;
}
