import { ICMP } from '../../../wire/index.ts';
import { type CtRef, opposite } from '../../ct-ref.ts';
import type { HookName, HookState } from '../../hooks.ts';
import type { NetNs } from '../../netns.ts';
import { type Skb, setPacket } from '../../skb.ts';
import type { Entry } from '../conntrack/entry.ts';
import { conntrackOf } from '../conntrack/table.ts';
import { invert, isIcmp, type Tuple } from '../conntrack/tuple.ts';
import { Context, type IpPacket } from '../packet.ts';
import { bind } from './bind.ts';
import type { NatChains } from './chains.ts';
import { type Half, rewrite, rewriteQuote } from './rewrite.ts';

const HALF: Readonly<Record<Exclude<HookName, 'forward'>, Half>> = {
  prerouting: 'dst',
  output: 'dst',
  input: 'src',
  postrouting: 'src',
};

type Tracked = Extract<CtRef, { entry: Entry }>;

/**
 * nf_nat_inet_fn(): address translation at one hook. The first packet of a connection asks the chains of type nat; what
 * they decide holds for every packet of the connection, in both directions.
 */
export function translate(ns: NetNs, chains: NatChains, skb: Skb, state: HookState): 'accept' | 'drop' {
  const ct = skb.ct;
  if (chains.count === 0 || ct?.entry === undefined || state.hook === 'forward') return 'accept';
  const half = HALF[state.hook];
  const { entry } = ct;
  if (ct.state === 'RELATED' && isIcmp((skb.packet as IpPacket).protocol)) {
    return translateError(skb, ct, half);
  }
  if (ct.state === 'NEW' && !entry.natDone[half]) {
    if (!decide(ns, chains, skb, state, entry, half)) return 'drop';
  } else if (movedAway(ct, state)) {
    conntrackOf(ns).delete(entry);
    return 'drop';
  }
  apply(skb, ct, half);
  return 'accept';
}

/** Masquerading's address was that of another device (nf_nat_oif_changed). */
const movedAway = ({ entry, direction }: Tracked, { hook, out }: HookState): boolean =>
  hook === 'postrouting' &&
  direction === 'original' &&
  entry.masqueraded !== undefined &&
  entry.masqueraded !== out?.ifindex;

function decide(ns: NetNs, chains: NatChains, skb: Skb, state: HookState, entry: Entry, half: Half): boolean {
  // What is in the table already (its answer is awaited) had its chance.
  if (entry.confirmed) return true;
  const context = new Context(skb, state);
  for (const { run } of chains.at(state.hook)) {
    if (run(context) === 'drop') return false;
    if (entry.natDone[half]) return true;
  }
  // A binding that changes nothing, unless its answers would be taken for another connection's.
  return bind(ns, entry, half, {});
}

/** nf_nat_packet() */
function apply(skb: Skb, { entry, direction }: Tracked, half: Half): void {
  const changed = direction === 'original' ? half : other(half);
  if (!entry.natted[changed]) return;
  const target = invert(entry.tuple(opposite(direction)));
  if (target !== undefined) setPacket(skb, rewrite(skb.packet as IpPacket, target, half));
}

const other = (half: Half): Half => (half === 'src' ? 'dst' : 'src');

/**
 * nf_nat_icmp_reply_translation(): an error's quote becomes what its receiver once sent, and the error comes from there.
 * A redirect would make the two ends talk past the translation, so it ends here.
 */
function translateError(skb: Skb, { entry, direction }: Tracked, half: Half): 'accept' | 'drop' {
  if (isRedirect(skb) && (entry.natted.src || entry.natted.dst)) return 'drop';
  const changed = direction === 'original' ? half : other(half);
  if (!entry.natted[changed]) return 'accept';
  const answers: Tuple = entry.tuple(opposite(direction));
  const packet = rewriteQuote(skb.packet as IpPacket, answers, other(half));
  const target = invert(answers);
  if (target !== undefined) setPacket(skb, rewriteAddress(packet, target, half));
  return 'accept';
}

const isRedirect = ({ packet }: Skb): boolean =>
  packet.kind === 'ipv4' && packet.payload.kind === 'icmp' && packet.payload.type === ICMP.redirect;

/** Errors have no port of their own. */
const rewriteAddress = (packet: IpPacket, target: Tuple, half: Half): IpPacket =>
  ({ ...packet, [half]: target[half] }) as IpPacket;
