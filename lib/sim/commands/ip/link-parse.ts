import type { Mac } from '../../base/index.ts';
import type { LinkChange, NetNs } from '../../kernel/index.ts';
import { linkAddress } from '../iproute2/addresses.ts';
import { namedNamespaces, namespaceAt } from '../iproute2/named-netns.ts';
import { groups } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, garbage, integer, invalid, onOff, parseInteger, Refusal, type Words } from '../iproute2/words.ts';
import { LINK_USAGE, usage } from './usage.ts';

type Settings = { -readonly [K in keyof LinkChange]?: LinkChange[K] } & { ifindex?: number };

/** What stands before `type` in `ip link add|set|del` (iplink_parse() of iplink.c). */
export type LinkWords = {
  readonly settings: Settings;
  readonly name: string | undefined;
  readonly dev: string | undefined;
  /** The lower device of `link DEV`. */
  readonly lower: string | undefined;
  readonly type: string | undefined;
  readonly netns: NetNs | undefined;
  readonly addressLength: number | undefined;
};

/** Settings that the real tool has and the kernel here does not, with a value of their own. */
const NOT_SIMULATED = [
  'xdp',
  'xdpgeneric',
  'xdpdrv',
  'xdpoffload',
  'vrf',
  'mode',
  'state',
  'carrier',
  'protodown',
  'protodown_reason',
  'gso_max_size',
  'gso_max_segs',
  'gro_max_size',
  'parentdev',
  'trailers',
];

const VF_WORDS =
  /^(mac|vlan|qos|proto|rate|max_tx_rate|min_tx_rate|spoofchk|query_rss|state|trust|node_guid|port_guid)$/;

export function parseLink(session: Session, words: Words, creating: boolean): LinkWords {
  return new LinkParser(session, words, creating).parse();
}

class LinkParser {
  readonly #settings: Settings = {};
  #name: string | undefined;
  #dev: string | undefined;
  #lower: string | undefined;
  #type: string | undefined;
  #netns: NetNs | undefined;
  #addressLength: number | undefined;

  constructor(
    private readonly session: Session,
    private readonly words: Words,
    private readonly creating: boolean,
  ) {}

  parse(): LinkWords {
    for (; this.words.more && this.#type === undefined; this.words.next()) this.#word();
    this.#reconcileNames();
    const [settings, lower, type, netns] = [this.#settings, this.#lower, this.#type, this.#netns];
    return { settings, name: this.#name, dev: this.#dev, lower, type, netns, addressLength: this.#addressLength };
  }

  #word(): void {
    const { words } = this;
    if (words.is('up')) this.#settings.up = true;
    else if (words.is('down')) this.#settings.up = false;
    else if (words.is('name')) this.#nameWord();
    else if (words.is('index')) this.#indexWord();
    else if (words.abbreviates('link')) this.#lower = words.value();
    else if (words.abbreviates('address')) this.#settings.mac = this.#mac();
    else if (words.abbreviates('broadcast') || words.is('brd')) this.#settings.broadcast = this.#mac();
    else if (words.abbreviates('txqueuelen', 'txqlen') || words.is('qlen'))
      this.#once('txqlen', 'txqueuelen', 'Invalid "txqueuelen" value\n');
    else if (words.is('mtu')) this.#once('mtu', 'mtu', 'Invalid "mtu" value\n');
    else if (words.is('netns')) this.#netnsWord();
    else if (words.is('multicast')) this.#settings.multicast = onOff('multicast', words.value());
    else if (words.is('allmulticast')) this.#settings.allmulticast = onOff('allmulticast', words.value());
    else if (words.is('promisc')) this.#settings.promisc = onOff('promisc', words.value());
    else if (words.is('arp')) this.#settings.arp = onOff('arp', words.value());
    else this.#laterWord();
  }

  /** The second half of iplink_parse(), in its order: `m` is master, `a` is address. */
  #laterWord(): void {
    const { words, session } = this;
    if (words.is(...NOT_SIMULATED)) throw new Refusal(`ip: not simulated here: link setting '${words.word}'\n`, 64);
    if (words.abbreviates('master')) {
      const master = session.linkNamed(words.value());
      if (master === undefined) throw invalid('Device does not exist\n', words.word);
      this.#settings.master = master.ifindex;
    } else if (words.abbreviates('nomaster')) this.#settings.master = 0;
    else if (words.abbreviates('dynamic')) throw new Refusal("ip: not simulated here: link setting 'dynamic'\n", 64);
    else if (words.abbreviates('type')) this.#type = words.value();
    else if (words.abbreviates('alias')) {
      this.#settings.alias = words.value();
      if (words.word.length >= 256) throw invalid('alias too long\n', words.word);
    } else if (words.is('group')) this.#groupWord();
    else if (words.abbreviates('numtxqueues'))
      this.#settings.numTxQueues = integer(words.value(), 'Invalid "numtxqueues" value\n');
    else if (words.abbreviates('numrxqueues'))
      this.#settings.numRxQueues = integer(words.value(), 'Invalid "numrxqueues" value\n');
    else if (words.is('vf')) this.#vf();
    else if (words.abbreviates('addrgenmode')) this.#addrGenMode();
    else if (words.abbreviates('link-netns', 'link-netnsid'))
      throw new Refusal(`ip: not simulated here: link setting '${words.word}'\n`, 64);
    else this.#deviceWord();
  }

  /** Settings of a virtual function: no device here has any, so the kernel refuses them. */
  #vf(): void {
    const { words } = this;
    integer(words.value(), 'Invalid "vf" value\n');
    while (VF_WORDS.test(words.rest[1] ?? '')) {
      words.next();
      words.value();
    }
    this.#settings.vf = true;
  }

  #nameWord(): void {
    const name = this.words.value();
    if (this.#name !== undefined) throw duplicate('name', name);
    if (!isInterfaceName(name)) throw invalid('"name" not a valid ifname', name);
    this.#name = name;
    this.#dev ??= name;
  }

  #indexWord(): void {
    const text = this.words.value();
    if (this.#settings.ifindex !== undefined) throw duplicate('index', text);
    const index = Number.parseInt(text, 10);
    if (!(index > 0)) throw invalid('Invalid "index" value', text);
    this.#settings.ifindex = index;
  }

  #deviceWord(): void {
    const { words } = this;
    if (words.abbreviates('help')) throw usage(LINK_USAGE);
    if (words.is('dev')) words.value();
    if (this.#dev !== this.#name) throw garbage('dev', words.word);
    if (!isAlternativeName(words.word)) throw invalid('"dev" not a valid ifname', words.word);
    this.#dev = words.word;
  }

  #mac(): Mac | undefined {
    const parsed = linkAddress(this.words.value());
    if (typeof parsed === 'number') {
      this.#addressLength = 6;
      return parsed;
    }
    this.#addressLength = parsed.length;
    return undefined;
  }

  #once(key: 'mtu' | 'txqlen', word: string, message: string): void {
    const text = this.words.value();
    if (this.#settings[key] !== undefined) throw duplicate(word, text);
    this.#settings[key] = integer(text, message);
  }

  #groupWord(): void {
    const text = this.words.value();
    if (this.#settings.group !== undefined) throw duplicate('group', text);
    const group = groups.parse(text);
    if (group === undefined) throw invalid('Invalid "group" value\n', text);
    this.#settings.group = group;
  }

  #addrGenMode(): void {
    const mode = this.words.value();
    if (mode !== 'eui64' && mode !== 'none') {
      if (mode === 'stable_secret' || mode === 'random')
        throw new Refusal(`ip: not simulated here: addrgenmode ${mode}\n`, 64);
      throw invalid('Invalid address generation mode\n', mode);
    }
    this.#settings.addrGenMode = mode;
  }

  #netnsWord(): void {
    const text = this.words.value();
    if (this.#netns !== undefined) throw duplicate('netns', text);
    this.#netns = findNetns(this.session, text);
  }

  /** `ip link add dev X`, `ip link add name X` and `ip link set dev X name Y`. */
  #reconcileNames(): void {
    this.#name ??= this.#dev;
    this.#dev ??= this.#name;
    if (!this.creating && this.#settings.ifindex !== undefined && this.#netns === undefined) {
      throw new Refusal('index can be used only when creating devices or when moving device to another netns.\n', 255);
    }
    if (this.creating && this.#name !== this.#dev) {
      throw new Refusal('both "name" and "dev" cannot be used when creating devices.\n', 255);
    }
  }
}

/** netns_get_fd(), else a process id. */
export function findNetns(session: Session, text: string): NetNs {
  const named = text.includes('/') ? namespaceAt(session.node, session.process, text) : undefined;
  const inode = named?.ok ? named.value : namedNamespaces(session.node).inode(text);
  const ns = inode === undefined ? undefined : session.node.kernel.netns(inode);
  if (ns !== undefined) return ns;
  const pid = parseInteger(text);
  if (pid === undefined) throw invalid('Invalid "netns" value\n', text);
  const process = session.node.machine.processes.get(pid);
  // Of the first process there is no more than its namespace.
  const inodeOf = pid === 1 ? session.node.kernel.init.inode : process?.netns;
  const ofProcess = inodeOf === undefined ? undefined : session.node.kernel.netns(inodeOf);
  if (ofProcess === undefined) throw new Refusal('RTNETLINK answers: No such process\n', 2);
  return ofProcess;
}

/** check_ifname(): what dev_valid_name() accepts. */
export const isInterfaceName = (name: string): boolean => isAlternativeName(name) && name.length < 16;
/** check_altifname() */
export const isAlternativeName = (name: string): boolean => name !== '' && name.length < 128 && !/[\s/]/.test(name);
