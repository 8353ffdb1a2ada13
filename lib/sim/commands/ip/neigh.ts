import { type Cidr, formatMac, type Ip, type Mac } from '../../base/index.ts';
import {
  delNeigh,
  dumpNeighs,
  type Family,
  type NeighMessage,
  type NewFlags,
  type NudState,
  newNeigh,
} from '../../kernel/index.ts';
import { address, familyName, linkAddress, prefix } from '../iproute2/addresses.ts';
import { protocols } from '../iproute2/numbers.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, garbage, invalid, Refusal, type Words } from '../iproute2/words.ts';
import { usage } from './usage.ts';

const NEIGH_USAGE = `Usage: ip neigh { add | del | change | replace }
                { ADDR [ lladdr LLADDR ] [ nud STATE ] proxy ADDR }
                [ dev DEV ] [ router ] [ use ] [ managed ] [ extern_learn ]
                [ protocol PROTO ]

	ip neigh { show | flush } [ proxy ] [ to PREFIX ] [ dev DEV ] [ nud STATE ]
				  [ vrf NAME ] [ nomaster ]
	ip neigh get { ADDR | proxy ADDR } dev DEV

STATE := { delay | failed | incomplete | noarp | none |
           permanent | probe | reachable | stale }
`;

/** `ip neigh …` */
export function neigh(session: Session, words: Words): number {
  const verb = words.word;
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (!words.more) return list(session, words);
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('change') || words.is('chg')) return modify(session, rest(), { replace: true });
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true, replace: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('get')) return get(session, rest());
  if (words.abbreviates('show', 'lst', 'list')) return list(session, rest());
  if (words.abbreviates('flush')) return flush(session, rest());
  if (words.abbreviates('help')) throw usage(NEIGH_USAGE);
  throw new Refusal(`Command "${verb}" is unknown, try "ip neigh help".\n`, 255);
}

const STATES: Readonly<Record<string, NudState>> = {
  permanent: 'PERMANENT',
  reachable: 'REACHABLE',
  noarp: 'NOARP',
  none: 'NONE',
  stale: 'STALE',
  incomplete: 'INCOMPLETE',
  delay: 'DELAY',
  probe: 'PROBE',
  failed: 'FAILED',
};

type Request = {
  dst?: Ip;
  dev?: string;
  lladdr?: string;
  state: NudState;
  proxy: boolean;
  router: boolean;
  externLearn: boolean;
  protocol?: number;
};

/** ipneigh_modify() of ipneigh.c: a new entry is permanent unless it says otherwise. */
function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  const request = parseRequest(session, words);
  const { dst, dev } = request;
  if (dst === undefined || (dev === undefined && !request.proxy))
    throw new Refusal('Device and destination are required arguments.\n', 255);
  const lladdr = request.lladdr === undefined || request.lladdr === 'null' ? undefined : linkLayer(request.lladdr);
  const ifindex = dev === undefined ? 0 : session.device(dev).ifindex;
  const { state, proxy, router, externLearn, protocol } = request;
  if (action === 'delete') session.answer(delNeigh(session.ns, { ifindex, dst, proxy }));
  else
    session.answer(
      newNeigh(
        session.ns,
        {
          ifindex,
          dst,
          state,
          proxy,
          router,
          externLearn,
          ...(lladdr !== undefined && { lladdr }),
          ...(protocol !== undefined && { protocol }),
        },
        action,
      ),
    );
  return 0;
}

function linkLayer(text: string): Mac {
  const mac = linkAddress(text);
  if (typeof mac !== 'number') throw new Refusal('Error: Invalid link address.\n', 2);
  return mac;
}

function parseRequest(session: Session, words: Words): Request {
  const request: Request = { state: 'PERMANENT', proxy: false, router: false, externLearn: false };
  const family = session.ipFamily;
  for (; words.more; words.next()) {
    if (words.abbreviates('lladdr')) {
      const text = words.value();
      if (request.lladdr !== undefined) throw duplicate('lladdr', text);
      request.lladdr = text;
    } else if (words.is('nud')) request.state = nudState(words.value());
    else if (words.abbreviates('proxy')) {
      if (words.value() === 'help') throw usage(NEIGH_USAGE);
      if (request.dst !== undefined) throw duplicate('address', words.word);
      request.dst = address(words.word, family);
      request.proxy = true;
    } else if (words.is('router')) request.router = true;
    else if (words.is('use', 'managed'))
      throw new Refusal(`ip: not simulated here: neighbour flag '${words.word}'\n`, 64);
    else if (words.abbreviates('extern_learn')) request.externLearn = true;
    else if (words.is('dev')) request.dev = words.value();
    else if (words.abbreviates('protocol')) {
      const protocol = protocols.parse(words.value());
      if (protocol === undefined) throw invalid('"protocol" value is invalid\n', words.word);
      request.protocol = protocol;
    } else {
      if (words.is('to')) words.value();
      if (words.abbreviates('help')) words.value();
      if (request.dst !== undefined) throw garbage('to', words.word);
      request.dst = address(words.word, family);
    }
  }
  return request;
}

function nudState(text: string): NudState {
  const state = STATES[text];
  if (state === undefined) throw invalid('nud state is bad', text);
  return state;
}

type Filter = {
  family: Family | undefined;
  device: number | undefined;
  master: number | 'none' | undefined;
  states: ReadonlySet<NudState>;
  proxy: boolean;
  protocol: number | undefined;
  to: Cidr | undefined;
};

const ALL_STATES: readonly NudState[] = [
  'NONE',
  'INCOMPLETE',
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'FAILED',
  'NOARP',
  'PERMANENT',
];
/** An entry of state NONE has nothing to show. */
const SHOWN: readonly NudState[] = ALL_STATES.filter((state) => state !== 'NOARP' && state !== 'NONE');
const FLUSHED: readonly NudState[] = ALL_STATES.filter((state) => state !== 'NOARP' && state !== 'PERMANENT');

function parseFilter(session: Session, words: Words, states: readonly NudState[], flushing: boolean): Filter {
  const filter: Filter = {
    ...{
      family: session.ipFamily,
      device: undefined,
      master: undefined,
      states: new Set(states),
      proxy: false,
      protocol: undefined,
      to: undefined,
    },
  };
  let device: string | undefined;
  const asked = new Set<NudState>();
  for (; words.more; words.next()) {
    if (words.is('dev')) {
      if (device !== undefined) throw duplicate('dev', words.value());
      device = words.value();
    } else if (words.is('master')) {
      const master = session.linkNamed(words.value());
      if (master === undefined) throw invalid('Device does not exist\n', words.word);
      filter.master = master.ifindex;
    } else if (words.is('vrf')) throw invalid('Not a valid VRF name\n', words.value());
    else if (words.is('nomaster')) filter.master = 'none';
    else if (words.is('unused')) throw new Refusal("ip: not simulated here: neighbour filter 'unused'\n", 64);
    else if (words.is('nud')) for (const state of askedStates(words.value(), flushing)) asked.add(state);
    else if (words.is('proxy')) filter.proxy = true;
    else if (words.abbreviates('protocol'))
      filter.protocol = words.value() === 'all' ? undefined : protocolNumber(words.word);
    else {
      if (words.is('to')) words.value();
      if (words.abbreviates('help')) throw usage(NEIGH_USAGE);
      filter.to = prefix(words.word, filter.family).cidr;
      filter.family ??= filter.to.address.family;
    }
  }
  if (asked.size > 0) filter.states = asked;
  if (device !== undefined) filter.device = session.device(device).ifindex;
  return filter;
}

function askedStates(text: string, flushing: boolean): readonly NudState[] {
  if (text === 'all') return flushing ? ALL_STATES.filter((state) => state !== 'NOARP') : ALL_STATES;
  return [nudState(text)];
}

function protocolNumber(text: string): number {
  const protocol = protocols.parse(text);
  if (protocol === undefined) throw invalid('invalid "protocol"\n', text);
  return protocol;
}

function matching(session: Session, filter: Filter): NeighMessage[] {
  return dumpNeighs(session.ns, filter.family).filter((entry) => {
    if (entry.proxy !== filter.proxy) return false;
    if (filter.device !== undefined && entry.ifindex !== filter.device) return false;
    if (filter.master !== undefined && (session.link(entry.ifindex)?.master ?? 'none') !== filter.master) return false;
    if (!entry.proxy && !entry.externLearn && !filter.states.has(entry.state)) return false;
    if (filter.protocol !== undefined && entry.protocol !== filter.protocol) return false;
    return filter.to === undefined || filter.to.contains(entry.dst);
  });
}

function list(session: Session, words: Words): number {
  const { out } = session;
  const filter = parseFilter(session, words, SHOWN, false);
  out.begin();
  for (const entry of matching(session, filter)) {
    out.openObject();
    printNeigh(session, entry, filter.device !== undefined);
    out.close();
  }
  return 0;
}

/** print_neigh() of ipneigh.c */
export function printNeigh(session: Session, entry: NeighMessage, deviceHidden: boolean): void {
  const { out, options } = session;
  const name = session.nameOf(entry.ifindex);
  const mac = entry.lladdr === undefined ? undefined : formatMac(entry.lladdr);
  if (options.brief) return printBrief(session, entry, deviceHidden);
  out.fact('dst', String(entry.dst), `${entry.dst} `, familyName(entry.family));
  if (!deviceHidden && entry.ifindex !== 0) {
    out.text('dev ');
    out.fact('dev', name, `${name} `, 'ifname');
  }
  if (mac !== undefined) {
    out.text('lladdr ');
    out.fact('lladdr', mac, `${mac} `, 'mac');
  }
  if (entry.router) out.fact('router', null, 'router ');
  if (entry.proxy) out.fact('proxy', null, 'proxy ');
  if (entry.externLearn) out.fact('extern_learn', null, 'extern_learn ');
  if (options.statistics > 0 && !entry.proxy) printAges(session, entry);
  if (entry.state !== 'NONE' && !entry.proxy) out.fact('state', [entry.state], `${entry.state} `);
  if (entry.protocol !== 0)
    out.fact('protocol', protocols.show(entry.protocol), `proto ${protocols.show(entry.protocol)} `);
  out.text('\n');
}

function printBrief(session: Session, entry: NeighMessage, deviceHidden: boolean): void {
  const { out } = session;
  out.fact('dst', String(entry.dst), `${String(entry.dst).padEnd(39)} `, familyName(entry.family));
  if (!deviceHidden)
    out.fact('dev', session.nameOf(entry.ifindex), `${session.nameOf(entry.ifindex).padEnd(16)} `, 'ifname');
  if (entry.lladdr !== undefined) out.fact('lladdr', formatMac(entry.lladdr), formatMac(entry.lladdr), 'mac');
  out.text('\n');
}

const TIMED: ReadonlySet<NudState> = new Set(['INCOMPLETE', 'REACHABLE', 'DELAY', 'PROBE']);

function printAges({ out }: Session, entry: NeighMessage): void {
  const { used, confirmed, updated } = entry;
  // Who else holds the entry: its own timer.
  const refcount = TIMED.has(entry.state) ? 1 : 0;
  if (refcount > 0) out.json('refcnt', refcount);
  out.json('used', used);
  out.json('confirmed', confirmed);
  out.json('updated', updated);
  const ages = ` used ${used}/${confirmed}/${updated}`;
  out.text(refcount === 0 ? ages : ` ref ${refcount}${ages}`);
  out.fact('probes', entry.probes, `probes ${entry.probes} `);
}

function get(session: Session, words: Words): number {
  let dst: Ip | undefined;
  let dev: string | undefined;
  let proxy = false;
  for (; words.more; words.next()) {
    if (words.is('dev')) dev = words.value();
    else {
      if (words.abbreviates('proxy')) proxy = true;
      if (words.is('to') || words.abbreviates('proxy')) words.value();
      if (words.abbreviates('help')) throw usage(NEIGH_USAGE);
      if (dst !== undefined) throw garbage('to', words.word);
      dst = address(words.word, session.ipFamily);
    }
  }
  if (dst === undefined || (dev === undefined && !proxy))
    throw new Refusal('Device and address are required arguments.\n', 1);
  const ifindex = dev === undefined ? 0 : session.device(dev).ifindex;
  const entry = dumpNeighs(session.ns, dst.family).find(
    (one) => one.dst === dst && one.ifindex === ifindex && one.proxy === proxy,
  );
  if (entry === undefined) throw new Refusal('Error: Neighbour entry not found.\n', 2);
  printNeigh(session, entry, false);
  return 0;
}

/** At most ten rounds; the first also takes entries that have failed, which the kernel may keep. */
function flush(session: Session, words: Words): number {
  const { out, options } = session;
  if (!words.more) throw new Refusal('Flush requires arguments.\n', 1);
  const filter = parseFilter(session, words, FLUSHED, true);
  for (let round = 0; round < 10; round++) {
    const doomed = matching(session, filter).filter((entry) => !entry.proxy || filter.proxy);
    if (doomed.length === 0) {
      if (options.statistics > 0)
        out.text(
          round === 0
            ? 'Nothing to flush.\n'
            : `*** Flush is complete after ${round} round${round > 1 ? 's' : ''} ***\n`,
        );
      return 0;
    }
    for (const entry of doomed) {
      if (options.statistics > 1) printNeigh(session, entry, false);
      delNeigh(session.ns, { ifindex: entry.ifindex, dst: entry.dst, proxy: entry.proxy });
    }
    if (options.statistics > 0) out.text(`\n*** Round ${round + 1}, deleting ${doomed.length} entries ***\n`);
    filter.states = new Set([...filter.states].filter((state) => state !== 'FAILED'));
  }
  out.text('*** Flush not complete bailing out after 10 rounds\n');
  return 1;
}
