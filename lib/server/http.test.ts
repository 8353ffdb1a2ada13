import { expect, test } from 'vitest';
import { AppError } from '../shared/errors.ts';
import { handle, json, readJson, requireSameOrigin } from './http.ts';

const post = (body: string, headers: Record<string, string> = {}) =>
  new Request('http://hopwise.test/api/events', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  });

const codeOf = async (work: () => unknown) => {
  try {
    await work();
    return 'fine';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
};

test('a body is read up to its limit', async () => {
  expect(await readJson(post('{"a":1}'), 100)).toEqual({ a: 1 });
  expect(await codeOf(() => readJson(post(`"${'x'.repeat(200)}"`), 100))).toBe('too-large');
  expect(await codeOf(() => readJson(post('{"a":'), 100))).toBe('invalid-input');
  expect(await codeOf(() => readJson(post(''), 100))).toBe('invalid-input');
  expect(await codeOf(() => readJson(post('{}', { 'Content-Type': 'text/plain' }), 100))).toBe('invalid-input');
});

test('a body that lies about its length is cut off all the same', async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024).fill(32)),
  });
  const init = { method: 'POST', body: endless, duplex: 'half', headers: { 'Content-Type': 'application/json' } };
  const request = new Request('http://hopwise.test/', init as RequestInit);
  expect(await codeOf(() => readJson(request, 10_000))).toBe('too-large');
});

test('a write comes from a page of this site', async () => {
  const check = (headers: Record<string, string>) =>
    codeOf(() => requireSameOrigin({ headers: new Headers({ Host: 'hopwise.test', ...headers }) } as Request));
  expect(await check({ 'Sec-Fetch-Site': 'same-origin' })).toBe('fine');
  expect(await check({ Origin: 'https://hopwise.test' })).toBe('fine');
  for (const site of ['cross-site', 'same-site', 'none'])
    expect(await check({ 'Sec-Fetch-Site': site })).toBe('forbidden');
  expect(await check({ 'Sec-Fetch-Site': 'cross-site', Origin: 'https://hopwise.test' })).toBe('forbidden');
  expect(await check({ Origin: 'https://evil.test' })).toBe('forbidden');
  expect(await check({ Origin: 'https://evil.test', 'X-Forwarded-Host': 'evil.test' })).toBe('forbidden');
  expect(await check({ Origin: 'null' })).toBe('forbidden');
  expect(await check({})).toBe('forbidden');
});

test('what is thrown becomes an answer in JSON, never cached', async () => {
  const answer = async (error: unknown) =>
    await handle(async () => {
      throw error;
    })(new Request('http://hopwise.test/'));
  const limited = await answer(new AppError('too-many', 'Wait.', { retryAfter: 1.2 }));
  expect(limited.status).toBe(429);
  expect(limited.headers.get('Retry-After')).toBe('2');
  expect(limited.headers.get('Cache-Control')).toMatch(/^no-store/);
  expect(await limited.json()).toEqual({ error: { code: 'too-many', message: 'Wait.' } });
  expect((await answer(new Error('connect ECONNREFUSED 1.2.3.4'))).status).toBe(503);
  expect((await handle(async () => json({ a: 1 }))(new Request('http://x/'))).headers.get('Cache-Control')).toMatch(
    /no-store/,
  );
});
