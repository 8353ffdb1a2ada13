import type { Ip } from '../../../base/index.ts';
import type { VxlanData, VxlanRequest } from '../../../kernel/index.ts';
import { vxlanModule } from '../../../kernel/vxlan/index.ts';
import { address } from '../../iproute2/addresses.ts';
import { parseTos } from '../../iproute2/numbers.ts';
import type { Session } from '../../iproute2/session.ts';
import { garbage, invalid, Refusal, unsigned, type Words } from '../../iproute2/words.ts';
import type { KindCommand } from './kind-command.ts';

const USAGE = `Usage: ... vxlan id VNI
		[ { group | remote } IP_ADDRESS ]
		[ local ADDR ]
		[ ttl TTL ]
		[ tos TOS ]
		[ df DF ]
		[ flowlabel LABEL ]
		[ dev PHYS_DEV ]
		[ dstport PORT ]
		[ srcport MIN MAX ]
		[ [no]learning ]
		[ [no]proxy ]
		[ [no]rsc ]
		[ [no]l2miss ]
		[ [no]l3miss ]
		[ ageing SECONDS ]
		[ maxaddress NUMBER ]
		[ [no]udpcsum ]
		[ [no]udp6zerocsumtx ]
		[ [no]udp6zerocsumrx ]
		[ [no]remcsumtx ] [ [no]remcsumrx ]
		[ [no]external ] [ gbp ] [ gpe ]
		[ [no]vnifilter ]

Where:	VNI	:= 0-16777215
	ADDR	:= { IP_ADDRESS | any }
	TOS	:= { NUMBER | inherit }
	TTL	:= { 1..255 | auto | inherit }
	DF	:= { unset | set | inherit }
	LABEL := 0-1048575
`;

const NO_PORT = `vxlan: destination port not specified
Will use Linux kernel default (non-standard value)
Use 'dstport 4789' to get the IANA assigned value
Use 'dstport 0' to get default and quiet this message
`;

type Draft = { -readonly [K in keyof VxlanRequest]: VxlanRequest[K] };

/** Switches that stand for themselves, `no` before those that are turned off. */
const SWITCHES: readonly (readonly [word: string, key: keyof VxlanData])[] = [
  ['learning', 'learning'],
  ['proxy', 'proxy'],
  ['rsc', 'rsc'],
  ['l2miss', 'l2miss'],
  ['l3miss', 'l3miss'],
  ['udpcsum', 'udpCsum'],
  ['udp6zerocsumtx', 'zeroCsum6Tx'],
  ['udp6zerocsumrx', 'zeroCsum6Rx'],
];

/** What this kernel's VXLAN does not do. */
const ABSENT = ['remcsumtx', 'remcsumrx', 'external', 'gbp', 'gpe', 'vnifilter'];

/** `type vxlan …` (iplink_vxlan.c) */
export const vxlan: KindCommand = {
  module: vxlanModule,
  usage: USAGE,
  parse(session, words, creating) {
    const parser = new VxlanParser(session, words);
    for (; words.more; words.next()) parser.word();
    return parser.finish(creating);
  },
  print: printVxlan,
};

class VxlanParser {
  readonly #draft: Draft = { kind: 'vxlan' };
  readonly #given = new Set<string>();

  constructor(
    private readonly session: Session,
    private readonly words: Words,
  ) {}

  word(): void {
    const { words } = this;
    if (words.abbreviates('id', 'vni')) this.#draft.id = this.#number('id', 'invalid id', 0xff_ffff);
    else if (words.abbreviates('group')) this.#draft.remote = this.#farEnd('group');
    else if (words.abbreviates('remote')) this.#draft.remote = this.#farEnd('remote');
    else if (words.abbreviates('local')) this.#draft.local = this.#local();
    else if (words.abbreviates('dev'))
      this.#draft.link = this.session.device(this.#once('dev', words.value()), 255).ifindex;
    else if (words.abbreviates('ttl', 'hoplimit')) this.#draft.ttl = this.#ttl();
    else if (words.abbreviates('tos', 'dsfield')) this.#draft.tos = this.#tos();
    else if (words.abbreviates('df')) this.#draft.df = this.#df();
    else if (words.abbreviates('label', 'flowlabel'))
      this.#draft.flowLabel = this.#number('flowlabel', 'invalid flowlabel', 0xf_ffff);
    else if (words.abbreviates('ageing')) this.#draft.ageing = this.#numberOr('ageing', 'none', 'ageing timer');
    else if (words.abbreviates('maxaddress'))
      this.#draft.limit = this.#numberOr('maxaddress', 'unlimited', 'max addresses');
    else if (words.abbreviates('port', 'srcport')) this.#ports();
    else if (words.abbreviates('dstport')) this.#draft.dstPort = this.#number('dstport', 'dst port', 0xffff);
    else this.#switch();
  }

  finish(creating: boolean): VxlanRequest {
    const draft = this.#draft;
    if (draft.id === undefined && creating) throw new Refusal('vxlan: missing virtual network identifier\n', 1);
    if (draft.remote?.isMulticast === true && draft.link === undefined)
      throw new Refusal("vxlan: 'group' requires 'dev' to be specified\n", 1);
    if (draft.dstPort === undefined && creating) this.session.out.error(NO_PORT);
    if (draft.dstPort === 0) delete draft.dstPort;
    return draft;
  }

  #once(key: string, text: string): string {
    if (this.#given.has(key)) throw garbage(key, text);
    this.#given.add(key);
    return text;
  }

  #number(key: string, message: string, max?: number): number {
    return unsigned(this.#once(key, this.words.value()), message, max);
  }

  #numberOr(key: string, word: string, message: string): number {
    const text = this.#once(key, this.words.value());
    return text === word ? 0 : unsigned(text, message);
  }

  #farEnd(key: 'group' | 'remote'): Ip {
    const group = key === 'group';
    const before = this.#draft.remote;
    if (before !== undefined && before.isMulticast !== group)
      throw new Refusal('vxlan: both group and remote cannot be specified\n', 1);
    const text = this.#once(key, this.words.value());
    const ip = address(text, this.#draft.local?.family);
    if (ip.isMulticast !== group) throw invalid(`invalid ${key} address`, text);
    return ip;
  }

  #local(): Ip {
    const text = this.#once('local', this.words.value());
    const ip = address(text, this.#draft.remote?.family);
    if (ip.isMulticast) throw invalid('invalid local address', text);
    return ip;
  }

  #ttl(): number | 'inherit' {
    const text = this.#once('ttl', this.words.value());
    if (text === 'inherit') return text;
    if (text === 'auto') return 0;
    const value = unsigned(text, 'invalid TTL');
    if (value > 255) throw invalid('TTL must be <= 255', text);
    return value;
  }

  #tos(): number | 'inherit' {
    const text = this.#once('tos', this.words.value());
    if (text === 'inherit') return text;
    const value = parseTos(text);
    if (value === undefined) throw invalid('bad TOS value', text);
    return value === 1 ? 'inherit' : value;
  }

  #df(): VxlanData['df'] {
    const text = this.#once('df', this.words.value());
    if (text === 'unset' || text === 'set' || text === 'inherit') return text;
    throw invalid("DF must be 'unset', 'set' or 'inherit'", text);
  }

  #ports(): void {
    const low = this.#number('srcport', 'min port', 0xffff);
    const high = unsigned(this.words.value(), 'max port', 0xffff);
    if (low === 0 && high === 0) return;
    this.#draft.portLow = low;
    this.#draft.portHigh = high;
  }

  #switch(): void {
    const { word } = this.words;
    for (const [name, key] of SWITCHES) {
      const off = this.words.abbreviates(`no${name}`);
      if (!off && !this.words.abbreviates(name)) continue;
      this.#once(name, word);
      Object.assign(this.#draft, { [key]: !off });
      return;
    }
    if (ABSENT.some((name) => this.words.abbreviates(name)))
      throw new Refusal(`ip: not simulated here: vxlan ${word}\n`, 64);
    if (ABSENT.some((name) => this.words.abbreviates(`no${name}`))) return;
    if (this.words.abbreviates('help')) throw new Refusal(USAGE, 1);
    throw new Refusal(`vxlan: unknown command "${word}"?\n${USAGE}`, 1);
  }
}

/** vxlan_print_opt() */
function printVxlan(session: Session, data: Parameters<KindCommand['print']>[1]): void {
  if (data.kind !== 'vxlan') return;
  const { out } = session;
  const flag = (key: string, on: boolean): void => void (on && out.fact(key, true, `${key} `));
  const off = (key: string, word: string, on: boolean): void => out.fact(key, on, `${on ? '' : 'no'}${word} `);
  out.fact('id', data.id, `id ${data.id} `);
  printFarEnd(session, data);
  if (data.link !== undefined) out.fact('link', session.nameOf(data.link), `dev ${session.nameOf(data.link)} `);
  out.fact('port_range', { low: data.portLow, high: data.portHigh }, `srcport ${data.portLow} ${data.portHigh} `);
  out.fact('port', data.dstPort, `dstport ${data.dstPort} `);
  out.fact('learning', data.learning, data.learning ? '' : 'nolearning ');
  flag('proxy', data.proxy);
  flag('rsc', data.rsc);
  flag('l2miss', data.l2miss);
  flag('l3miss', data.l3miss);
  if (data.tos === 'inherit') out.fact('tos', '0x1', 'tos inherit ');
  else if (data.tos !== 0) out.fact('tos', `0x${data.tos.toString(16)}`, `tos 0x${data.tos.toString(16)} `);
  if (data.ttl === 'inherit') out.text('ttl inherit ');
  else out.fact('ttl', data.ttl, data.ttl === 0 ? 'ttl auto ' : `ttl ${data.ttl} `);
  out.fact('df', data.df, data.df === 'unset' ? '' : `df ${data.df} `);
  if (data.flowLabel !== 0) {
    const label = `0x${data.flowLabel.toString(16)}`;
    out.fact('label', label, `flowlabel ${label} `);
  }
  out.fact('ageing', data.ageing, `ageing ${data.ageing === 0 ? 'none' : data.ageing} `);
  if (data.limit !== 0) out.fact('limit', data.limit, `maxaddr ${data.limit} `);
  off('udp_csum', 'udpcsum', data.udpCsum);
  off('udp_zero_csum6_tx', 'udp6zerocsumtx', data.zeroCsum6Tx);
  off('udp_zero_csum6_rx', 'udp6zerocsumrx', data.zeroCsum6Rx);
}

function printFarEnd({ out }: Session, { remote, local }: VxlanData): void {
  const suffix = (ip: Ip): string => (ip.family === 6 ? '6' : '');
  if (remote !== undefined) {
    const word = remote.isMulticast ? 'group' : 'remote';
    out.fact(`${word}${suffix(remote)}`, String(remote), `${word} ${remote} `);
  }
  if (local !== undefined) out.fact(`local${suffix(local)}`, String(local), `local ${local} `);
}
