import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PageCache } from './page-cache.mjs';

/** Through a real server: what reaches the handler, and what the client is given. */
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let now = 0;
let port = 0;
let close: () => Promise<unknown>;

const PAGE = `<p>${'hop '.repeat(1000)}</p>`;

beforeEach(async () => {
  asked = [];
  now = 1_000_000;
  answer = (_, response) => page(response);
  const cache = new PageCache(
    (incoming, outgoing) => {
      asked.push(incoming.url ?? '');
      answer(incoming, outgoing);
    },
    () => now,
  );
  const server = createServer((incoming, outgoing) => cache.handle(incoming, outgoing));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;
  close = () => new Promise((resolve) => server.close(resolve));
});
afterEach(() => close());

function page(response: ServerResponse, headers: Record<string, string> = {}) {
  response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 's-maxage=30', etag: '"1"', ...headers });
  response.write(PAGE.slice(0, 100));
  response.end(PAGE.slice(100));
}

type Answer = { status: number; headers: IncomingMessage['headers']; body: Buffer };

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, path, headers, method, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        // The copy is compressed after the answer has gone out.
        setTimeout(
          () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          50,
        );
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

describe('a page that is the same for everyone', () => {
  it('is asked for once and sent again whole', async () => {
    const first = await get('/lesson');
    const second = await get('/lesson', { cookie: 'learner=1' });
    expect(asked).toEqual(['/lesson']);
    expect(second.body.toString()).toBe(PAGE);
    expect(second.body.equals(first.body)).toBe(true);
    expect(second.headers['content-length']).toBe(String(PAGE.length));
    expect(second.headers['cache-control']).toBe('s-maxage=30');
  });

  it('is compressed as the client likes it', async () => {
    await get('/lesson');
    const zipped = await get('/lesson', { 'accept-encoding': 'deflate, gzip;q=0.8' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(zipped.headers.vary).toMatch(/accept-encoding/i);
    expect(gunzipSync(zipped.body).toString()).toBe(PAGE);
    expect((await get('/lesson', { 'accept-encoding': 'gzip, br' })).headers['content-encoding']).toBe('br');
    expect((await get('/lesson', { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
  });

  it('is kept plain also when it was first sent compressed', async () => {
    answer = (_, response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'cache-control': 's-maxage=30',
        'content-encoding': 'gzip',
      });
      response.end(gzipSync(PAGE));
    };
    await get('/lesson', { 'accept-encoding': 'gzip' });
    expect((await get('/lesson')).body.toString()).toBe(PAGE);
    expect(asked).toHaveLength(1);
  });

  it('is not sent to who has it', async () => {
    await get('/lesson');
    expect(await get('/lesson', { 'if-none-match': '"1"' })).toMatchObject({ status: 304, body: Buffer.alloc(0) });
  });

  it('is asked for again after some seconds, by one, while the others get what is there', async () => {
    await get('/lesson');
    now += 6_000;
    let release = () => {};
    answer = (_, response) => {
      release = () => page(response, { etag: '"2"' });
    };
    const asking = get('/lesson');
    await expect.poll(() => asked).toHaveLength(2);
    expect((await get('/lesson')).headers.etag).toBe('"1"');
    release();
    expect((await asking).headers.etag).toBe('"2"');
    expect((await get('/lesson')).headers.etag).toBe('"2"');
    expect(asked).toHaveLength(2);
  });

  it('is asked for again after a reader left in the middle of it', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 's-maxage=30' });
      response.write(PAGE.slice(0, 100));
    };
    const leaving = request({ port, path: '/lesson', agent: false }, (incoming) =>
      incoming.once('data', () => leaving.destroy()),
    );
    const left = new Promise((resolve) => leaving.once('close', resolve));
    leaving.on('error', () => {});
    leaving.end();
    await left;
    answer = (_, response) => page(response);
    await expect.poll(async () => (await get('/lesson')).headers['content-length']).toBe(String(PAGE.length));
    expect((await get('/lesson')).body.toString()).toBe(PAGE);
  });

  it('is forgotten when it is gone', async () => {
    await get('/lesson');
    now += 6_000;
    answer = (_, response) => response.writeHead(404).end('gone');
    expect((await get('/lesson')).status).toBe(404);
    expect((await get('/lesson')).status).toBe(404);
  });
});

describe('is never kept', () => {
  it.each([
    ['private', { 'cache-control': 'private, s-maxage=30' }],
    ['not to be stored', { 'cache-control': 'no-store' }],
    ['without a word on caching', { 'cache-control': 'max-age=0' }],
    ['with a cookie', { 'set-cookie': 'learner=1' }],
  ])('an answer %s', async (_, headers) => {
    answer = (__, response) => page(response, headers);
    await get('/me');
    await get('/me');
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['with a query', '/lesson?x=1', {}],
    ['of the router', '/lesson', { rsc: '1' }],
    ['for a part', '/lesson', { range: 'bytes=0-9' }],
    ['of a preview', '/lesson', { cookie: 'a=b; __prerender_bypass=x' }],
  ])('a request %s', async (_, path, headers) => {
    await get(path, headers as Record<string, string>);
    await get(path, headers as Record<string, string>);
    expect(asked).toHaveLength(2);
  });

  it('what is posted', async () => {
    await get('/lesson', {}, 'POST');
    await get('/lesson', {}, 'POST');
    expect(asked).toHaveLength(2);
  });
});

it('keeps what never changes for good', async () => {
  answer = (_, response) => page(response, { 'cache-control': 'public, max-age=31536000, immutable' });
  await get('/_next/static/chunk.js');
  now += 1e12;
  await get('/_next/static/chunk.js');
  expect(asked).toHaveLength(1);
});
