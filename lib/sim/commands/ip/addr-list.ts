import type { Cidr } from '../../base/index.ts';
import {
  type AddrMessage,
  delAddr,
  dumpAddrs,
  dumpLinks,
  type Family,
  IFF,
  type LinkMessage,
} from '../../kernel/index.ts';
import { familyName, parsePrefix } from '../iproute2/addresses.ts';
import { groups, scopes } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { garbage, invalid, Refusal, type Words } from '../iproute2/words.ts';
import { printLink } from './link-show.ts';
import { printStatistics } from './link-stats.ts';
import { ADDR_USAGE, LINK_USAGE, usage } from './usage.ts';

/** The filters of `ip link show`, `ip addr show` and `ip addr flush` (ipaddr_list_flush_or_save() of ipaddress.c). */
type Filter = {
  family: Family | 'link' | undefined;
  to: Cidr | undefined;
  scope: number | undefined;
  up: boolean;
  label: RegExp | undefined;
  group: number | undefined;
  /** ifindex, or 'none' for `nomaster`. */
  master: number | 'none' | undefined;
  kind: string | undefined;
  portKind: string | undefined;
  flags: { flag: AddrFlag; wanted: boolean }[];
  device: LinkMessage | undefined;
};
type AddrFlag = keyof AddrMessage['flags'];

/** Flags by their names in iproute2, in the order in which they are shown. */
const FLAG_NAMES: readonly (readonly [name: string, flag: AddrFlag])[] = [
  ['secondary', 'secondary'],
  ['nodad', 'nodad'],
  ['dadfailed', 'dadFailed'],
  ['deprecated', 'deprecated'],
  ['tentative', 'tentative'],
  ['permanent', 'permanent'],
  ['noprefixroute', 'noprefixroute'],
];

export function listAddresses(session: Session, words: Words, mode: 'link' | 'addr'): number {
  const { out } = session;
  const filter = parseFilter(session, words, mode);
  out.begin();
  const links =
    filter.device === undefined ? dumpLinks(session.ns).filter((link) => isDumped(link, filter)) : [filter.device];
  const inet6 = filter.family === 6 && filter.device === undefined;
  for (const dumped of links) {
    const link = inet6 ? asInet6Tells(dumped) : dumped;
    const addresses = filter.family === 'link' ? [] : dumpAddrs(session.ns, { ifindex: link.ifindex });
    if (filter.family !== 'link' && !linkIsShown(addresses, filter, session)) continue;
    printOne(session, link, addresses, filter, { mode, inet6 });
  }
  return 0;
}

/** inet6_fill_ifinfo(): no bridge, and of the peer only a number that is read as one of this namespace. */
const asInet6Tells = (link: LinkMessage): LinkMessage => ({
  ...link,
  master: undefined,
  linkNetnsId: undefined,
  link: link.link === link.ifindex ? undefined : link.link,
});

function printOne(
  session: Session,
  link: LinkMessage,
  addresses: readonly AddrMessage[],
  filter: Filter,
  { mode, inet6 }: { mode: 'link' | 'addr'; inet6: boolean },
): void {
  const { out, options } = session;
  const shown = linkMatches(link, filter, session);
  // What ip filters itself leaves an empty object in JSON: `[{},{"ifindex":2,…}]`.
  out.openObject();
  const headed = mode === 'link' || options.brief || !options.oneline;
  if (shown && headed)
    printLink(session, link, {
      asLink: mode === 'link',
      withAddress: filter.family === undefined || filter.family === 'link',
      inet6,
    });
  if (shown && mode === 'addr')
    printAddresses(
      session,
      link,
      addresses.filter((address) => addressMatches(address, filter, session)),
    );
  if (shown && mode === 'addr' && options.statistics > 0 && headed && !options.brief) {
    printStatistics(session, link);
    out.text('\n');
  }
  out.close();
}

/** ipaddr_filter(): a device stands in `ip addr` if one of its addresses matches, or if it has none and none is asked for. */
function linkIsShown(addresses: readonly AddrMessage[], filter: Filter, session: Session): boolean {
  if (addresses.length === 0) return filter.family === undefined;
  return addresses.some((address) => addressMatches(address, filter, session));
}

/** The kernel filters a dump by master and kind, before ip sees it. */
function isDumped(link: LinkMessage, filter: Filter): boolean {
  if (typeof filter.master === 'number' && link.master !== filter.master) return false;
  return filter.kind === undefined || link.kind === filter.kind;
}

function linkMatches(link: LinkMessage, filter: Filter, session: Session): boolean {
  if (filter.up && (link.flags & IFF.UP) === 0) return false;
  if (filter.label !== undefined && session.options.brief) return false;
  if (filter.group !== undefined && link.group !== filter.group) return false;
  if (typeof filter.master === 'number' && link.master !== filter.master) return false;
  if (filter.master === 'none' && link.master !== undefined) return false;
  if (filter.kind !== undefined && link.kind !== filter.kind) return false;
  return filter.portKind === undefined || (filter.portKind === 'bridge' && link.bridgePort !== undefined);
}

function addressMatches(address: AddrMessage, filter: Filter, session: Session): boolean {
  if ((filter.family === 4 || filter.family === 6) && address.family !== filter.family) return false;
  if (filter.scope !== undefined && address.scope !== filter.scope) return false;
  if (filter.flags.some(({ flag, wanted }) => address.flags[flag] !== wanted)) return false;
  if (filter.label !== undefined && !filter.label.test(address.label ?? session.nameOf(address.ifindex))) return false;
  return filter.to === undefined || filter.to.contains(address.local);
}

function printAddresses(session: Session, link: LinkMessage, addresses: readonly AddrMessage[]): void {
  const { out, options } = session;
  out.openArray('addr_info');
  for (const address of addresses) {
    out.openObject();
    printAddress(session, link, address, options.oneline);
    out.close();
  }
  out.close();
  if (options.brief) out.text('\n');
}

/** print_addrinfo(); `-o` and `ip monitor` begin the line with the device. */
export function printAddress(
  session: Session,
  link: LinkMessage | undefined,
  address: AddrMessage,
  withDevice: boolean,
): void {
  const { out, options } = session;
  if (!options.brief) {
    if (withDevice) {
      const name = link?.name ?? session.nameOf(address.ifindex);
      out.json('index', address.ifindex);
      out.json('dev', name);
      out.text(`${address.ifindex}: ${name}`);
    }
    out.fact('family', familyName(address.family), `    ${familyName(address.family)} `);
  }
  const color = familyName(address.family);
  out.fact('local', String(address.local), String(address.local), color);
  if (address.address !== address.local) {
    out.text(' peer ');
    out.fact('address', String(address.address), String(address.address), color);
  }
  out.fact('prefixlen', address.prefix, `/${address.prefix} `);
  if (address.metric !== undefined) out.fact('metric', address.metric, `metric ${address.metric} `);
  if (options.brief) return;
  if (address.broadcast !== undefined) {
    out.text('brd ');
    out.fact('broadcast', String(address.broadcast), `${address.broadcast} `, color);
  }
  const scope = scopes.show(address.scope);
  out.fact('scope', scope, `scope ${scope} `);
  printFlags(session, address);
  if (address.label !== undefined) out.fact('label', address.label, address.label);
  out.newline();
  out.text('       valid_lft ');
  printLifetime(session, 'valid_life_time', address.validLft);
  out.text(' preferred_lft ');
  printLifetime(session, 'preferred_life_time', address.preferredLft);
  out.text('\n');
}

function printFlags({ out }: Session, { family, flags }: AddrMessage): void {
  for (const [name, flag] of FLAG_NAMES) {
    if (flag === 'permanent') {
      if (!flags.permanent) out.fact('dynamic', true, 'dynamic ');
    } else if (flags[flag]) {
      const shown = flag === 'secondary' && family === 6 ? 'temporary' : name;
      out.fact(shown, true, `${shown} `);
    }
  }
}

function printLifetime({ out }: Session, key: string, seconds: number): void {
  if (seconds === Number.POSITIVE_INFINITY) out.fact(key, 4_294_967_295, 'forever');
  else out.fact(key, seconds, `${seconds}sec`);
}

function parseFilter(session: Session, words: Words, mode: 'link' | 'addr'): Filter {
  const family = mode === 'link' ? 'link' : session.options.family === 'link' ? 'link' : session.ipFamily;
  const filter: Filter = {
    ...{ family, to: undefined, scope: undefined, up: false, label: undefined, group: undefined, master: undefined },
    ...{ kind: undefined, portKind: undefined, flags: [], device: undefined },
  };
  let device: string | undefined;
  for (; words.more; words.next()) {
    if (filterWord(session, words, filter)) continue;
    if (words.is('dev')) words.value();
    else if (words.abbreviates('help')) throw usage(mode === 'link' ? LINK_USAGE : ADDR_USAGE);
    if (device !== undefined) throw garbage('dev', words.word);
    device = words.word;
  }
  if (device !== undefined) {
    filter.device = session.linkNamed(device);
    if (filter.device === undefined) throw new Refusal(`Device "${device}" does not exist.\n`, 1);
  }
  return filter;
}

function filterWord(session: Session, words: Words, filter: Filter): boolean {
  if (words.is('to')) {
    const to = parsePrefix(words.value(), filter.family === 'link' ? undefined : filter.family);
    if (to === undefined) throw invalid('invalid "to"\n', words.word);
    filter.to = to.cidr;
    filter.family ??= to.cidr.address.family;
  } else if (words.is('scope')) {
    const scope = scopes.parse(words.value());
    if (scope === undefined && words.word !== 'all') throw invalid('invalid "scope"\n', words.word);
    filter.scope = scope;
  } else if (words.is('up')) filter.up = true;
  else if (flagFilter(words.word, filter)) return true;
  else if (words.is('label')) filter.label = globPattern(words.value());
  else if (words.is('group')) {
    filter.group = groups.parse(words.value());
    if (filter.group === undefined) throw invalid('Invalid "group" value\n', words.word);
  } else if (words.is('master')) {
    const master = session.linkNamed(words.value());
    if (master === undefined) throw invalid('Device does not exist\n', words.word);
    filter.master = master.ifindex;
  } else if (words.is('vrf')) throw invalid('Not a valid VRF name\n', words.value());
  else if (words.is('nomaster')) filter.master = 'none';
  else if (words.is('type')) {
    const kind = words.value();
    if (kind.endsWith('_slave')) filter.portKind = kind.slice(0, -'_slave'.length);
    else filter.kind = kind;
  } else return false;
  return true;
}

function flagFilter(word: string, filter: Filter): boolean {
  const inverted = word.startsWith('-');
  const name = inverted ? word.slice(1) : word;
  const opposite: Readonly<Record<string, string>> = { dynamic: 'permanent', primary: 'secondary' };
  const flag = FLAG_NAMES.find(
    ([known]) => known === (opposite[name] ?? name) || (name === 'temporary' && known === 'secondary'),
  )?.[1];
  if (flag === undefined) return false;
  filter.flags.push({ flag, wanted: inverted === name in opposite });
  return true;
}

/** fnmatch(3), as far as labels go: `eth0:*`. */
function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`);
}

/** `ip addr flush …`: rounds of deleting what matches, until nothing does. */
export function flushAddresses(session: Session, words: Words): number {
  const { out, options } = session;
  if (!words.more) throw new Refusal('Flush requires arguments.\n', 1);
  if (options.family === 'link') throw new Refusal('Cannot flush link addresses.\n', 1);
  const filter = parseFilter(session, words, 'addr');
  for (let round = 0; ; round++) {
    const doomed = dumpAddrs(session.ns, filter.device === undefined ? {} : { ifindex: filter.device.ifindex }).filter(
      (address) => addressMatches(address, filter, session),
    );
    if (
      doomed.length === 0 ||
      (round > 0 && filter.flags.some(({ flag, wanted }) => flag === 'secondary' && !wanted))
    ) {
      if (options.statistics > 0)
        out.text(
          round === 0
            ? 'Nothing to flush.\n'
            : `*** Flush is complete after ${round} round${round > 1 ? 's' : ''} ***\n`,
        );
      return 0;
    }
    for (const address of doomed) {
      if (options.statistics > 1) printAddress(session, undefined, address, true);
      // An address that went with its primary is gone already: the kernel's answer does not matter.
      delAddr(session.ns, {
        ifindex: address.ifindex,
        local: address.local,
        peer: address.address,
        prefix: address.prefix,
      });
    }
    if (options.statistics > 0) out.text(`\n*** Round ${round + 1}, deleting ${doomed.length} addresses ***\n`);
  }
}
