import type { Dump, TimeStyle } from './print/packet-printer.ts';
import { TCPDUMP_OPTIONS } from './spec.ts';

/** Ends tcpdump: `text` on standard error, then exit. */
export class TcpdumpFailure extends Error {
  override name = 'TcpdumpFailure';
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

export const failure = (message: string, status = 1): TcpdumpFailure =>
  new TcpdumpFailure(`tcpdump: ${message}\n`, status);

export const VERSION = `tcpdump version 4.99.3
libpcap version 1.10.3 (with TPACKET_V3)
OpenSSL 3.0.19 27 Jan 2026
`;

export const USAGE = `${VERSION}Usage: tcpdump [-AbdDefhHIJKlLnNOpqStuUvxX#] [ -B size ] [ -c count ] [--count]
		[ -C file_size ] [ -E algo:secret ] [ -F file ] [ -G seconds ]
		[ -i interface ] [ --immediate-mode ] [ -j tstamptype ]
		[ -M secret ] [ --number ] [ --print ] [ -Q in|out|inout ]
		[ -r file ] [ -s snaplen ] [ -T type ] [ --version ]
		[ -V file ] [ -w file ] [ -W filecount ] [ -y datalinktype ]
		[ --time-stamp-precision precision ] [ --micro ] [ --nano ]
		[ -z postrotate-command ] [ -Z user ] [ expression ]
`;

export const MAX_SNAPLEN = 262_144;

export type Settings = {
  device: string | undefined;
  readFile: string | undefined;
  writeFile: string | undefined;
  filterFile: string | undefined;
  count: number | undefined;
  countOnly: boolean;
  snapLength: number;
  direction: 'in' | 'out' | undefined;
  promiscuous: boolean;
  lineBuffered: boolean;
  packetBuffered: boolean;
  numbered: boolean;
  alsoPrint: boolean;
  numeric: boolean;
  verbose: number;
  linkHeader: boolean;
  quiet: boolean;
  absoluteSequence: boolean;
  time: TimeStyle;
  dump: Dump | undefined;
  linkType: string | undefined;
  action: 'capture' | 'devices' | 'link-types' | 'version' | 'help';
  expression: string;
};

const TIME_STYLES: readonly TimeStyle[] = ['clock', 'none', 'epoch', 'delta', 'date', 'elapsed'];

/** getopt_long(3) with tcpdump's options: operands may stand between them and are the filter. */
export function parseOptions(args: readonly string[]): Settings {
  const settings: Settings = {
    ...{
      device: undefined,
      readFile: undefined,
      writeFile: undefined,
      filterFile: undefined,
      count: undefined,
      countOnly: false,
    },
    ...{
      snapLength: MAX_SNAPLEN,
      direction: undefined,
      promiscuous: true,
      lineBuffered: false,
      packetBuffered: false,
      numbered: false,
    },
    ...{
      alsoPrint: false,
      numeric: false,
      verbose: 0,
      linkHeader: false,
      quiet: false,
      absoluteSequence: false,
      time: 'clock' as const,
    },
    ...{ dump: undefined, linkType: undefined, action: 'capture' as const, expression: '' },
  };
  const operands: string[] = [];
  const given: Record<string, number> = {};
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? '';
    if (word === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) i += longOption(settings, word, args[i + 1], given);
    else if (word.startsWith('-') && word !== '-') i += cluster(settings, word, args[i + 1], given);
    else operands.push(word);
  }
  finish(settings, given);
  settings.expression = operands.join(' ');
  return settings;
}

/** How many further words it used up: 0 or 1. */
function cluster(settings: Settings, word: string, next: string | undefined, given: Record<string, number>): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? '';
    const spec = TCPDUMP_OPTIONS.find((option) => option.flags.includes(`-${letter}`));
    if (spec === undefined) throw new TcpdumpFailure(`tcpdump: invalid option -- '${letter}'\n${USAGE}`, 1);
    if (!spec.simulated) throw failure(`not simulated here: -${letter}`, 64);
    if (spec.value === undefined) {
      flag(settings, letter, given);
      continue;
    }
    const joined = word.slice(at + 1);
    const value = joined === '' ? next : joined;
    if (value === undefined)
      throw new TcpdumpFailure(`tcpdump: option requires an argument -- '${letter}'\n${USAGE}`, 1);
    setValue(settings, letter, value);
    return joined === '' ? 1 : 0;
  }
  return 0;
}

function longOption(settings: Settings, word: string, next: string | undefined, given: Record<string, number>): number {
  const [name = '', joined] = splitOnce(word);
  const spec = TCPDUMP_OPTIONS.find((option) => option.flags.includes(name));
  if (spec === undefined) throw new TcpdumpFailure(`tcpdump: unrecognized option '${name}'\n${USAGE}`, 1);
  if (!spec.simulated) throw failure(`not simulated here: ${name}`, 64);
  const key = spec.flags[0]?.replace(/^-+/, '') ?? '';
  if (spec.value === undefined) {
    flag(settings, key, given);
    return 0;
  }
  const value = joined ?? next;
  if (value === undefined) throw new TcpdumpFailure(`tcpdump: option '${name}' requires an argument\n${USAGE}`, 1);
  setValue(settings, key, value);
  return joined === undefined ? 1 : 0;
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function flag(settings: Settings, key: string, given: Record<string, number>): void {
  given[key] = (given[key] ?? 0) + 1;
  if (key === 'D') settings.action = 'devices';
  else if (key === 'L') settings.action = 'link-types';
  else if (key === 'version') settings.action = 'version';
  else if (key === 'h') settings.action = 'help';
  else if (key === 'e') settings.linkHeader = true;
  else if (key === 'l') settings.lineBuffered = true;
  else if (key === 'n') settings.numeric = true;
  else if (key === 'p') settings.promiscuous = false;
  else if (key === 'q') settings.quiet = true;
  else if (key === 'S') settings.absoluteSequence = true;
  else if (key === 'U') settings.packetBuffered = true;
  else if (key === 'v') settings.verbose++;
  else if (key === '#') settings.numbered = true;
  else if (key === 'print') settings.alsoPrint = true;
  else if (key === 'count') settings.countOnly = true;
}

function setValue(settings: Settings, key: string, value: string): void {
  if (key === 'i') settings.device = value;
  else if (key === 'r') settings.readFile = value;
  else if (key === 'w') settings.writeFile = value;
  else if (key === 'F') settings.filterFile = value;
  else if (key === 'y') settings.linkType = value;
  else if (key === 'c') {
    if (!/^\s*\+?\d/.test(value) || Number.parseInt(value, 10) <= 0) throw failure(`invalid packet count ${value}`);
    settings.count = Number.parseInt(value, 10);
  } else if (key === 's') {
    const length = /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : -1;
    if (length < 0 || length > MAX_SNAPLEN)
      throw failure(`invalid snaplen ${value} (must be >= 0 and <= ${MAX_SNAPLEN})`);
    settings.snapLength = length === 0 ? MAX_SNAPLEN : length;
  } else if (key === 'Q') {
    if (value !== 'in' && value !== 'out' && value !== 'inout') throw failure(`unknown capture direction \`${value}'`);
    settings.direction = value === 'inout' ? undefined : value;
  }
}

function finish(settings: Settings, given: Readonly<Record<string, number>>): void {
  const stamps = given.t ?? 0;
  const style = TIME_STYLES[stamps];
  if (style === undefined) throw failure('only -t, -tt, -ttt, -tttt and -ttttt are supported');
  settings.time = style;
  const dump = (style: Dump['style'], times: number | undefined): void => {
    if (times !== undefined) settings.dump = { style, withLinkHeader: times > 1 };
  };
  // Of several the first of X, x, A is printed.
  dump('ascii', given.A);
  dump('hex', given.x);
  dump('hex+ascii', given.X);
}
