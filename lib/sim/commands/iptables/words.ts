import type { PortRange } from '../../kernel/netfilter/index.ts';
import type { Names } from './extension.ts';
import { badParameter } from './refusal.ts';

/** strtoul(3) with base 0 of a whole text. */
export function parseNumber(text: string, max = 0xffff_ffff): number | undefined {
  if (!/^(0[xX][0-9a-fA-F]+|\d+)$/.test(text)) return undefined;
  const value = /^0\d/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return Number.isNaN(value) || value > max ? undefined : value;
}

export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** xtables_parse_port(): a number or the name of a service. */
export function parsePort(text: string, names: Names): number {
  // A quirk of the library's number parser.
  if (/^0x/i.test(text)) throw badParameter(`Port "${text}" does not resolve to anything.\n`);
  const port = parseNumber(text, 0xffff) ?? names.service(text);
  if (port === undefined) throw badParameter(`invalid port/service \`${text}' specified`);
  return port;
}

/** `80`, `1:1024`, `:1024`, `1024:` */
export function parsePortRange(text: string, names: Names): PortRange {
  const colon = text.indexOf(':');
  if (colon < 0) {
    const port = parsePort(text, names);
    return [port, port];
  }
  const first = colon === 0 ? 0 : parsePort(text.slice(0, colon), names);
  const final = colon === text.length - 1 ? 0xffff : parsePort(text.slice(colon + 1), names);
  if (first > final) throw badParameter('invalid portrange (min > max)');
  return [first, final];
}

export const saveRange = ([first, final]: PortRange): string => (first === final ? `${first}` : `${first}:${final}`);

/** By its name in /etc/services, which knows those of TCP and UDP. */
export function portName(port: number, protocol: number | undefined, names: Names): string {
  const known = protocol === 17 ? 'udp' : protocol === 6 || protocol === undefined ? 'tcp' : undefined;
  const name = names.numeric || known === undefined ? undefined : names.serviceName(port, known);
  return name ?? String(port);
}

/** A number with a mask: `0x1/0xff`. */
export function parseMasked(text: string): { value: number; mask: number } | undefined {
  const [first = '', second, ...rest] = text.split('/');
  const value = parseNumber(first);
  const mask = second === undefined ? 0xffff_ffff : parseNumber(second);
  return value === undefined || mask === undefined || rest.length > 0 ? undefined : { value, mask };
}

export const saveMasked = (value: number, mask: number): string =>
  mask >>> 0 === 0xffff_ffff ? hex(value) : `${hex(value)}/${hex(mask)}`;

/** xtables_save_string(): quotes where the shell or iptables-restore would need them. */
export function quote(text: string): string {
  if (text !== '' && /^[A-Za-z0-9._\-/:+@%]*$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, (c) => `\\${c}`)}"`;
}

/** Words of a line of iptables-restore: quotes of both kinds keep blanks, a backslash the next sign. */
export function splitLine(line: string): string[] {
  if (!/["'\\]/.test(line)) return line.split(/\s+/).filter((word) => word !== '');
  const words: string[] = [];
  let word: string | undefined;
  let quoted = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (c === '\\' && i + 1 < line.length && quoted !== '') word = (word ?? '') + line[++i];
    else if (quoted !== '') {
      if (c === quoted) quoted = '';
      else word = (word ?? '') + c;
    } else if (c === '"' || c === "'") {
      quoted = c;
      word ??= '';
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words;
}
