import { type Micros, SECOND } from '../../base/index.ts';
import type { Process } from '../../os/index.ts';
import type { Given } from '../getopt.ts';
import { lookUpService } from '../names.ts';
import { USAGE } from './usage.ts';

/** Ends nc: what it prints, and its exit status. */
export class Failure {
  constructor(
    readonly text: string,
    readonly status = 1,
  ) {}
}

/** err(3), warn(3): `nc: text`. */
export const failure = (text: string): Failure => new Failure(`nc: ${text}\n`);

export const usage = (): Failure => new Failure(USAGE);

export type Settings = {
  readonly family: 4 | 6 | undefined;
  readonly udp: boolean;
  readonly listen: boolean;
  readonly keep: boolean;
  readonly scan: boolean;
  readonly verbose: boolean;
  readonly numeric: boolean;
  readonly detached: boolean;
  readonly crlf: boolean;
  readonly broadcast: boolean;
  readonly randomPorts: boolean;
  /** Ends the sending side when standard input ends (-N, and -q with a time). */
  readonly shutdown: boolean;
  readonly timeout: Micros | undefined;
  readonly interval: Micros | undefined;
  readonly quitAfter: Micros | undefined;
  readonly receiveLimit: number | undefined;
  readonly sourceAddress: string | undefined;
  readonly sourcePort: string | undefined;
  readonly ttl: number | undefined;
  readonly tos: number | undefined;
  readonly receiveBuffer: number | undefined;
  readonly sendBuffer: number | undefined;
  readonly host: string | undefined;
  readonly port: string;
};

/** strtonum(3) */
function number(text: string, least: number, most: number, name: string): number {
  if (!/^\s*[-+]?\d+$/.test(text)) throw failure(`${name} invalid: ${text}`);
  const value = Number(text);
  if (value < least) throw failure(`${name} too small: ${text}`);
  if (value > most) throw failure(`${name} too large: ${text}`);
  return value;
}

const INT_MAX = 2_147_483_647;

const TOS_WORDS: Readonly<Record<string, number>> = {
  af11: 0x28,
  af12: 0x30,
  af13: 0x38,
  af21: 0x48,
  af22: 0x50,
  af23: 0x58,
  af31: 0x68,
  af32: 0x70,
  af33: 0x78,
  af41: 0x88,
  af42: 0x90,
  af43: 0x98,
  critical: 0xa0,
  cs0: 0,
  cs1: 0x20,
  cs2: 0x40,
  cs3: 0x60,
  cs4: 0x80,
  cs5: 0xa0,
  cs6: 0xc0,
  cs7: 0xe0,
  ef: 0xb8,
  inetcontrol: 0xc0,
  lowcost: 0x02,
  lowdelay: 0x10,
  netcontrol: 0xe0,
  reliability: 0x04,
  throughput: 0x08,
};

function parseTos(text: string): number {
  const known = TOS_WORDS[text];
  if (known !== undefined) return known;
  const value = /^0x[0-9a-f]+$/i.test(text) || /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value > 255) throw failure(`illegal tos value ${text}`);
  return value;
}

export function settingsOf(given: readonly Given[], operands: readonly string[]): Settings {
  const has = (flag: string): boolean => given.some((one) => one.flag === flag);
  const value = (flag: string): string | undefined => given.findLast((one) => one.flag === flag)?.value;
  const numberOf = (flag: string, least: number, most: number, name: string): number | undefined => {
    const text = value(flag);
    return text === undefined ? undefined : number(text, least, most, name);
  };
  const seconds = (count: number | undefined): Micros | undefined => (count === undefined ? undefined : count * SECOND);
  const interval = seconds(numberOf('-i', 0, INT_MAX / 1000, 'interval'));
  const quit = numberOf('-q', -INT_MAX, INT_MAX, 'quit timer');
  const timeout = seconds(numberOf('-w', 0, INT_MAX / 1000, 'timeout'));
  const ttl = value('-M');
  if (ttl !== undefined && Number(ttl) > 255) throw failure('ttl is too large');
  const tos = value('-T');
  const listen = has('-l');
  if (listen && has('-z')) throw failure('cannot use -z and -l');
  if (!listen && has('-k')) throw failure('must use -l with -k');
  const family = given.findLast(({ flag }) => flag === '-4' || flag === '-6')?.flag;
  const quitAfter = quit === undefined || quit < 0 ? undefined : seconds(quit);
  return {
    family: family === undefined ? undefined : family === '-4' ? 4 : 6,
    udp: has('-u'),
    listen,
    keep: has('-k'),
    scan: has('-z'),
    verbose: has('-v'),
    numeric: has('-n'),
    detached: has('-d'),
    crlf: has('-C'),
    broadcast: has('-b'),
    randomPorts: has('-r'),
    shutdown: has('-N') || quitAfter !== undefined,
    timeout,
    interval,
    quitAfter,
    receiveLimit: numberOf('-W', 1, INT_MAX, 'receive limit'),
    sourceAddress: value('-s'),
    sourcePort: value('-p'),
    ttl: ttl === undefined ? undefined : number(ttl, 0, 255, 'ttl'),
    tos: tos === undefined ? undefined : parseTos(tos),
    receiveBuffer: numberOf('-I', 1, 65536 << 14, 'TCP receive window'),
    sendBuffer: numberOf('-O', 1, 65536 << 14, 'TCP send window'),
    ...target(listen, operands, value('-s'), value('-p')),
  };
}

/** Where to listen, or whom to call. A listener takes its address and port as operands, or by -s and -p. */
function target(
  listen: boolean,
  operands: readonly string[],
  source: string | undefined,
  port: string | undefined,
): { host: string | undefined; port: string } {
  const [first, second] = operands;
  if (operands.length > 2) throw usage();
  if (listen && port !== undefined) {
    if (first !== undefined) throw usage();
    return { host: source, port };
  }
  if (listen && source !== undefined && first !== undefined) throw usage();
  if (second !== undefined) return { host: first, port: second };
  if (listen && first !== undefined) return { host: undefined, port: first };
  if (first === undefined && !listen) throw usage();
  throw failure('missing port number');
}

/** build_ports(): a number, a service, or a range, which counts up. */
export function portsOf(process: Process, settings: Settings): number[] {
  const { port: text, udp } = settings;
  const service = lookUpService(process, text);
  if (service?.protocols.includes(udp ? 'udp' : 'tcp') === true) return [service.port];
  const range = /^(\d+)-(\d+)$/.exec(text);
  if (range === null) return [number(text, 1, 65535, 'port number')];
  const [from, to] = [range[1] as string, range[2] as string]
    .map((part) => number(part, 1, 65535, 'port number'))
    .sort((a, b) => a - b) as [number, number];
  const ports = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  if (!settings.randomPorts) return ports;
  for (let i = ports.length - 1; i > 0; i--) {
    const j = process.machine.random.int(0, i);
    [ports[i], ports[j]] = [ports[j] as number, ports[i] as number];
  }
  return ports;
}
