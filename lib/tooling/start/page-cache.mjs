// @ts-check
/**
 * Keeps whole answers of pages that are the same for everyone, and of files that never change, compressed once and
 * ready to send: what a caching proxy would do in front of the site, without having to run one.
 *
 * It believes what an answer says of itself, as RFC 9111 wants of a shared cache: only answers with `s-maxage` or
 * `immutable` and without a cookie are kept. Pages are asked for again every few seconds, by letting one request through;
 * meanwhile the others get what is there.
 *
 * Not here: anything personal, anything with a query, and the parts of pages that the router fetches (they vary by header).
 */
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 * @typedef {(request: Request, response: Response) => void | Promise<void>} Handler
 * @typedef {{ headers: Record<string, import('node:http').OutgoingHttpHeader>, bodies: Map<string, Buffer>, bytes: number, freshUntil: number }} Entry
 */

const FRESH_MS = 5_000;
const MAX_BYTES = 96 * 1024 * 1024;
const MAX_BODY = 8 * 1024 * 1024;
const COMPRESSIBLE = /^(text\/|application\/(javascript|json|manifest)|image\/svg)/;

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);
const ungzipped = promisify(gunzip);
const unbrotlied = promisify(brotliDecompress);

export class PageCache {
  /** In the order of use: the first is the one to drop. @type {Map<string, Entry>} */
  #entries = new Map();
  #bytes = 0;
  /** What is being asked for: the next in line is given what is there. @type {Set<string>} */
  #asking = new Set();

  /**
   * @param {Handler} next who answers what is not kept
   * @param {() => number} [now] milliseconds
   */
  constructor(next, now = Date.now) {
    this.next = next;
    this.now = now;
  }

  /** @type {Handler} */
  handle(request, response) {
    const url = request.url ?? '';
    if (!isPublic(request, url)) return this.next(request, response);
    const entry = this.#entries.get(url);
    if (entry && (entry.freshUntil > this.now() || this.#asking.has(url))) {
      this.#entries.delete(url);
      this.#entries.set(url, entry);
      return send(entry, request, response);
    }
    if (this.#asking.has(url)) return this.next(request, response);
    return this.#askAndKeep(url, request, response);
  }

  /**
   * Lets the request through and keeps a copy of the answer on its way out.
   * @param {string} url
   * @param {Request} request
   * @param {Response} response
   */
  #askAndKeep(url, request, response) {
    this.#asking.add(url);
    /** @type {Buffer[]} */
    const chunks = [];
    const { write, end, writeHead } = response;
    /** @param {unknown} chunk @param {unknown} encoding */
    const copy = (chunk, encoding) => {
      if (typeof chunk === 'string')
        chunks.push(
          Buffer.from(chunk, typeof encoding === 'string' ? /** @type {BufferEncoding} */ (encoding) : 'utf8'),
        );
      else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    // Headers given here only would not be seen by getHeaders().
    response.writeHead = /** @type {typeof writeHead} */ (
      (/** @type {unknown[]} */ ...args) => {
        const last = args.at(-1);
        if (typeof last !== 'object' || last === null || Array.isArray(last))
          return Reflect.apply(writeHead, response, args);
        for (const [name, value] of Object.entries(last)) if (value !== undefined) response.setHeader(name, value);
        return Reflect.apply(writeHead, response, args.slice(0, -1));
      }
    );
    response.write = /** @type {typeof write} */ (
      (/** @type {unknown[]} */ ...args) => {
        copy(args[0], args[1]);
        return Reflect.apply(write, response, args);
      }
    );
    response.end = /** @type {typeof end} */ (
      (/** @type {unknown[]} */ ...args) => {
        copy(args[0], args[1]);
        return Reflect.apply(end, response, args);
      }
    );
    response.once('finish', async () => {
      // A copy that cannot be kept is no harm: the answer itself went out.
      await this.#keep(url, response, Buffer.concat(chunks)).catch(() => this.#drop(url));
      this.#asking.delete(url);
    });
    // Also when the client went away in the middle: half an answer is not kept.
    response.once('close', () => response.writableFinished || this.#asking.delete(url));
    return this.next(request, response);
  }

  /**
   * @param {string} url
   * @param {Response} response
   * @param {Buffer} sent
   */
  async #keep(url, response, sent) {
    if (!mayKeep(response) || sent.length > MAX_BODY) return this.#drop(url);
    const headers = keptHeaders(response);
    const body = await plain(sent, response.getHeader('content-encoding'));
    const before = this.#entries.get(url);
    const same = before?.bodies.get('identity')?.equals(body);
    const bodies = same && before ? before.bodies : await compressed(body, String(headers['content-type'] ?? ''));
    const bytes = [...bodies.values()].reduce((sum, { length }) => sum + length, 0);
    const immutable = /immutable/.test(String(headers['cache-control']));
    this.#drop(url);
    this.#entries.set(url, {
      headers,
      bodies,
      bytes,
      freshUntil: immutable ? Number.POSITIVE_INFINITY : this.now() + FRESH_MS,
    });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= MAX_BYTES) break;
      this.#drop(oldest);
    }
  }

  /** @param {string} url */
  #drop(url) {
    this.#bytes -= this.#entries.get(url)?.bytes ?? 0;
    this.#entries.delete(url);
  }
}

/** The router's requests get other answers at the same address; a query or a preview is for one reader. */
const VARYING = [
  'rsc',
  'next-router-state-tree',
  'next-router-prefetch',
  'next-router-segment-prefetch',
  'next-url',
  'range',
  'authorization',
];

/**
 * @param {Request} request
 * @param {string} url
 */
function isPublic({ method, headers }, url) {
  if (method !== 'GET' || url.includes('?')) return false;
  if (VARYING.some((name) => headers[name] !== undefined)) return false;
  return !headers.cookie?.includes('__prerender_bypass');
}

/** @param {Response} response */
function mayKeep(response) {
  if (response.statusCode !== 200 || response.hasHeader('set-cookie')) return false;
  const control = String(response.getHeader('cache-control') ?? '');
  return /\b(s-maxage=[1-9]|immutable)/.test(control) && !/\b(private|no-store)/.test(control);
}

/** Of one connection or one encoding; the rest is the answer's. */
const NOT_KEPT = new Set([
  'transfer-encoding',
  'connection',
  'keep-alive',
  'date',
  'content-encoding',
  'content-length',
]);

/**
 * @param {Response} response
 * @returns {Entry['headers']}
 */
function keptHeaders(response) {
  /** @type {Entry['headers']} */
  const headers = {};
  for (const [name, value] of Object.entries(response.getHeaders())) {
    if (value !== undefined && !NOT_KEPT.has(name)) headers[name] = value;
  }
  return headers;
}

/**
 * What was sent, with its encoding undone.
 * @param {Buffer} sent
 * @param {unknown} encoding
 * @returns {Promise<Buffer>}
 */
async function plain(sent, encoding) {
  if (encoding === undefined || encoding === 'identity') return sent;
  if (encoding === 'gzip') return ungzipped(sent);
  if (encoding === 'br') return unbrotlied(sent);
  throw new Error(`unknown encoding ${encoding}`);
}

/**
 * @param {Buffer} body
 * @param {string} type
 */
async function compressed(body, type) {
  const bodies = new Map([['identity', body]]);
  if (COMPRESSIBLE.test(type) && body.length > 1024) {
    bodies.set('gzip', await gzipped(body, { level: 9 }));
    bodies.set('br', await brotlied(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }));
  }
  return bodies;
}

/**
 * @param {Entry} entry
 * @param {Request} request
 * @param {Response} response
 */
function send({ headers, bodies }, request, response) {
  if (headers.etag && request.headers['if-none-match'] === headers.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const encoding = chooseEncoding(String(request.headers['accept-encoding'] ?? ''), bodies);
  const body = bodies.get(encoding) ?? Buffer.alloc(0);
  response.writeHead(200, {
    ...headers,
    vary: withAcceptEncoding(headers.vary),
    'content-length': body.length,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  });
  response.end(body);
}

/**
 * @param {string} accepted
 * @param {Map<string, Buffer>} bodies
 */
function chooseEncoding(accepted, bodies) {
  const takes = (/** @type {string} */ name) =>
    new RegExp(`(^|,\\s*)${name}(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))`).test(accepted);
  return ['br', 'gzip'].find((name) => bodies.has(name) && takes(name)) ?? 'identity';
}

/** @param {import('node:http').OutgoingHttpHeader | undefined} vary */
function withAcceptEncoding(vary) {
  const text = vary === undefined ? '' : String(vary);
  if (/accept-encoding/i.test(text)) return text;
  return text ? `${text}, Accept-Encoding` : 'Accept-Encoding';
}
