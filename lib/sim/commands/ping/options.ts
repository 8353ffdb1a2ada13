import { Ip } from '../../base/index.ts';
import type { Family, PingOptions } from '../../kernel/index.ts';
import { parseUnsigned } from '../iproute2/words.ts';
import { PING_OPTIONS } from './spec.ts';
import { PING_USAGE } from './usage.ts';

/** Ends ping: `text` on standard error, then exit. */
export class PingFailure extends Error {
  override name = 'PingFailure';
  constructor(
    readonly text: string,
    readonly status: number,
  ) {
    super(text);
  }
}

export const failure = (status: number, message: string): PingFailure => new PingFailure(`ping: ${message}\n`, status);

export type Settings = {
  family: Family | undefined;
  broadcast: boolean;
  audible: boolean;
  adaptive: boolean;
  count: number | undefined;
  timestamps: boolean;
  ident: number | undefined;
  flood: boolean;
  /** Milliseconds. */
  interval: number;
  intervalGiven: boolean;
  device: string | undefined;
  source: Ip | undefined;
  preload: number;
  mark: number | undefined;
  pmtu: PingOptions['pmtu'];
  numeric: boolean;
  outstanding: boolean;
  pattern: Uint8Array | undefined;
  quiet: boolean;
  tos: number | undefined;
  size: number;
  ttl: number | undefined;
  latency: boolean;
  verbose: boolean;
  /** Seconds; 0 is none. */
  deadline: number;
  /** Milliseconds. */
  linger: number;
  targets: string[];
  /** What is said before anything else: warnings on standard error, `PATTERN: 0xff` on standard output. */
  warnings: string[];
  preamble: string;
  version: boolean;
};

const defaults = (): Settings => ({
  ...{
    family: undefined,
    broadcast: false,
    audible: false,
    adaptive: false,
    count: undefined,
    timestamps: false,
    ident: undefined,
    flood: false,
  },
  ...{
    interval: 1000,
    intervalGiven: false,
    device: undefined,
    source: undefined,
    preload: 1,
    mark: undefined,
    pmtu: undefined,
    numeric: false,
  },
  ...{
    outstanding: false,
    pattern: undefined,
    quiet: false,
    tos: undefined,
    size: 56,
    ttl: undefined,
    latency: false,
    verbose: false,
  },
  ...{ deadline: 0, linger: 10_000, targets: [], warnings: [], preamble: '', version: false },
});

const INT_MAX = 2_147_483_647;

/** Options of one letter, as getopt(3) permutes them; each complaint is ping's own. */
export function parseOptions(argv: readonly string[]): Settings {
  const settings = defaults();
  const program = argv[0] ?? 'ping';
  if (program.endsWith('4')) settings.family = 4;
  if (program.endsWith('6')) settings.family = 6;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') {
      settings.targets.push(...argv.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      settings.targets.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      const spec = PING_OPTIONS.find((option) => option.flags.includes(`-${letter}`));
      if (spec === undefined) throw new PingFailure(`ping: invalid option -- '${letter}'\n${PING_USAGE}`, 2);
      if (!spec.simulated) throw new PingFailure(`ping: not simulated here: -${letter}\n`, 64);
      if (spec.value === undefined) {
        setFlag(settings, letter);
        continue;
      }
      const value = at + 1 < word.length ? word.slice(at + 1) : argv[++i];
      if (value === undefined)
        throw new PingFailure(`ping: option requires an argument -- '${letter}'\n${PING_USAGE}`, 2);
      setValue(settings, letter, value);
      break;
    }
  }
  return settings;
}

function setFlag(settings: Settings, letter: string): void {
  if (letter === '4' || letter === '6') {
    const family = letter === '4' ? 4 : 6;
    if (settings.family !== undefined && settings.family !== family)
      throw failure(2, 'only one -4 or -6 option may be specified');
    settings.family = family;
  } else if (letter === 'b') settings.broadcast = true;
  else if (letter === 'a') settings.audible = true;
  else if (letter === 'A') settings.adaptive = true;
  else if (letter === 'D') settings.timestamps = true;
  else if (letter === 'f') settings.flood = settings.numeric = true;
  else if (letter === 'n') settings.numeric = true;
  else if (letter === 'O') settings.outstanding = true;
  else if (letter === 'q') settings.quiet = true;
  else if (letter === 'U') settings.latency = true;
  else if (letter === 'v') settings.verbose = true;
  else if (letter === 'V') settings.version = true;
  else if (letter === 'h' || letter === '?') throw new PingFailure(PING_USAGE, 2);
}

function setValue(settings: Settings, letter: string, value: string): void {
  if (letter === 'c') settings.count = ranged(value, 1, Number.MAX_SAFE_INTEGER, '9223372036854775807');
  else if (letter === 'e') settings.ident = ranged(value, 0, 65535);
  else if (letter === 'i') {
    settings.interval = Math.trunc(seconds(settings, value, 'bad timing interval') * 1000);
    settings.intervalGiven = true;
  } else if (letter === 'I') setInterface(settings, value);
  else if (letter === 'l') settings.preload = ranged(value, 1, 65536);
  else if (letter === 'm') settings.mark = ranged(value, 0, 4_294_967_295);
  else if (letter === 'M') {
    if (value !== 'do' && value !== 'dont' && value !== 'want') throw failure(2, `invalid -M argument: ${value}`);
    settings.pmtu = value;
  } else if (letter === 'p') setPattern(settings, value);
  else if (letter === 'Q') settings.tos = typeOfService(value);
  else if (letter === 's') settings.size = ranged(value, 0, INT_MAX);
  else if (letter === 't') settings.ttl = ranged(value, 0, 255);
  else if (letter === 'w') settings.deadline = ranged(value, 0, INT_MAX);
  else if (letter === 'W') {
    const linger = seconds(settings, value, 'bad linger time');
    settings.linger = Math.trunc(linger * 1000);
  }
}

/** strtol_or_err() of iputils_common.c */
function ranged(text: string, min: number, max: number, maxText = String(max)): number {
  if (!/^\s*[-+]?(0x[0-9a-f]+|\d+)$/i.test(text)) throw failure(1, `invalid argument: '${text}'`);
  const value = Number(text);
  if (value < min || value > max)
    throw failure(1, `invalid argument: '${text}': out of range: ${min} <= value <= ${maxText}`);
  return value;
}

/** ping_strtod(): garbage after a number is only warned of. */
function seconds(settings: Settings, text: string, complaint: string): number {
  const number = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?/i.exec(text)?.[0] ?? '';
  if (number.length !== text.length) {
    settings.warnings.push(
      `ping: option argument contains garbage: ${text.slice(number.length)}\n`,
      'ping: this will become fatal error in the future\n',
    );
  }
  const value = Number(number === '' ? 0 : number);
  if (value < 0 || value > INT_MAX / 1000) throw failure(2, `${complaint}: ${text}`);
  return value;
}

function setInterface(settings: Settings, value: string): void {
  if (value.includes(':')) {
    const [address = '', device] = value.split('%');
    const source = Ip.parse(address);
    if (source === undefined) throw failure(2, `invalid source address: ${value}`);
    settings.source = source;
    settings.device = device ?? settings.device;
    return;
  }
  const source = Ip.parse(value);
  if (source === undefined) settings.device = value;
  else settings.source = source;
}

/** fill(): up to 16 bytes in hexadecimal, repeated over the data. */
function setPattern(settings: Settings, text: string): void {
  if (/[^0-9a-f]/i.test(text)) throw failure(2, `patterns must be specified as hex digits: ${text}`);
  const bytes = (text.match(/../g) ?? []).slice(0, 16).map((pair) => Number.parseInt(pair, 16));
  if (bytes.length === 0) bytes.push(Number.parseInt(text, 16) || 0);
  settings.pattern = Uint8Array.from(bytes);
  settings.preamble = `PATTERN: 0x${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}\n`;
}

function typeOfService(text: string): number {
  const value = /^0x/i.test(text) ? Number.parseInt(text, 16) : parseUnsigned(text);
  if (value === undefined || Number.isNaN(value)) throw failure(2, `bad TOS value: ${text}`);
  if (value > 255) throw failure(2, `the decimal value of TOS bits must be in range 0-255: ${value}`);
  return value;
}
