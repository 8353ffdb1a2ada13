import { encodeText, epochSeconds, normalizePath, type Process, strftime } from '../../os/index.ts';
import { fieldOf, fromLatin1, parseHead } from '../http/head.ts';
import { typeOfFile } from './mime-types.ts';

/** What SimpleHTTPRequestHandler answers to a request: pieces as they are sent, and lines for its log. */
export type Answer = { readonly pieces: readonly Uint8Array[]; readonly log: readonly string[] };

const VERSION = 'SimpleHTTP/0.6 Python/3.11.2';

const EXPLANATIONS: Readonly<Record<number, string>> = {
  400: 'Bad request syntax or unsupported method',
  404: 'Nothing matches the given URI',
  414: 'URI is too long',
  501: 'Server does not support this operation',
  505: 'Cannot fulfill request',
};

/** One request of `python3 -m http.server`, which serves the files of a folder (http/server.py of Python 3.11). */
export class RequestHandler {
  readonly #log: string[] = [];
  #requestLine = '';
  #command = '';
  #path = '';
  /** HTTP/0.9 has no head, and that is what a request is held for until its version is known. */
  #headless = true;

  constructor(
    private readonly process: Process,
    private readonly folder: string,
    private readonly client: string,
  ) {}

  /** `text` is the request's head in Latin-1. */
  answer(text: string): Answer {
    const head = parseHead(text);
    this.#requestLine = head.line;
    const pieces = this.#respond(head.line, head.fields);
    return { pieces, log: this.#log };
  }

  #respond(line: string, fields: ReturnType<typeof parseHead>['fields']): Uint8Array[] {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length === 0) return [];
    const wrong = this.#readLine(words, line);
    if (wrong !== undefined) return wrong;
    if (this.#command !== 'GET' && this.#command !== 'HEAD') {
      return this.#error(501, `Unsupported method (${repr(this.#command)})`);
    }
    return this.#serve(fieldOf({ fields }, 'If-Modified-Since'));
  }

  #readLine(words: readonly string[], line: string): Uint8Array[] | undefined {
    const version = words.at(-1) as string;
    if (words.length >= 3) {
      const number = /^HTTP\/(\d+)\.(\d+)$/.exec(version);
      if (number === null) return this.#error(400, `Bad request version (${repr(version)})`);
      if (Number(number[1]) >= 2) return this.#error(505, `Invalid HTTP version (${number[1]}.${number[2]})`);
    }
    if (words.length < 2 || words.length > 3) return this.#error(400, `Bad request syntax (${repr(line)})`);
    const [command = '', path = ''] = words;
    if (words.length === 2 && command !== 'GET') {
      return this.#error(400, `Bad HTTP/0.9 request type (${repr(command)})`);
    }
    this.#headless = words.length === 2;
    this.#command = command;
    this.#path = path.replace(/^\/\/+/, '/');
    return undefined;
  }

  get #now(): number {
    const { machine } = this.process;
    return machine.epoch + machine.events.now;
  }

  #note(message: string): void {
    const time = strftime('%d/%b/%Y %H:%M:%S', this.#now);
    const clean = message.replace(
      /[\x00-\x1f\x7f-\x9f]/g,
      (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
    this.#log.push(`${this.client} - - [${time}] ${clean}\n`);
  }

  #head(code: number, reason: string, fields: readonly string[]): Uint8Array[] {
    this.#note(`"${this.#requestLine}" ${code} -`);
    if (this.#headless) return [];
    const lines = [`HTTP/1.0 ${code} ${reason}`, `Server: ${VERSION}`, `Date: ${httpDate(this.#now)}`, ...fields];
    return [fromLatin1(`${lines.join('\r\n')}\r\n\r\n`)];
  }

  #error(code: number, message: string): Uint8Array[] {
    this.#note(`code ${code}, message ${message}`);
    const body = encodeText(errorPage(code, message));
    const head = this.#head(code, message, [
      'Connection: close',
      'Content-Type: text/html;charset=utf-8',
      `Content-Length: ${body.length}`,
    ]);
    return this.#command === 'HEAD' ? head : [...head, body];
  }

  #serve(since: string | undefined): Uint8Array[] {
    const { fs } = this.process.machine;
    const [path = ''] = this.#path.split(/[?#]/);
    const file = this.#translate(path);
    const stat = fs.stat(file, this.process);
    if (stat.ok && stat.value.kind === 'directory') {
      if (!path.endsWith('/')) return this.#moved();
      for (const index of ['index.html', 'index.htm']) {
        const found = fs.stat(`${file}/${index}`, this.process);
        if (found.ok && found.value.kind !== 'directory') return this.#file(`${file}/${index}`, since);
      }
      return this.#list(file);
    }
    return path.endsWith('/') ? this.#error(404, 'File not found') : this.#file(file, since);
  }

  /** Names that lead out of the folder are left out. */
  #translate(path: string): string {
    const parts = unquote(path)
      .split('/')
      .filter((part) => part !== '' && part !== '.');
    const kept: string[] = [];
    for (const part of parts) {
      if (part === '..') kept.pop();
      else kept.push(part);
    }
    return normalizePath([this.folder, ...kept].join('/'));
  }

  #moved(): Uint8Array[] {
    const [path = '', query] = this.#path.split('?');
    const location = `${path}/${query === undefined ? '' : `?${query}`}`;
    return this.#head(301, 'Moved Permanently', [`Location: ${location}`, 'Content-Length: 0']);
  }

  #file(file: string, since: string | undefined): Uint8Array[] {
    const { fs, epoch } = this.process.machine;
    const content = fs.readFile(file, this.process);
    const stat = fs.stat(file, this.process);
    if (!content.ok || !stat.ok) return this.#error(404, 'File not found');
    const modified = epoch + stat.value.mtime;
    const date = httpDate(modified);
    if (since !== undefined && Math.floor(modified / 1e6) <= parseHttpDate(since)) {
      return this.#head(304, 'Not Modified', []);
    }
    const head = this.#head(200, 'OK', [
      `Content-type: ${typeOfFile(file)}`,
      `Content-Length: ${content.value.length}`,
      `Last-Modified: ${date}`,
    ]);
    if (this.#command === 'HEAD' || content.value.length === 0) return head;
    return [...head, content.value.slice()];
  }

  #list(folder: string): Uint8Array[] {
    const { fs } = this.process.machine;
    const names = fs.readdir(folder, this.process);
    if (!names.ok) return this.#error(404, 'No permission to list directory');
    const sorted = [...names.value].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    const entries = sorted.map((name) => {
      const link = fs.lstat(`${folder}/${name}`, this.process);
      const target = fs.stat(`${folder}/${name}`, this.process);
      const isFolder = target.ok && target.value.kind === 'directory';
      const isLink = link.ok && link.value.kind === 'symlink';
      const shown = isLink ? `${name}@` : isFolder ? `${name}/` : name;
      return `<li><a href="${quote(isFolder ? `${name}/` : name)}">${escape(shown)}</a></li>`;
    });
    const title = `Directory listing for ${escape(unquote(this.#path))}`;
    const page = [
      '<!DOCTYPE HTML>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      `<title>${title}</title>`,
      '</head>',
      `<body>\n<h1>${title}</h1>`,
      '<hr>\n<ul>',
      ...entries,
      '</ul>\n<hr>\n</body>\n</html>\n',
    ].join('\n');
    const body = encodeText(page);
    const head = this.#head(200, 'OK', ['Content-type: text/html; charset=utf-8', `Content-Length: ${body.length}`]);
    return this.#command === 'HEAD' ? head : [...head, body];
  }
}

function errorPage(code: number, message: string): string {
  return `<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: ${code}</p>
        <p>Message: ${escape(message)}.</p>
        <p>Error code explanation: ${code} - ${EXPLANATIONS[code] ?? ''}.</p>
    </body>
</html>
`;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** repr() of a str of Latin-1. */
export function repr(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[\\\x00-\x1f\x7f-\xa0]|'/g, (c) => {
    if (c === "'") return mark === "'" ? "\\'" : c;
    const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return short[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return mark + body + mark;
}

/** %XX of bytes; what is no UTF-8 then becomes U+FFFD. */
function unquote(text: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const hex = /^%([\da-f]{2})/i.exec(text.slice(i, i + 3))?.[1];
    bytes.push(hex === undefined ? text.charCodeAt(i) & 255 : Number.parseInt(hex, 16));
    if (hex !== undefined) i += 2;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

const quote = (text: string): string =>
  [...encodeText(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.~/-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

const httpDate = (micros: number): string => strftime('%a, %d %b %Y %H:%M:%S GMT', micros);

/** Seconds since the epoch; -1 for what is no date. */
function parseHttpDate(text: string): number {
  const found = /^\w{3}, (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text);
  if (found === null) return -1;
  const [, day = '', name = '', year = '', hour = '', minute = '', second = ''] = found;
  const month = 'JanFebMarAprMayJunJulAugSepOctNovDec'.indexOf(name) / 3 + 1;
  return epochSeconds(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
}
