import { Ip, SECOND } from '../../base/index.ts';
import type { NetNs } from '../../kernel/index.ts';
import { type ConntrackEntry, conntrackOf, invert, type Tuple } from '../../kernel/netfilter/index.ts';
import { filterOf, markOf, statusWords, tcpState } from './filter.ts';
import { ConntrackError } from './options.ts';
import { protocolNumber } from './protocol.ts';

/** The kernel refuses: exit status 1, and these words. */
export class OperationFailed extends Error {}

type Values = ReadonlyMap<string, string>;

const ADDRESSES = ['-s', '-d', '-r', '-q'];

/** The flow that -I and -G name in full. */
function tupleOf(values: Values): Tuple {
  const protocol = protocolNumber(values.get('-p') ?? '');
  if (protocol === undefined) throw new ConntrackError("You need to supply the `--protonum' option for this command");
  const [src, dst] = [addressOf(values.get('-s')), addressOf(values.get('-d'))];
  if (src === undefined || dst === undefined) throw new ConntrackError("you have to specify `--src' and `--dst'");
  const number = (flag: string): number => Number(values.get(flag) ?? 0);
  if (protocol === 1 || protocol === 58)
    return {
      src,
      dst,
      protocol,
      sport: number('--icmp-id'),
      dport: (number('--icmp-type') << 8) | number('--icmp-code'),
    };
  return { src, dst, protocol, sport: number('--sport'), dport: number('--dport') };
}

function addressOf(text: string | undefined): Ip | undefined {
  if (text === undefined) return undefined;
  const ip = Ip.parse(text);
  if (ip === undefined) throw new ConntrackError(`Invalid IP address \`${text}'`);
  return ip;
}

const zoneOf = (values: Values): ConntrackEntry['zone'] => ({
  id: Number(values.get('-w') ?? values.get('--orig-zone') ?? values.get('--reply-zone') ?? 0),
  direction: values.has('--orig-zone') ? 'original' : values.has('--reply-zone') ? 'reply' : 'both',
});

/** -I */
export function create(ns: NetNs, values: Values): void {
  const original = tupleOf(values);
  if (!values.has('-t')) throw new ConntrackError("You need to supply the `--timeout' option for this command");
  const reply = replyOf(original, values);
  if (reply === undefined) throw new OperationFailed('Invalid argument');
  const made = conntrackOf(ns).insert(original, reply, zoneOf(values), (entry) => {
    entry.natted.src = values.has('-n');
    entry.natted.dst = values.has('-g');
    apply(ns, entry, values);
  });
  if (!made) throw new OperationFailed('Such conntrack exists, try -U to update');
}

/** What the answers look like: as named, as the translation makes them, or simply the other way round. */
function replyOf(original: Tuple, values: Values): Tuple | undefined {
  const plain = invert(original);
  if (plain === undefined) return undefined;
  return {
    ...plain,
    src: addressOf(values.get('-r')) ?? addressOf(values.get('-g') || undefined) ?? plain.src,
    dst: addressOf(values.get('-q')) ?? addressOf(values.get('-n') || undefined) ?? plain.dst,
    sport: Number(values.get('--reply-port-src') ?? plain.sport),
    dport: Number(values.get('--reply-port-dst') ?? plain.dport),
  };
}

/** -G: the one entry; it says so when there is none. */
export function get(ns: NetNs, values: Values): ConntrackEntry {
  const found = conntrackOf(ns).find(tupleOf(values), zoneOf(values));
  if (found === undefined) throw new OperationFailed("such conntrack doesn't exist");
  return found.entry;
}

/**
 * -U: the entries that the addresses, ports and zones name. A request that names neither an address nor a family asks for
 * none: it meets nothing, and with a protocol beside the kernel refuses the first entry.
 */
export function update(ns: NetNs, values: Values): ConntrackEntry[] {
  const meant = filterOf(values, true);
  const entries = conntrackOf(ns).entries().filter(meant);
  if (!values.has('-f') && !ADDRESSES.some((flag) => values.has(flag))) {
    if (entries.length > 0 && values.has('-p')) throw new OperationFailed('Operation not supported');
    return [];
  }
  for (const entry of entries) {
    apply(ns, entry, values);
    conntrackOf(ns).publish('UPDATE', entry);
  }
  return entries;
}

function apply(ns: NetNs, entry: ConntrackEntry, values: Values): void {
  const { now } = ns.kernel.events;
  const timeout = values.get('-t');
  if (timeout !== undefined) entry.expires = now + Number(timeout) * SECOND;
  const mark = values.get('-m');
  if (mark !== undefined) entry.mark = withMark(entry.mark, mark);
  const state = values.get('--state');
  if (state !== undefined) entry.tcp = tcpState(state);
  else if (entry.original.protocol === 6) entry.tcp ??= 'NONE';
  const words = statusWords(values.get('-u') ?? 'UNSET');
  if (words.includes('ASSURED')) entry.assured = true;
  if (words.includes('SEEN_REPLY')) entry.seenReply = true;
}

/** Bits in the mask become those of the value. */
function withMark(old: number, text: string): number {
  const { mark, mask } = markOf(text);
  return ((old & ~mask) ^ mark) >>> 0;
}
