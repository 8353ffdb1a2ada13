import { formatMac, type Ip, type Mac, parseMac, strerror } from '../../base/index.ts';
import { delNeigh, dumpAddrs, getLink, getRoute, type NeighMessage, type NetNs, newNeigh } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { resolveHost, reverseHost } from '../names.ts';
import { arpEntries, arpFlags } from '../trees/proc-net.ts';
import { ARP_USAGE } from './usage.ts';

/** Ends arp: `text` on standard error, then exit 255. */
class ArpError extends Error {}

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, arp, { usage: ARP_USAGE, status: 3 });
  if (typeof parsed === 'number') return parsed;
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  if (parsed.has('-h')) {
    yield* process.printError(ARP_USAGE);
    return 3;
  }
  if (parsed.has('-V')) {
    yield* process.print('net-tools 2.10\n');
    return 0;
  }
  const tool = new Tool(process, ns, namedNamespaces(node).nameOf(process.netns), parsed);
  try {
    if (parsed.has('-d')) tool.remove();
    else if (parsed.has('-s')) tool.set();
    else yield* process.print(tool.show());
    return 0;
  } catch (error) {
    if (!(error instanceof ArpError)) throw error;
    yield* process.printError(`${error.message}\n`);
    return 255;
  }
}

class Tool {
  readonly #numeric: boolean;
  readonly #device: string | undefined;

  constructor(
    private readonly process: Process,
    private readonly ns: NetNs,
    private readonly netnsName: string | undefined,
    private readonly parsed: Parsed,
  ) {
    this.#numeric = parsed.has('-n');
    this.#device = parsed.value('-i');
  }

  #address(text: string): Ip {
    const resolved = resolveHost(this.process, text, this.netnsName);
    const address = resolved.ok ? resolved.addresses.find((ip) => ip.family === 4) : undefined;
    if (address === undefined) throw new ArpError(`${text}: Host name lookup failure`);
    return address;
  }

  show(): string {
    const { parsed } = this;
    const [host] = parsed.operands;
    const wanted = host === undefined ? undefined : this.#address(host);
    const all = arpEntries(this.ns);
    const shown = all.filter(
      (entry) =>
        (wanted === undefined || entry.dst === wanted) &&
        (this.#device === undefined || this.#nameOf(entry) === this.#device),
    );
    const bsd = parsed.has('-a') && !parsed.has('-e');
    const lines = shown.map((entry) => (bsd ? this.#bsdLine(entry) : this.#linuxLine(entry)));
    const head = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';
    const counts = parsed.has('-v')
      ? `Entries: ${all.length}\tSkipped: ${all.length - shown.length}\tFound: ${shown.length}\n`
      : '';
    if (shown.length > 0) return `${bsd ? '' : head}${lines.join('')}${counts}`;
    if (host !== undefined && this.#device === undefined) return `${counts}${host} (${wanted}) -- no entry\n`;
    if (host !== undefined || this.#device !== undefined)
      return `${counts}arp: in ${all.length} entries no match found.\n`;
    return counts;
  }

  #nameOf(entry: NeighMessage): string {
    return getLink(this.ns, entry.ifindex)?.name ?? '*';
  }

  #hostName(address: Ip): string | undefined {
    return this.#numeric ? undefined : reverseHost(this.process, address, this.netnsName);
  }

  #linuxLine(entry: NeighMessage): string {
    const flags = arpFlags(entry);
    const name = (this.#hostName(entry.dst) ?? String(entry.dst)).padEnd(23).slice(0, 23);
    const device = this.#nameOf(entry);
    if (entry.proxy)
      return `${name}  ${'*'.padEnd(6)}  ${'<from_interface>'.padEnd(17)}   ${'MP'.padEnd(6)}${''.padEnd(15)} ${device}\n`;
    if (flags === 0 || entry.lladdr === undefined)
      return `${name}  ${''.padEnd(6)}  ${'(incomplete)'.padEnd(17)}   ${''.padEnd(6)}${''.padEnd(15)} ${device}\n`;
    const letters = (flags & 0x4) === 0 ? 'C' : 'CM';
    return `${name}  ${'ether'.padEnd(6)}  ${formatMac(entry.lladdr).padEnd(17)}   ${letters.padEnd(6)}${''.padEnd(15)} ${device}\n`;
  }

  #bsdLine(entry: NeighMessage): string {
    const flags = arpFlags(entry);
    const name = this.#hostName(entry.dst) ?? '?';
    const device = this.#nameOf(entry);
    if (entry.proxy) return `${name} (${entry.dst}) at * PERM PUP on ${device}\n`;
    if (flags === 0 || entry.lladdr === undefined) return `${name} (${entry.dst}) at <incomplete> on ${device}\n`;
    return `${name} (${entry.dst}) at ${formatMac(entry.lladdr)} [ether] ${(flags & 0x4) === 0 ? '' : 'PERM '}on ${device}\n`;
  }

  remove(): void {
    const [host] = this.parsed.operands;
    if (host === undefined) throw new ArpError('arp: need host name');
    const address = this.#address(host);
    const entry = arpEntries(this.ns).find(
      (one) => one.dst === address && (this.#device === undefined || this.#nameOf(one) === this.#device),
    );
    if (entry === undefined) throw new ArpError(`No ARP entry for ${host}`);
    delNeigh(this.ns, { ifindex: entry.ifindex, dst: address, proxy: entry.proxy });
  }

  /** `-s HOST MAC [temp|pub]`: on the device through which the host is reached. */
  set(): void {
    const [host, hardware, ...modes] = this.parsed.operands;
    if (host === undefined) throw new ArpError('arp: need host name');
    const address = this.#address(host);
    if (hardware === undefined) throw new ArpError('arp: need hardware address');
    const lladdr = this.parsed.has('-D') ? this.#deviceAddress(hardware) : parseMac(hardware);
    if (lladdr === undefined) throw new ArpError('arp: invalid hardware address');
    const ifindex = this.#outgoing(address);
    const proxy = modes.includes('pub');
    const state = modes.includes('temp') ? 'REACHABLE' : 'PERMANENT';
    const made = newNeigh(
      this.ns,
      proxy ? { ifindex, dst: address, proxy } : { ifindex, dst: address, lladdr, state },
      { create: true, replace: true },
    );
    if (!made.ok) throw new ArpError(`SIOCSARP: ${strerror(made.error.errno)}`);
  }

  #deviceAddress(name: string): Mac {
    const link = getLink(this.ns, name);
    if (link === undefined) throw new ArpError(`arp: cant get HW-Address for \`${name}': No such device.`);
    return link.mac;
  }

  #outgoing(address: Ip): number {
    const named = this.#device === undefined ? undefined : getLink(this.ns, this.#device);
    if (named !== undefined) return named.ifindex;
    const route = getRoute(this.ns, { dst: address });
    if (!route.ok || this.#device !== undefined)
      throw new ArpError(`SIOCSARP: ${this.#device === undefined ? 'Network is unreachable' : 'No such device'}`);
    const own = dumpAddrs(this.ns, { family: 4 }).some((entry) => entry.local === address);
    if (own) throw new ArpError('SIOCSARP: Invalid argument');
    return route.value.ifindex;
  }
}

export const arp: CommandSpec = {
  name: 'arp',
  path: '/usr/sbin/arp',
  summary: "show and change the system's ARP cache",
  options: [
    option('-a', 'all hosts, in BSD style'),
    option('-e', 'all hosts, in Linux style'),
    option('-n --numeric', 'no names'),
    option('-v --verbose', 'with counts'),
    option('-i --device', 'only entries of this device', 'DEVICE'),
    option('-s --set', 'set an entry'),
    option('-d --delete', 'delete an entry'),
    option('-D --use-device', 'take the hardware address from a device'),
    option('-h --help', 'usage'),
    option('-V --version', 'version'),
    { flags: ['-f', '--file'], text: 'entries from a file', value: 'FILE', simulated: false },
    { flags: ['-H', '--hw-type'], text: 'hardware type', value: 'TYPE', simulated: false },
    { flags: ['-A', '-p', '--protocol'], text: 'protocol family', value: 'FAMILY', simulated: false },
  ],
  run,
};
