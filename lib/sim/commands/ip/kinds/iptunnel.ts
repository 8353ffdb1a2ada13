import type { Ip } from '../../../base/index.ts';
import type { KernelModule, TunnelData, TunnelRequest } from '../../../kernel/index.ts';
import { greModule, ipipModule, sitModule } from '../../../kernel/iptunnel/index.ts';
import { address } from '../../iproute2/addresses.ts';
import { parseTos } from '../../iproute2/numbers.ts';
import type { Session } from '../../iproute2/session.ts';
import { invalid, parseUnsigned, Refusal, unsigned, type Words } from '../../iproute2/words.ts';
import type { KindCommand } from './kind-command.ts';

type Name = TunnelData['kind'];

const MODES: Readonly<Record<Name, string>> = {
  ipip: '{ ipip | mplsip | any }',
  sit: '{ ip6ip | ipip | mplsip | any } ]\n			[ isatap',
  gre: '',
};

const usageOf = (name: Name): string =>
  name === 'gre'
    ? `Usage: ... gre	[ remote ADDR ]
			[ local ADDR ]
			[ [no][i|o]seq ]
			[ [i|o]key KEY | no[i|o]key ]
			[ [no][i|o]csum ]
			[ ttl TTL ]
			[ tos TOS ]
			[ [no]pmtudisc ]
			[ [no]ignore-df ]
			[ dev PHYS_DEV ]
			[ fwmark MARK ]
			[ external ]
			[ noencap ]
			[ encap { fou | gue | none } ]
			[ encap-sport PORT ]
			[ encap-dport PORT ]
			[ [no]encap-csum ]
			[ [no]encap-csum6 ]
			[ [no]encap-remcsum ]

Where:	ADDR := { IP_ADDRESS | any }
	TOS  := { NUMBER | inherit }
	TTL  := { 1..255 | inherit }
	KEY  := { DOTTED_QUAD | NUMBER }
	MARK := { 0x0..0xffffffff }
`
    : `Usage: ... ${name.padEnd(6)}	[ remote ADDR ]
			[ local ADDR ]
			[ ttl TTL ]
			[ tos TOS ]
			[ [no]pmtudisc ]
			[ 6rd-prefix ADDR ]
			[ 6rd-relay_prefix ADDR ]
			[ 6rd-reset ]
			[ dev PHYS_DEV ]
			[ fwmark MARK ]
			[ external ]
			[ noencap ]
			[ encap { fou | gue | none } ]
			[ encap-sport PORT ]
			[ encap-dport PORT ]
			[ [no]encap-csum ]
			[ [no]encap-csum6 ]
			[ [no]encap-remcsum ]
			[ mode ${MODES[name]} ]

Where:	ADDR := { IP_ADDRESS | any }
	TOS  := { NUMBER | inherit }
	TTL  := { 1..255 | inherit }
	MARK := { 0x0..0xffffffff }
`;

/** What the real tool reads and this kernel's tunnels do not do. */
const ABSENT =
  /^(no)?([io]?seq|[io]csum|csum|ikey|okey|ignore-df|external|encap.*|fwmark|6rd-.*|isatap|mode|erspan.*)$/;

type Draft = { -readonly [K in keyof TunnelRequest]: TunnelRequest[K] };

/** `type ipip|sit|gre …` (link_iptnl.c, link_gre.c) */
function kindCommand(name: Name, module: KernelModule): KindCommand {
  return {
    module,
    usage: usageOf(name),
    parse(session, words) {
      const draft: Draft = { kind: name };
      for (; words.more; words.next()) parseWord(session, words, draft);
      return draft;
    },
    print: (session, data) => void (data.kind === name && print(session, data)),
  };
}

function parseWord(session: Session, words: Words, draft: Draft): void {
  const end = (): Ip => address(words.value(), 4);
  if (words.is('remote')) draft.remote = end();
  else if (words.is('local')) draft.local = end();
  else if (words.abbreviates('dev')) draft.link = session.device(words.value(), 255).ifindex;
  else if (words.is('ttl', 'hoplimit', 'hlim')) draft.ttl = ttlWord(words.value());
  else if (words.is('tos', 'tclass') || words.abbreviates('dsfield')) draft.tos = tosWord(words.value());
  else if (words.is('pmtudisc')) draft.pmtudisc = true;
  else if (words.is('nopmtudisc')) draft.pmtudisc = false;
  else if (draft.kind === 'gre' && words.abbreviates('key')) draft.key = keyWord(words.value());
  else if (words.is('noencap', 'nokey')) return;
  else if (ABSENT.test(words.word)) throw new Refusal(`ip: not simulated here: ${draft.kind} ${words.word}\n`, 64);
  else throw new Refusal(usageOf(draft.kind), 1);
}

function ttlWord(text: string): number {
  if (text === 'inherit') return 0;
  const value = parseUnsigned(text, 255);
  if (value === undefined) throw invalid('invalid TTL\n', text);
  return value;
}

function tosWord(text: string): number | 'inherit' {
  if (text === 'inherit') return text;
  const value = parseTos(text);
  if (value === undefined) throw invalid('bad TOS value', text);
  return value;
}

function keyWord(text: string): number {
  return text.includes('.') ? address(text, 4).v4 : unsigned(text, 'invalid value for "key"');
}

function print(session: Session, data: TunnelData): void {
  const { out } = session;
  const { kind, remote, local, ttl, tos } = data;
  if (kind !== 'gre') out.fact('proto', kind === 'ipip' ? 'ipip' : 'ip6ip', kind === 'ipip' ? 'ipip ' : 'ip6ip ');
  out.fact('remote', String(remote ?? 'any'), `remote ${remote ?? 'any'} `);
  out.fact('local', String(local ?? 'any'), `local ${local ?? 'any'} `);
  if (data.link !== undefined) out.fact('link', session.nameOf(data.link), `dev ${session.nameOf(data.link)} `);
  out.fact('ttl', ttl, ttl === 0 ? 'ttl inherit ' : `ttl ${ttl} `);
  if (tos === 'inherit') out.fact('tos', '0x1', 'tos inherit ');
  else if (tos !== 0) out.fact('tos', `0x${tos.toString(16)}`, `tos 0x${tos.toString(16)} `);
  if (kind === 'gre') out.fact('pmtudisc', data.pmtudisc, data.pmtudisc ? '' : 'nopmtudisc ');
  else out.fact('pmtudisc', data.pmtudisc, data.pmtudisc ? 'pmtudisc ' : 'nopmtudisc ');
  if (data.key === undefined) return;
  const dotted = [24, 16, 8, 0].map((shift) => ((data.key as number) >>> shift) & 255).join('.');
  out.fact('ikey', dotted, `ikey ${dotted} `);
  out.fact('okey', dotted, `okey ${dotted} `);
}

export const ipip = kindCommand('ipip', ipipModule);
export const sit = kindCommand('sit', sitModule);
export const gre = kindCommand('gre', greModule);
