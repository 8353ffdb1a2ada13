import { type Micros, SECOND } from '../../base/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { baseName, concatBytes, isTty, type OpenFile, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { fromLatin1 } from '../http/head.ts';
import { parseUrl, resolveUrl, type Url, urlText } from '../http/url.ts';
import { dnsPart } from '../socket/resolve.ts';
import { Connector, CurlError } from './connect.ts';
import { Meter } from './meter.ts';
import { NotHere, OPTIONS, readWords, UsageError } from './options.ts';
import { type Settings, settingsOf } from './settings.ts';
import { type Sink, Transfer } from './transfer.ts';
import { HELP, VERSION } from './usage.ts';
import { Voice } from './voice.ts';
import { writeOut } from './write-out.ts';

/** curl 7.88.1, for plain HTTP. */
export const curl: CommandSpec = {
  name: 'curl',
  path: '/usr/bin/curl',
  summary: 'transfer a URL',
  options: OPTIONS,
  modules: [inet],
  parts: [dnsPart],
  run,
};

const TRY = "curl: try 'curl --help' or 'curl --manual' for more information\n";

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  try {
    const { given, urls } = readWords(process.argv.slice(1));
    const all = [...given.filter(({ flag }) => flag === '--url').map(({ value }) => value), ...urls];
    const asked = given.find(({ flag }) => flag === '-h' || flag === '-V')?.flag;
    if (asked !== undefined) {
      yield* process.print(asked === '-h' ? HELP : VERSION);
      return 0;
    }
    if (all.length === 0) throw new UsageError('');
    return yield* new Run(process, node, settingsOf(process, given)).all(all);
  } catch (error) {
    if (error instanceof NotHere) return yield* notSimulated(process, 'curl', error.what);
    if (!(error instanceof UsageError)) throw error;
    yield* process.printError((error.message === '' ? '' : `curl: ${error.message}\n`) + TRY);
    return 2;
  }
}

/** Protocols that the real one speaks, and this one does not. */
const PROTOCOLS =
  'dict file ftp ftps gopher gophers https imap imaps ldap ldaps mqtt pop3 pop3s rtmp rtsp scp sftp smb smbs smtp smtps telnet tftp'.split(
    ' ',
  );

/** One run of curl: its URLs, one after another. */
class Run {
  readonly #voice: Voice;
  readonly #connector: Connector;
  #showedMeter = false;
  #preloaded = false;

  constructor(
    private readonly process: Process,
    node: Node,
    private readonly settings: Settings,
  ) {
    this.#voice = new Voice(process, settings.verbose, settings.outputs.length > 0);
    this.#connector = new Connector(process, node, settings, this.#voice.say);
    process.onSignal('PIPE', 'ignore');
  }

  /** The status of the last one counts. */
  *all(urls: readonly string[]): Generator<Wait, number, void> {
    let status = 0;
    for (const [i, text] of urls.entries()) status = yield* this.#one(text, this.settings.outputs[i]);
    return status;
  }

  *#one(text: string, output: string | true | undefined): Generator<Wait, number, void> {
    const url = parseUrl(text);
    if (url === undefined) return yield* this.#complain(3, 'URL using bad/illegal format or missing URL');
    if (PROTOCOLS.includes(url.scheme)) return yield* notSimulated(this.process, 'curl', `${url.scheme}://`);
    if (url.scheme !== 'http') {
      return yield* this.#complain(1, `Protocol "${url.scheme}" not supported or disabled in libcurl`);
    }
    if (/[{}]/.test(url.path)) return yield* notSimulated(this.process, 'curl', 'braces in a URL');
    const file = output === true ? baseName(url.path.split('?')[0] as string) : output;
    if (output === true && (url.path.split('?')[0] as string).endsWith('/')) {
      const message = 'curl: Remote file name has no length!\n';
      if (!this.settings.silent) yield* this.process.printError(message);
      return yield* this.#complain(23, 'Failed writing received data to disk/application');
    }
    return yield* this.#retrying(text, url, file);
  }

  *#complain(code: number, message: string): Generator<Wait, number, void> {
    const { silent, showError } = this.settings;
    if (!silent || showError) yield* this.process.printError(`curl: (${code}) ${message}\n`);
    return code;
  }

  *#retrying(text: string, url: Url, file: string | undefined): Generator<Wait, number, void> {
    let left = this.settings.retries;
    for (let delay = 1; ; delay = Math.min(delay * 2, 600)) {
      const { code, problem } = yield* this.#perform(text, url, file);
      if (left === 0 || problem === undefined) return code;
      const seconds = this.settings.retryDelay ?? delay;
      const tries = `${left} ${left === 1 ? 'retry' : 'retries'} left`;
      if (!this.settings.silent) {
        yield* this.process.printError(`Warning: Problem: ${problem}. Will retry in ${seconds} seconds. ${tries}.\n`);
      }
      left--;
      yield* this.process.sleep(seconds * SECOND);
    }
  }

  /** The transfer with its redirects; `problem` tells why another try could help. */
  *#perform(
    text: string,
    first: Url,
    file: string | undefined,
  ): Generator<Wait, { code: number; problem: string | undefined }, void> {
    const { settings, process } = this;
    const { events } = process.machine;
    const startedAt = events.now;
    const out = new Out(process, settings, file);
    const meter = new Meter(process, settings.meter && !out.isTerminal, startedAt);
    let transfer = this.#transfer(meter, startedAt);
    let url = withQuery(first, settings.query);
    let redirects = 0;
    let failure: CurlError | undefined;
    try {
      if (!this.#preloaded) yield* this.#connector.preload();
      this.#preloaded = true;
      yield* meter.begin(!this.#showedMeter);
      this.#showedMeter = true;
      let method = methodOf(settings);
      let sends = settings.data !== undefined || settings.upload !== undefined;
      for (;;) {
        yield* transfer.run(url, method, sends, out);
        const next = this.#redirect(url, transfer);
        if (next === undefined) break;
        if (redirects >= settings.maxRedirects) {
          throw new CurlError(47, `Maximum (${settings.maxRedirects}) redirects followed`);
        }
        redirects++;
        yield* this.#voice.say(`Issue another request to this URL: '${urlText(next)}'`);
        if (next.scheme !== 'http')
          return { code: yield* notSimulated(process, 'curl', `${next.scheme}://`), problem: undefined };
        const { status, connects, version } = transfer.report;
        if (sends && status <= 303) {
          sends = false;
          if (settings.method === undefined) method = 'GET';
        }
        url = next;
        transfer = this.#transfer(meter, startedAt);
        transfer.report.connects = connects;
        transfer.old = version === '1.0';
      }
    } catch (error) {
      if (!(error instanceof CurlError)) throw error;
      failure = error;
    }
    const { report } = transfer;
    const code = failure?.code ?? 0;
    if (failure !== undefined) yield* this.#complain(code, failure.message);
    yield* out.end();
    if (settings.writeOut !== undefined) {
      const target = report.location === undefined ? undefined : resolveUrl(url, report.location);
      const { output, errors } = writeOut(settings.writeOut, {
        report,
        url: text,
        effective: url,
        redirects,
        redirectUrl: target === undefined ? '' : urlText(target),
        file: file ?? '',
        code,
        message: failure?.message ?? '',
        total: (events.now - startedAt) / 1e6,
      });
      yield* process.printError(errors);
      yield* process.print(output);
    }
    return { code, problem: this.#problem(code, report.status) };
  }

  #transfer(meter: Meter, startedAt: Micros): Transfer {
    return new Transfer(this.process, this.settings, this.#connector, this.#voice, meter, startedAt);
  }

  #redirect(url: Url, { report }: Transfer): Url | undefined {
    if (!this.settings.follow || report.location === undefined || report.status < 300 || report.status > 399) {
      return undefined;
    }
    return resolveUrl(url, report.location);
  }

  #problem(code: number, status: number): string | undefined {
    if (code === 28) return 'timeout';
    if (code === 7 && this.settings.retryRefused) return 'connection refused';
    if ((code === 0 || code === 22) && [408, 429, 500, 502, 503, 504].includes(status)) return 'HTTP error';
    return code !== 0 && this.settings.retryAll ? '(retrying all errors)' : undefined;
  }
}

const methodOf = ({ method, head, data, upload }: Settings): string =>
  method ?? (head ? 'HEAD' : upload !== undefined ? 'PUT' : data !== undefined ? 'POST' : 'GET');

const withQuery = (url: Url, query: string | undefined): Url =>
  query === undefined ? url : { ...url, path: `${url.path}${url.path.includes('?') ? '&' : '?'}${query}` };

const BUFFER = 4096;

/** Where the output goes. What is no terminal gets whole buffers, and the rest when the transfer is over. */
class Out implements Sink {
  readonly isTerminal: boolean;
  #held: Uint8Array[] = [];
  #size = 0;
  #file: OpenFile | undefined;

  constructor(
    private readonly process: Process,
    private readonly settings: Settings,
    private readonly path: string | undefined,
  ) {
    const stdout = process.fds.get(1);
    this.isTerminal = this.#name === undefined && stdout !== undefined && isTty(stdout);
  }

  get #name(): string | undefined {
    return this.path === '-' ? undefined : this.path;
  }

  *head(text: string): Generator<Wait, void, void> {
    const { dumpHeader, include, head } = this.settings;
    if (dumpHeader === '-') yield* this.#print(fromLatin1(text));
    else if (dumpHeader !== undefined) {
      this.process.machine.fs.writeFile(this.process.path(dumpHeader), fromLatin1(text), { append: true });
    }
    if (include || head) yield* this.body(fromLatin1(text));
  }

  *body(bytes: Uint8Array): Generator<Wait, boolean, void> {
    if (this.#name === undefined) {
      yield* this.#print(bytes);
      return true;
    }
    if (this.#file === undefined && !(yield* this.#open(this.#name))) return false;
    const file = this.#file as OpenFile;
    for (let at = 0; at < bytes.length; ) {
      const written = file.write(bytes.subarray(at));
      if (!written.ok) return false;
      at += written.value;
      if (written.value === 0) yield* this.process.waitFor(() => true, [file.writable]);
    }
    return true;
  }

  *#open(name: string): Generator<Wait, boolean, void> {
    const flags = { write: true, create: true, truncate: true };
    const opened = this.process.machine.fs.open(this.process.path(name), flags, this.process);
    if (opened.ok) {
      this.#file = opened.value;
      this.#file.retain();
      return true;
    }
    if (!this.settings.silent) {
      const why = opened.error.errno === 'EISDIR' ? 'Is a directory' : 'No such file or directory';
      yield* this.process.printError(`Warning: Failed to open the file ${name}: ${why}\n`);
    }
    return false;
  }

  *#print(bytes: Uint8Array): Generator<Wait, void, void> {
    this.#held.push(bytes);
    this.#size += bytes.length;
    if (this.isTerminal || this.settings.noBuffer || this.#size >= BUFFER) yield* this.#flush();
  }

  *#flush(): Generator<Wait, void, void> {
    const bytes = concatBytes(this.#held);
    this.#held = [];
    this.#size = 0;
    if (bytes.length > 0) yield* this.process.write(1, bytes);
  }

  *end(): Generator<Wait, void, void> {
    yield* this.#flush();
    this.#file?.release();
    this.#file = undefined;
  }
}
