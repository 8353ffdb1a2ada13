import { strerror } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { baseName, isTty, type OpenFile, type Process, strftime, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { fieldOf } from '../http/head.ts';
import { parseUrl, resolveUrl, type Url, urlText } from '../http/url.ts';
import { dnsPart } from '../socket/resolve.ts';
import { FetchError, Fetcher, type Response } from './fetch.ts';
import { Progress, rate } from './progress.ts';

/** GNU Wget 1.21, for plain HTTP and single files. */
export const wget: CommandSpec = {
  name: 'wget',
  path: '/usr/bin/wget',
  summary: 'The non-interactive network downloader',
  options: [
    option('-q --quiet', 'print nothing'),
    option('--no-verbose', 'print one line for a file (-nv)'),
    option('--no-clobber', 'leave files that are there (-nc)'),
    option('-O --output-document', 'write to this file', 'FILE'),
    option('-P --directory-prefix', 'save files in this folder', 'PREFIX'),
    option('-S --server-response', 'print the response heads'),
    option('--spider', 'download nothing, look whether it is there'),
    option('-T --timeout', 'seconds that a step may take', 'SECONDS'),
    option('-t --tries', 'how often to try', 'NUMBER'),
    option('-U --user-agent', 'the User-Agent field', 'AGENT'),
    option('--header', 'send a field', 'STRING'),
    option('--post-data', 'post this', 'STRING'),
    option('--method', 'the request method', 'METHOD'),
    option('--max-redirect', 'how many redirects to follow', 'NUMBER'),
    option('--content-on-error', 'save what comes with an error'),
    option('--no-check-certificate', 'do not check certificates'),
    option('--no-proxy', 'use no proxy'),
    option('-4 --inet4-only', 'IPv4 only'),
    option('-6 --inet6-only', 'IPv6 only'),
    option('-V --version', 'print the version'),
    missing('-b --background', 'go to the background'),
    missing('-c --continue', 'go on with a file'),
    missing('-i --input-file', 'URLs from a file', 'FILE'),
    missing('-o --output-file', 'messages to a file', 'FILE'),
    missing('-r --recursive', 'follow links'),
    missing('-m --mirror', 'mirror a site'),
    missing('-p --page-requisites', 'all that a page needs'),
    missing('-N --timestamping', 'only what is newer'),
    missing('-h --help', 'print help'),
    missing('--user', 'the user', 'USER'),
    missing('--password', 'the password', 'PASSWORD'),
  ],
  modules: [inet],
  parts: [dnsPart],
  run,
};

const USAGE = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.";

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const short: Readonly<Record<string, string>> = { '-nv': '--no-verbose', '-nc': '--no-clobber' };
  const args = process.argv.slice(1).map((word) => short[word] ?? word);
  const parsed = yield* getopt(process, wget, { args, usage: USAGE, status: 2 });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-V')) {
    yield* process.print('GNU Wget 1.21.3 built on linux-gnu.\n');
    return 0;
  }
  if (parsed.operands.length === 0) {
    yield* process.printError(`wget: missing URL\n${USAGE}\n`);
    return 1;
  }
  process.onSignal('PIPE', 'ignore');
  const tool = new Wget(process, node, parsed);
  let status = 0;
  for (const text of parsed.operands) status = (yield* tool.one(text)) || status;
  return status;
}

const SERVER_ERROR = 8;

class Wget {
  readonly #fetcher: Fetcher;
  readonly #isVerbose: boolean;
  #document: OpenFile | undefined;

  constructor(
    private readonly process: Process,
    node: Node,
    private readonly parsed: Parsed,
  ) {
    this.#isVerbose = !parsed.has('-q') && !parsed.has('--no-verbose');
    const request = {
      method: 'GET',
      body: parsed.value('--post-data'),
      headers: parsed.values('--header'),
      agent: parsed.value('-U') ?? 'Wget/1.21.3',
      timeout: Number(parsed.value('-T') ?? 900) || 900,
      family: parsed.has('-4') ? (4 as const) : parsed.has('-6') ? (6 as const) : undefined,
    };
    this.#fetcher = new Fetcher(process, node, request, this.#log);
  }

  /** What is told of every step, unless -q or -nv. */
  readonly #log = function* (this: Wget, text: string): Generator<Wait, void, void> {
    if (this.#isVerbose) yield* this.process.printError(text);
  }.bind(this);

  get #time(): string {
    const { epoch, events } = this.process.machine;
    return strftime('%Y-%m-%d %H:%M:%S', epoch + events.now);
  }

  *one(text: string): Generator<Wait, number, void> {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase() ?? 'http';
    if (scheme === 'https' || scheme === 'ftp' || scheme === 'ftps') {
      return yield* notSimulated(this.process, 'wget', `${scheme}://`);
    }
    const url = parseUrl(text.replaceAll(' ', '%20'));
    if (scheme !== 'http' || url === undefined) {
      const why = scheme !== 'http' ? `Unsupported scheme ‘${scheme}’` : 'Invalid host name';
      yield* this.process.printError(`${text}: ${why}.\n`);
      return 1;
    }
    if (this.parsed.has('--no-clobber') && this.#fileName(url) === undefined) {
      yield* this.#log(`File ‘${baseName(url.path)}’ already there; not retrieving.\n\n`);
      return 0;
    }
    if (!(yield* this.#openDocument())) return 1;
    const status = yield* this.#tries(url);
    this.#document?.release();
    this.#document = undefined;
    return status;
  }

  /** -O makes its file before anything is asked for. */
  *#openDocument(): Generator<Wait, boolean, void> {
    const name = this.parsed.value('-O');
    if (name === undefined || name === '-') return true;
    const flags = { write: true, create: true, truncate: true };
    const opened = this.process.machine.fs.open(this.process.path(name), flags, this.process);
    if (opened.ok) {
      this.#document = opened.value.retain();
      return true;
    }
    yield* this.process.printError(`${name}: ${strerror(opened.error.errno)}\n`);
    return false;
  }

  *#tries(url: Url): Generator<Wait, number, void> {
    const tries = Number(this.parsed.value('-t') ?? 20) || 20;
    for (let number = 1; ; number++) {
      try {
        return yield* this.#follow(url, number);
      } catch (error) {
        if (!(error instanceof FetchError)) throw error;
        // What cannot be resolved is said even where nothing else is.
        if (error.message.startsWith('wget:') ? !this.parsed.has('-q') : this.#isVerbose) {
          yield* this.process.printError(error.message);
        }
        if (error.fatal) return error.status;
        yield* this.#log(number < tries ? 'Retrying.\n\n' : 'Giving up.\n\n');
        if (number >= tries) return error.status;
        yield* this.process.sleep(Math.min(number, 10) * 1_000_000);
      }
    }
  }

  *#follow(first: Url, number: number): Generator<Wait, number, void> {
    const spider = this.parsed.has('--spider');
    const most = Number(this.parsed.value('--max-redirect') ?? 20);
    if (spider && number === 1) yield* this.#log('Spider mode enabled. Check if remote file exists.\n');
    let url = first;
    for (let redirects = 0; ; redirects++) {
      const again = number > 1 ? `(try:${String(number).padStart(2)})  ` : '';
      yield* this.#log(`--${this.#time}--  ${again}${urlText(url)}\n`);
      const method =
        this.parsed.value('--method') ??
        (spider ? 'HEAD' : this.parsed.has('--post-data') && redirects === 0 ? 'POST' : 'GET');
      const response = yield* this.#fetcher.get(url, method, this.parsed.has('-S'));
      const location = fieldOf(response.head, 'Location');
      const next =
        location !== undefined && response.status >= 300 && response.status < 400
          ? resolveUrl(url, location)
          : undefined;
      if (next === undefined) return yield* this.#finish(first, url, response, spider);
      response.close();
      if (redirects >= most) {
        yield* this.#log(`Location: ${location}\n${most} redirections exceeded.\n`);
        return SERVER_ERROR;
      }
      yield* this.#log(`Location: ${location} [following]\n`);
      if (next.scheme !== 'http') return yield* notSimulated(this.process, 'wget', `${next.scheme}://`);
      url = next;
    }
  }

  *#finish(first: Url, url: Url, response: Response, spider: boolean): Generator<Wait, number, void> {
    try {
      if (response.status >= 400 && !this.parsed.has('--content-on-error'))
        return yield* this.#failed(url, response, spider);
      if (spider) {
        yield* this.#log(`${lengthLine(response)}Remote file exists.\n\n`);
        return 0;
      }
      return yield* this.#save(first, url, response);
    } finally {
      response.close();
    }
  }

  *#failed(url: Url, { status, reason }: Response, spider: boolean): Generator<Wait, number, void> {
    if (spider && status === 404) yield* this.#log('Remote file does not exist -- broken link!!!\n\n');
    else if (!this.parsed.has('-q')) {
      const where = this.#isVerbose ? '' : `${urlText(url)}:\n`;
      yield* this.process.printError(
        `${where}${this.#time} ERROR ${status}: ${reason}.\n${this.#isVerbose ? '\n' : ''}`,
      );
    }
    return SERVER_ERROR;
  }

  /** The file of that name, or the first of NAME.1, NAME.2 … that is not there; undefined: it stays as it is. */
  #fileName(url: Url): string | undefined {
    const { fs } = this.process.machine;
    const [path = ''] = url.path.split('?');
    const plain = path.endsWith('/') ? 'index.html' : baseName(path);
    const prefix = this.parsed.value('-P');
    const name = prefix === undefined ? plain : `${prefix}/${plain}`;
    const exists = (file: string) => fs.stat(this.process.path(file), this.process).ok;
    if (!exists(name)) return name;
    if (this.parsed.has('--no-clobber')) return undefined;
    for (let i = 1; ; i++) if (!exists(`${name}.${i}`)) return `${name}.${i}`;
  }

  *#save(first: Url, url: Url, response: Response): Generator<Wait, number, void> {
    const document = this.parsed.value('-O');
    const name = document ?? this.#fileName(first) ?? baseName(first.path);
    const toOutput = document === '-';
    yield* this.#log(`${lengthLine(response)}Saving to: ‘${toOutput ? 'STDOUT' : name}’\n`);
    const file = toOutput ? undefined : (this.#document ?? this.#create(name));
    if (file === undefined && !toOutput) {
      yield* this.process.printError(`${name}: No such file or directory\n\nCannot write to ‘${name}’ (Success).\n`);
      return 3;
    }
    const { framing } = response.reader;
    const total = framing.kind === 'length' ? framing.length : undefined;
    const stderr = this.process.fds.get(2);
    const dots = this.#isVerbose && !(stderr !== undefined && isTty(stderr));
    const progress = new Progress(this.process, dots, total);
    if (!toOutput) yield* progress.begin();
    for (let piece = yield* response.next(); piece !== undefined; piece = yield* response.next()) {
      if (toOutput) yield* this.process.write(1, piece);
      else if (file !== undefined && !(yield* this.#write(file, piece))) return 3;
      if (toOutput && response.reader.received === piece.length) yield* progress.begin();
      yield* progress.add(piece.length);
    }
    yield* progress.end();
    if (document === undefined) file?.release();
    yield* this.#saved(url, toOutput ? '-' : name, response, progress.seconds, total);
    return 0;
  }

  #create(name: string): OpenFile | undefined {
    const { fs } = this.process.machine;
    const prefix = this.parsed.value('-P');
    if (prefix !== undefined) fs.mkdir(this.process.path(prefix), { parents: true });
    const opened = fs.open(this.process.path(name), { write: true, create: true, truncate: true }, this.process);
    return opened.ok ? opened.value.retain() : undefined;
  }

  *#write(file: OpenFile, bytes: Uint8Array): Generator<Wait, boolean, void> {
    for (let at = 0; at < bytes.length; ) {
      const written = file.write(bytes.subarray(at));
      if (!written.ok) {
        yield* this.process.printError(`Cannot write (${strerror(written.error.errno)}).\n`);
        return false;
      }
      at += written.value;
      if (written.value === 0) yield { queues: [file.writable] };
    }
    return true;
  }

  *#saved(
    url: Url,
    name: string,
    { reader }: Response,
    seconds: number,
    total: number | undefined,
  ): Generator<Wait, void, void> {
    if (this.parsed.has('-q')) return;
    const { number, unit } = rate(reader.received, seconds);
    const size = total === undefined ? `[${reader.received}]` : `[${reader.received}/${total}]`;
    if (!this.#isVerbose) {
      const brief = total === undefined ? `[${reader.received}]` : size;
      return yield* this.process.printError(`${this.#time} URL:${urlText(url)} ${brief} -> "${name}" [1]\n`);
    }
    const what = name === '-' ? 'written to stdout' : `‘${name}’ saved`;
    const speed = `${number} ${unit === 'B' ? 'B' : `${unit}B`}/s`;
    yield* this.process.printError(`${this.#time} (${speed}) - ${what} ${size}\n\n`);
  }
}

function lengthLine(response: Response): string {
  const { framing } = response.reader;
  const stated = fieldOf(response.head, 'Content-Length');
  const length =
    framing.kind === 'length'
      ? framing.length
      : framing.kind === 'none' && stated !== undefined
        ? Number(stated)
        : undefined;
  const type = fieldOf(response.head, 'Content-Type')?.replace(/[ ;].*/s, '');
  const size = length === undefined ? 'unspecified' : `${length}${length < 1024 ? '' : ` (${human(length)})`}`;
  return `Length: ${size}${type === undefined ? '' : ` [${type}]`}\n`;
}

/** As few digits as say something: 98K, 1.5M. */
function human(bytes: number): string {
  let value = bytes / 1024;
  const units = ['K', 'M', 'G', 'T'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)}${units[unit]}`;
}
