import { encodeText, type Process } from '../../os/index.ts';
import { toLatin1 } from '../http/head.ts';
import { type Given, UsageError } from './options.ts';

/** What the options ask for. Times are in seconds. */
export type Settings = {
  readonly family: 4 | 6 | undefined;
  readonly http10: boolean;
  readonly method: string | undefined;
  readonly head: boolean;
  readonly include: boolean;
  readonly fail: boolean;
  readonly follow: boolean;
  readonly maxRedirects: number;
  readonly silent: boolean;
  readonly showError: boolean;
  readonly meter: boolean;
  readonly verbose: boolean;
  readonly noBuffer: boolean;
  /** Bytes to send, as Latin-1; undefined: none. */
  readonly data: string | undefined;
  readonly upload: string | undefined;
  readonly query: string | undefined;
  readonly headers: readonly string[];
  readonly agent: string | undefined;
  readonly referer: string | undefined;
  readonly cookie: string | undefined;
  readonly range: string | undefined;
  readonly compressed: boolean;
  readonly user: string | undefined;
  readonly dumpHeader: string | undefined;
  readonly writeOut: string | undefined;
  readonly maxTime: number | undefined;
  readonly connectTimeout: number | undefined;
  readonly interface: string | undefined;
  readonly localPort: number | undefined;
  readonly resolve: readonly string[];
  readonly retries: number;
  readonly retryDelay: number | undefined;
  readonly retryRefused: boolean;
  readonly retryAll: boolean;
  /** For each URL in turn: a file, or true for the remote name. */
  readonly outputs: readonly (string | true)[];
};

export function settingsOf(process: Process, given: readonly Given[]): Settings {
  const has = (flag: string) => given.some((one) => one.flag === flag);
  const last = (flag: string) => given.findLast((one) => one.flag === flag)?.value;
  const all = (flag: string) => given.filter((one) => one.flag === flag).map((one) => one.value);
  const number = (flag: string): number | undefined => {
    const text = last(flag);
    if (text === undefined) return undefined;
    if (!/^\d+(\.\d*)?$|^\.\d+$/.test(text)) {
      throw new UsageError(`option ${flag}: expected a proper numerical parameter`);
    }
    return Number(text);
  };
  const data = dataOf(process, given);
  const family = given.findLast(({ flag }) => flag === '-4' || flag === '-6')?.flag;
  return {
    family: family === undefined ? undefined : family === '-4' ? 4 : 6,
    http10: given.findLast(({ flag }) => flag === '-0' || flag === '--http1.1')?.flag === '-0',
    method: last('-X'),
    head: has('-I'),
    include: has('-i'),
    fail: has('-f'),
    follow: has('-L'),
    maxRedirects: number('--max-redirs') ?? 50,
    silent: has('-s'),
    showError: has('-S'),
    meter: !has('-s') && !has('--no-progress-meter'),
    verbose: has('-v'),
    noBuffer: has('-N'),
    data: has('-G') || has('-I') ? undefined : data,
    upload: uploadOf(process, last('-T')),
    query: has('-G') || has('-I') ? data : undefined,
    headers: all('-H'),
    agent: last('-A'),
    referer: last('-e'),
    cookie: last('-b'),
    range: last('-r'),
    compressed: has('--compressed'),
    user: last('-u'),
    dumpHeader: last('-D'),
    writeOut: last('-w'),
    maxTime: number('-m'),
    connectTimeout: number('--connect-timeout'),
    interface: last('--interface'),
    localPort: number('--local-port'),
    resolve: all('--resolve'),
    retries: number('--retry') ?? 0,
    retryDelay: number('--retry-delay'),
    retryRefused: has('--retry-connrefused'),
    retryAll: has('--retry-all-errors'),
    outputs: given.flatMap(({ flag, value }): (string | true)[] =>
      flag === '-o' ? [value] : flag === '-O' ? [true] : [],
    ),
  };
}

function uploadOf(process: Process, file: string | undefined): string | undefined {
  return file === undefined ? undefined : contentOf(process, file, '-T');
}

const DATA = ['-d', '--data-raw', '--data-binary', '--data-urlencode'];

function dataOf(process: Process, given: readonly Given[]): string | undefined {
  const parts = given.filter(({ flag }) => DATA.includes(flag)).map(({ flag, value }) => part(process, flag, value));
  return parts.length === 0 ? undefined : parts.join('&');
}

function part(process: Process, flag: string, value: string): string {
  if (flag === '--data-urlencode') {
    const equals = value.indexOf('=');
    const [name, text] = equals < 0 ? ['', value] : [value.slice(0, equals), value.slice(equals + 1)];
    return name === '' ? encode(text) : `${name}=${encode(text)}`;
  }
  if (flag === '--data-raw' || !value.startsWith('@')) return toLatin1(encodeText(value));
  const content = contentOf(process, value.slice(1));
  return flag === '--data-binary' ? content : content.replace(/[\r\n\0]/g, '');
}

/** A file as Latin-1. */
function contentOf(process: Process, name: string, flag = '-d'): string {
  const file = process.machine.fs.readFile(process.path(name), process);
  if (!file.ok) throw new UsageError(`option ${flag}: error encountered when reading a file`);
  return toLatin1(file.value);
}

const encode = (text: string): string =>
  [...encodeText(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
