import { formatMac, type Mac, macFromBytes } from '../../base/index.ts';
import {
  delFdb,
  dumpFdb,
  type FdbMessage,
  type FdbTunnel,
  type NewFdb,
  type NewFlags,
  newFdb,
} from '../../kernel/index.ts';
import { address } from '../iproute2/addresses.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, garbage, invalid, Refusal, unsigned, type Words } from '../iproute2/words.ts';
import { FDB_USAGE } from './usage.ts';

const FAILED = 255;

/** `bridge fdb …` */
export function fdb(session: Session, words: Words): number {
  const verb = words.word;
  if (!words.more) return show(session, words);
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('append')) return modify(session, rest(), { create: true, append: true });
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true, replace: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('get')) return get(session, rest());
  if (words.abbreviates('show', 'lst', 'list')) return show(session, rest());
  if (words.is('flush')) return flush(session, rest());
  if (words.abbreviates('help')) throw new Refusal(FDB_USAGE, FAILED);
  throw new Refusal(`Command "${verb}" is unknown, try "bridge fdb help".\n`, FAILED);
}

const STATES = ['permanent', 'static', 'stale', 'reachable'];

function show(session: Session, words: Words): number {
  const { out } = session;
  let dev: string | undefined;
  let br: string | undefined;
  const tests: ((entry: FdbMessage) => boolean)[] = [];
  for (; words.more; words.next()) {
    if (words.is('brport', 'dev')) dev = words.value();
    else if (words.is('br')) br = words.value();
    else if (words.is('vlan')) {
      const vlan = Number.parseInt(words.value(), 10);
      tests.push((entry) => entry.vlan === vlan);
    } else if (words.is('state')) {
      const state = words.value();
      if (!STATES.includes(state) && state !== 'all') throw invalid('invalid state', state);
      if (state !== 'all')
        tests.push((entry) => entry.state === state || (state === 'reachable' && entry.state === ''));
    } else if (words.is('dynamic')) tests.push((entry) => entry.state !== 'permanent');
    else if (words.abbreviates('help')) throw new Refusal(FDB_USAGE, FAILED);
  }
  if (br !== undefined) {
    const bridge = session.linkNamed(br);
    if (bridge === undefined) throw new Refusal(`Cannot find bridge device "${br}"\n`, FAILED);
    tests.push(
      (entry) =>
        entry.master === bridge.ifindex ||
        entry.ifindex === bridge.ifindex ||
        session.link(entry.ifindex)?.master === bridge.ifindex,
    );
  }
  const ifindex = dev === undefined ? undefined : session.device(dev, FAILED).ifindex;
  if (ifindex !== undefined) tests.push((entry) => entry.ifindex === ifindex);
  out.begin();
  for (const entry of dumpFdb(session.ns)) {
    if (!tests.every((test) => test(entry))) continue;
    out.openObject();
    printEntry(session, entry, ifindex !== undefined);
    out.close();
  }
  return 0;
}

/** print_fdb() */
export function printEntry(session: Session, entry: FdbMessage, deviceHidden: boolean): void {
  const { out, options } = session;
  out.fact('mac', formatMac(entry.mac), `${formatMac(entry.mac)} `, 'mac');
  if (!deviceHidden) {
    out.text('dev ');
    out.fact('ifname', session.nameOf(entry.ifindex), `${session.nameOf(entry.ifindex)} `, 'ifname');
  }
  const { tunnel } = entry;
  if (tunnel?.dst !== undefined)
    out.fact('dst', String(tunnel.dst), `dst ${tunnel.dst} `, tunnel.dst.family === 4 ? 'inet' : 'inet6');
  if (entry.vlan !== undefined && entry.vlan !== 0) out.fact('vlan', entry.vlan, `vlan ${entry.vlan} `);
  if (tunnel !== undefined) printTunnel(session, tunnel);
  if (options.statistics > 0 && (!entry.self || tunnel !== undefined)) {
    out.json('used', entry.used);
    out.json('updated', entry.updated);
    out.text(`used ${entry.used}/${entry.updated} `);
  }
  const flags = [
    ...(entry.self ? ['self'] : []),
    ...(entry.externLearn ? ['extern_learn'] : []),
    ...(entry.sticky ? ['sticky'] : []),
  ];
  out.fact('flags', flags, flags.map((flag) => `${flag} `).join(''));
  if (entry.master !== undefined)
    out.fact('master', session.nameOf(entry.master), `master ${session.nameOf(entry.master)} `);
  out.fact('state', entry.state, `${entry.state}\n`);
}

function printTunnel(session: Session, { port, vni, via, netnsId }: FdbTunnel): void {
  const { out } = session;
  if (port !== undefined) out.fact('port', port, `port ${port} `);
  if (vni !== undefined) out.fact('vni', vni, `vni ${vni} `);
  if (via !== undefined && netnsId !== undefined) out.fact('viaIfIndex', via, `via ifindex ${via} `);
  else if (via !== undefined) out.fact('viaIf', session.nameOf(via), `via ${session.nameOf(via)} `);
  if (netnsId !== undefined) out.fact('linkNetNsId', netnsId, `link-netnsid ${netnsId} `);
}

type Request = {
  dev?: string;
  mac?: string;
  tunnel: { -readonly [K in keyof NonNullable<NewFdb['tunnel']>]: NonNullable<NewFdb['tunnel']>[K] };
  self: boolean;
  master: boolean;
  state: NewFdb['state'] | undefined;
  vlan?: number;
  sticky: boolean;
};

/** fdb_modify(): on the device itself unless `master` says its bridge; permanent unless something else is said. */
function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  const request = parseRequest(session, words);
  const { dev, mac: text } = request;
  if (dev === undefined || text === undefined)
    throw new Refusal('Device and address are required arguments.\n', FAILED);
  const mac = parseAddress(text);
  const { ifindex } = session.device(dev, FAILED);
  const on = request.master ? 'master' : 'self';
  const vlan = request.vlan === undefined ? {} : { vlan: request.vlan };
  if (action === 'delete')
    session.answer(delFdb(session.ns, { ifindex, mac, on, ...vlan, tunnel: request.tunnel }), FAILED);
  else {
    const { sticky, tunnel } = request;
    session.answer(
      newFdb(
        session.ns,
        {
          ifindex,
          mac,
          on,
          state: request.state ?? 'permanent',
          ...vlan,
          ...(sticky && { sticky }),
          tunnel,
        },
        action,
      ),
      FAILED,
    );
  }
  return 0;
}

function parseRequest(session: Session, words: Words): Request {
  const request: Request = { self: false, master: false, state: undefined, sticky: false, tunnel: {} };
  for (; words.more; words.next()) {
    if (words.is('dev')) request.dev = words.value();
    else if (words.is('dst')) {
      if (request.tunnel.dst !== undefined) throw garbage('dst', words.value());
      request.tunnel.dst = address(words.value(), session.ipFamily);
    } else if (words.is('port')) request.tunnel.port = unsigned(words.value(), 'invalid port\n', 0xffff);
    else if (words.is('vni')) request.tunnel.vni = unsigned(words.value(), 'invalid VNI\n', 0xff_ffff);
    else if (words.is('via')) request.tunnel.via = session.device(words.value(), FAILED).ifindex;
    else if (words.is('nhid', 'src_vni')) throw new Refusal(`bridge: not simulated here: fdb '${words.word}'\n`, 64);
    else if (words.is('self')) request.self = true;
    else if (words.abbreviates('master')) request.master = true;
    else if (words.abbreviates('router', 'use', 'extern_learn'))
      throw new Refusal(`bridge: not simulated here: fdb flag '${words.word}'\n`, 64);
    else if (words.abbreviates('local', 'permanent')) request.state = 'permanent';
    else if (words.abbreviates('temp', 'static')) request.state = 'static';
    else if (words.abbreviates('dynamic')) request.state = 'reachable';
    else if (words.abbreviates('vlan')) {
      if (request.vlan !== undefined) throw garbage('vlan', words.word);
      request.vlan = Number.parseInt(words.value(), 10) || 0;
    } else if (words.abbreviates('sticky')) request.sticky = true;
    else {
      if (words.is('to')) words.value();
      if (words.abbreviates('help')) throw new Refusal(FDB_USAGE, FAILED);
      if (request.mac !== undefined) throw garbage('to', words.word);
      request.mac = words.word;
    }
  }
  return request;
}

/** sscanf("%hhx:…"): what follows a sixth pair is not looked at. */
function parseAddress(text: string): Mac {
  const match = /^((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})/i.exec(text)?.[1];
  if (match === undefined) throw new Refusal(`Invalid mac address ${text}\n`, FAILED);
  return macFromBytes(Uint8Array.from(match.split(':').map((pair) => Number.parseInt(pair, 16))));
}

function get(session: Session, words: Words): number {
  const { out } = session;
  let dev: string | undefined;
  let br: string | undefined;
  let self = false;
  let text: string | undefined;
  for (; words.more; words.next()) {
    if (words.is('brport', 'dev')) dev = words.value();
    else if (words.is('br')) br = words.value();
    else if (words.is('self')) self = true;
    else if (words.is('dynamic') || words.abbreviates('master')) continue;
    else if (words.is('vni') || words.abbreviates('vlan'))
      throw new Refusal(`bridge: not simulated here: fdb get '${words.word}'\n`, 64);
    else {
      if (words.is('to')) words.value();
      if (words.abbreviates('help')) throw new Refusal(FDB_USAGE, FAILED);
      if (text !== undefined) throw garbage('to', words.word);
      text = words.word;
    }
  }
  if ((dev === undefined && br === undefined) || text === undefined)
    throw new Refusal('Device or master and address are required arguments.\n', FAILED);
  const mac = parseAddress(text);
  const device = dev === undefined ? undefined : session.device(dev, FAILED);
  if (device !== undefined && br === undefined && !self && device.master === undefined && device.bridge === undefined)
    throw new Refusal('Error: Device is not a bridge port.\n', 254);
  const port = device?.ifindex;
  const bridge = br === undefined ? undefined : session.linkNamed(br)?.ifindex;
  if (br !== undefined && bridge === undefined) throw new Refusal(`Cannot find bridge device "${br}"\n`, FAILED);
  const entry = dumpFdb(session.ns).find(
    (one) =>
      one.mac === mac &&
      (port === undefined || one.ifindex === port) &&
      (bridge === undefined || one.master === bridge || one.ifindex === bridge),
  );
  if (entry === undefined) throw new Refusal('Error: Fdb entry not found.\n', 254);
  out.begin();
  out.openObject();
  printEntry(session, entry, false);
  out.close();
  return 0;
}

/** `bridge fdb flush dev BRIDGE [brport PORT] [[no]permanent] [[no]static] [[no]dynamic]` */
function flush(session: Session, words: Words): number {
  let dev: string | undefined;
  let port: string | undefined;
  let onMaster = false;
  const tests: ((entry: FdbMessage) => boolean)[] = [];
  for (; words.more; words.next()) {
    if (words.is('dev')) dev = words.value();
    else if (words.is('brport')) {
      if (port !== undefined) throw duplicate('brport', words.value());
      port = words.value();
    } else if (words.is('master')) onMaster = true;
    else if (words.is('permanent')) tests.push((entry) => entry.state === 'permanent');
    else if (words.is('nopermanent')) tests.push((entry) => entry.state !== 'permanent');
    else if (words.is('static')) tests.push((entry) => entry.state === 'static');
    else if (words.is('nostatic')) tests.push((entry) => entry.state !== 'static');
    else if (words.is('dynamic')) tests.push((entry) => entry.state === '');
    else if (words.is('nodynamic')) tests.push((entry) => entry.state !== '');
    else if (!words.is('self')) throw new Refusal(`bridge: not simulated here: fdb flush '${words.word}'\n`, 64);
  }
  if (dev === undefined) throw new Refusal('Device is a required argument.\n', FAILED);
  const device = session.linkNamed(dev);
  if (device === undefined) throw new Refusal(`Cannot find bridge device "${dev}"\n`, FAILED);
  const only = port === undefined ? undefined : session.linkNamed(port)?.ifindex;
  if (port !== undefined && only === undefined) throw new Refusal(`Cannot find bridge port device "${port}"\n`, FAILED);
  const bridge = onMaster ? device.master : device.bridge === undefined ? undefined : device.ifindex;
  if (bridge === undefined) throw new Refusal('Error: Operation not supported.\n', FAILED);
  for (const entry of dumpFdb(session.ns)) {
    const concerned =
      entry.master === bridge &&
      !entry.self &&
      (only === undefined || entry.ifindex === only) &&
      (!onMaster || entry.ifindex === device.ifindex);
    if (concerned && tests.every((test) => test(entry)))
      delFdb(session.ns, {
        ifindex: entry.ifindex,
        mac: entry.mac,
        on: 'master',
        ...(entry.vlan === undefined ? {} : { vlan: entry.vlan }),
      });
  }
  return 0;
}
