import type { Match } from '../../../kernel/netfilter/index.ts';
import { last, type MatchExtension } from '../extension.ts';
import { badParameter } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Icmp = Extract<Match, { name: 'icmp' | 'icmp6' }>;
type Code = readonly [name: string, type: number, first: number, last: number];

/** xt_icmp.h: names of types and codes. */
const TYPES4: readonly Code[] = [
  ['any', 255, 0, 255],
  ['echo-reply', 0, 0, 255],
  ['pong', 0, 0, 255],
  ['destination-unreachable', 3, 0, 255],
  ['network-unreachable', 3, 0, 0],
  ['host-unreachable', 3, 1, 1],
  ['protocol-unreachable', 3, 2, 2],
  ['port-unreachable', 3, 3, 3],
  ['fragmentation-needed', 3, 4, 4],
  ['source-route-failed', 3, 5, 5],
  ['network-unknown', 3, 6, 6],
  ['host-unknown', 3, 7, 7],
  ['network-prohibited', 3, 9, 9],
  ['host-prohibited', 3, 10, 10],
  ['TOS-network-unreachable', 3, 11, 11],
  ['TOS-host-unreachable', 3, 12, 12],
  ['communication-prohibited', 3, 13, 13],
  ['host-precedence-violation', 3, 14, 14],
  ['precedence-cutoff', 3, 15, 15],
  ['source-quench', 4, 0, 255],
  ['redirect', 5, 0, 255],
  ['network-redirect', 5, 0, 0],
  ['host-redirect', 5, 1, 1],
  ['TOS-network-redirect', 5, 2, 2],
  ['TOS-host-redirect', 5, 3, 3],
  ['echo-request', 8, 0, 255],
  ['ping', 8, 0, 255],
  ['router-advertisement', 9, 0, 255],
  ['router-solicitation', 10, 0, 255],
  ['time-exceeded', 11, 0, 255],
  ['ttl-exceeded', 11, 0, 255],
  ['ttl-zero-during-transit', 11, 0, 0],
  ['ttl-zero-during-reassembly', 11, 1, 1],
  ['parameter-problem', 12, 0, 255],
  ['ip-header-bad', 12, 0, 0],
  ['required-option-missing', 12, 1, 1],
  ['timestamp-request', 13, 0, 255],
  ['timestamp-reply', 14, 0, 255],
  ['address-mask-request', 17, 0, 255],
  ['address-mask-reply', 18, 0, 255],
];

const TYPES6: readonly Code[] = [
  ['destination-unreachable', 1, 0, 255],
  ['no-route', 1, 0, 0],
  ['communication-prohibited', 1, 1, 1],
  ['beyond-scope', 1, 2, 2],
  ['address-unreachable', 1, 3, 3],
  ['port-unreachable', 1, 4, 4],
  ['failed-policy', 1, 5, 5],
  ['reject-route', 1, 6, 6],
  ['packet-too-big', 2, 0, 255],
  ['time-exceeded', 3, 0, 255],
  ['ttl-exceeded', 3, 0, 255],
  ['ttl-zero-during-transit', 3, 0, 0],
  ['ttl-zero-during-reassembly', 3, 1, 1],
  ['parameter-problem', 4, 0, 255],
  ['bad-header', 4, 0, 0],
  ['unknown-header-type', 4, 1, 1],
  ['unknown-option', 4, 2, 2],
  ['echo-request', 128, 0, 255],
  ['ping', 128, 0, 255],
  ['echo-reply', 129, 0, 255],
  ['pong', 129, 0, 255],
  ['router-solicitation', 133, 0, 255],
  ['router-advertisement', 134, 0, 255],
  ['neighbour-solicitation', 135, 0, 255],
  ['neighbor-solicitation', 135, 0, 255],
  ['neighbour-advertisement', 136, 0, 255],
  ['neighbor-advertisement', 136, 0, 255],
  ['redirect', 137, 0, 255],
];

/** parse_icmp(): a name, an abbreviation of one, or TYPE[/CODE]. */
function parseType(text: string, types: readonly Code[], what: string): Pick<Icmp, 'type' | 'codes'> {
  const named = types.filter(([name]) => name.toLowerCase().startsWith(text.toLowerCase()));
  const exact = named.find(([name]) => name.toLowerCase() === text.toLowerCase());
  if (exact === undefined && named.length > 1) {
    throw badParameter(`Ambiguous ${what} type \`${text}': \`${named[0]?.[0]}' or \`${named[1]?.[0]}'?`);
  }
  const found = exact ?? named[0];
  if (found !== undefined) return { type: found[1], codes: [found[2], found[3]] };
  const [typeText = '', codeText] = text.split('/');
  const type = parseNumber(typeText, 255);
  if (type === undefined) throw badParameter(`Unknown ${what} type \`${typeText}'`);
  if (codeText === undefined) return { type, codes: [0, 255] };
  const code = parseNumber(codeText, 255);
  if (code === undefined) throw badParameter(`Unknown ${what} code \`${codeText}'`);
  return { type, codes: [code, code] };
}

function describe({ type, codes, invert }: Icmp, types: readonly Code[], label: string, numeric: boolean): string {
  if (!numeric) {
    const named = types.find(([, t, first, final]) => t === type && first === codes[0] && final === codes[1]);
    if (named !== undefined) return `${label} ${invert ? '!' : ''}${named[0]}`;
  }
  const text = invert ? `${label} !type ${type}` : `${label}type ${type}`;
  if (codes[0] === codes[1]) return `${text} code ${codes[0]}`;
  return codes[0] === 0 && codes[1] === 255 ? text : `${text} codes ${codes[0]}-${codes[1]}`;
}

function save(option: string, { type, codes, invert }: Icmp): string {
  const value = type === 255 ? 'any' : `${type}${codes[0] === 0 && codes[1] === 255 ? '' : `/${codes[0]}`}`;
  return `${invert ? '! ' : ''}--${option} ${value}`;
}

const extension = (
  name: Icmp['name'],
  option: string,
  label: string,
  protocol: number,
  types: readonly Code[],
): MatchExtension<Icmp> => ({
  name,
  options: [{ name: option }],
  parse: (given, { selectors }) => {
    if (selectors.protocol?.value !== protocol || selectors.protocol.invert) {
      throw badParameter(`${name} match requires '-p ${name === 'icmp' ? 'icmp' : 'icmpv6'}'`);
    }
    const one = last(given, option);
    const any = { type: 255, codes: [0, 255] as const };
    if (one === undefined && name === 'icmp6') throw badParameter('icmp6: option "--icmpv6-type" must be specified\n');
    const parsed = one === undefined ? any : parseType(one.value, types, name === 'icmp' ? 'ICMP' : 'ICMPv6');
    return { name, ...parsed, invert: one?.invert === true };
  },
  save: (data) => save(option, data),
  list: (data, names) => describe(data, types, label, names.numeric),
});

export const icmp = extension('icmp', 'icmp-type', 'icmp', 1, TYPES4);
export const icmp6 = extension('icmp6', 'icmpv6-type', 'ipv6-icmp', 58, TYPES6);
