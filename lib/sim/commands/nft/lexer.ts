import type { Location, Source } from './location.ts';

export type TokenKind = 'word' | 'number' | 'quoted' | 'wildcard' | 'sign' | 'newline' | 'end' | 'junk';

/** `text` is what stands there; of quoted strings, what is between the quotes. */
export type Token = { readonly kind: TokenKind; readonly text: string; readonly at: Location };

/** Words that mean something wherever they stand: no name may be one of them. */
const KEYWORDS = new Set(
  `eq ne le lt ge gt lshift rshift xor and or not vmap include define redefine undefine describe hook device devices table
  chain rule set element map flowtable handle ruleset socket tproxy accept drop continue jump goto return inet netdev add
  replace update create insert delete get list reset flush rename import export monitor position index comment constant
  interval dynamic auto-merge timeout gc-interval elements expires policy size flow offload meter counter log queue limit
  quota hour day reject snat dnat masquerade redirect random th bridge ether type typeof vlan arp ip ecn time icmp icmpv6
  igmp ip6 priority ah esp comp flags udp udplite tcp dccp sctp rt rt0 rt2 srh hbh frag dst mh meta mark iif iifname iiftype
  oif oifname oiftype skuid skgid nftrace rtclassid ibriport ibrname obriport obrname pkttype cpu iifgroup oifgroup cgroup ct
  numgen jhash symhash dup fwd fib osf synproxy notrack all exists missing exthdr ipsec secmark last`.split(/\s+/),
);

/** Other spellings of signs. */
const SIGN_WORDS: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  le: '<=',
  lt: '<',
  ge: '>=',
  gt: '>',
  lshift: '<<',
  rshift: '>>',
  xor: '^',
  and: '&',
  or: '|',
  not: '!',
};

const HEX4 = '[0-9a-fA-F]{1,4}';
const IP4 = '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}';
const MAC = '(?:[0-9a-fA-F]{1,2}:){5}[0-9a-fA-F]{1,2}';
/** An address of IPv6 in each of its forms. */
const IP6: readonly string[] = [
  `::(?:[fF]{4}:)?${IP4}`,
  `(?:${HEX4}:){7}${HEX4}`,
  `(?:${HEX4}:){1,7}:`,
  `(?:${HEX4}:){1,6}:${HEX4}`,
  `(?:${HEX4}:){1,5}(?::${HEX4}){2}`,
  `(?:${HEX4}:){1,4}(?::${HEX4}){3}`,
  `(?:${HEX4}:){1,3}(?::${HEX4}){4}`,
  `(?:${HEX4}:){1,2}(?::${HEX4}){5}`,
  `${HEX4}:(?::${HEX4}){6}`,
  `:(?::${HEX4}){1,7}`,
  '::',
];
const NAME = '[a-zA-Z_.][a-zA-Z0-9/\\-_.]*';

type Pattern = { readonly kind: TokenKind; readonly pattern: RegExp };
const pattern = (kind: TokenKind, source: string): Pattern => ({ kind, pattern: new RegExp(source, 'y') });

/** The longest match counts; of equally long ones, the first. */
const PATTERNS: readonly Pattern[] = [
  pattern('sign', '==|!=|<=|>=|<<|>>|[,.:;{}[\\]()<>^&|!/*@$=+-]'),
  ...IP6.flatMap((form) => [pattern('word', form), pattern('word', `\\[${form}\\]`)]),
  pattern('word', MAC),
  pattern('word', IP4),
  pattern('word', '(?=\\d)(?:\\d+d)?(?:\\d+h)?(?:\\d+m(?!s))?(?:\\d+s)?(?:\\d+ms)?'),
  pattern('number', '0[xX][0-9a-fA-F]+|\\d+'),
  pattern('word', `${HEX4}:${HEX4}(?=[ \\t\\n:\\-},])`),
  pattern('quoted', '"[^"]*"'),
  pattern('wildcard', `${NAME}\\*|${NAME}\\\\\\*(?:${NAME})?|\\\\\\*`),
  pattern('word', '8021ad|8021q'),
  pattern('word', NAME),
];

/** Splits a text; blanks and comments are left out, ends of lines are tokens. */
export function tokenize(source: Source): Token[] {
  const tokens: Token[] = [];
  const { text } = source;
  let line = 1;
  let lineStart = 0;
  let i = 0;
  const place = (from: number, to: number): Location => ({
    source,
    line,
    from: from - lineStart + 1,
    to: to - lineStart,
  });
  while (i < text.length) {
    const c = text[i] as string;
    if (c === ' ' || c === '\t' || c === '\r') i++;
    else if (c === '#') while (i < text.length && text[i] !== '\n') i++;
    else if (c === '\n' || (c === '\\' && text[i + 1] === '\n')) {
      const length = c === '\n' ? 1 : 2;
      if (c === '\n') tokens.push({ kind: 'newline', text: 'newline', at: place(i, i + 1) });
      i += length;
      line++;
      lineStart = i;
    } else {
      const found = longest(text, i);
      tokens.push({ kind: found.kind, text: found.text, at: place(i, i + found.length) });
      i += found.length;
    }
  }
  const end = place(i, i + 1);
  // The end behind the last line is told with that line.
  const at = i === lineStart && line > 1 ? { ...end, shown: line - 1 } : end;
  tokens.push({ kind: 'end', text: 'end of file', at });
  return tokens;
}

function longest(text: string, at: number): { kind: TokenKind; text: string; length: number } {
  let best: { kind: TokenKind; text: string; length: number } | undefined;
  for (const { kind, pattern: regex } of PATTERNS) {
    regex.lastIndex = at;
    const match = regex.exec(text)?.[0];
    if (match !== undefined && match.length > (best?.length ?? 0)) best = { kind, text: match, length: match.length };
  }
  if (best === undefined) return { kind: 'junk', text: text[at] as string, length: 1 };
  if (best.kind === 'quoted') return { ...best, text: best.text.slice(1, -1) };
  const sign = best.kind === 'word' ? SIGN_WORDS[best.text] : undefined;
  if (sign !== undefined) return { ...best, kind: 'sign', text: sign };
  if (best.kind === 'word' && best.text.startsWith('[')) return { ...best, text: best.text.slice(1, -1) };
  return best;
}

export const isKeyword = (text: string): boolean => KEYWORDS.has(text);

const SIGN_NAMES: Readonly<Record<string, string>> = { ',': 'comma', ';': 'semicolon', ':': 'colon' };

/** How a complaint calls it. */
export function tokenName({ kind, text }: Token): string {
  switch (kind) {
    case 'number':
      return 'number';
    case 'quoted':
      return 'quoted string';
    case 'wildcard':
      return 'string with a trailing asterisk';
    case 'newline':
    case 'end':
    case 'junk':
      return kind === 'end' ? 'end of file' : kind;
    case 'sign':
      return SIGN_NAMES[text] ?? (/^[{}[\]()$|=]$/.test(text) ? `'${text}'` : text);
    case 'word':
      return isKeyword(text) ? text : 'string';
  }
}
