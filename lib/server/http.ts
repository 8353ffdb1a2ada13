import { unstable_rethrow } from 'next/navigation';
import { env } from '../shared/env.ts';
import { AppError, type ErrorBody } from '../shared/errors.ts';
import { isOutage } from './db/index.ts';

/** Wraps a route handler: what it throws becomes a JSON error with its status. Answers are personal and never cached. */
export function handle<Rest extends unknown[]>(
  work: (request: Request, ...rest: Rest) => Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    try {
      const response = await work(request, ...rest);
      if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
      return response;
    } catch (error) {
      unstable_rethrow(error);
      return errorResponse(error);
    }
  };
}

export function errorResponse(error: unknown): Response {
  const known = asAppError(error);
  if (!known) console.error(error);
  const body: ErrorBody = known?.toBody() ?? {
    error: { code: 'internal', message: 'Something went wrong on our side. Nothing was changed.' },
  };
  const headers = new Headers();
  if (known?.detail.retryAfter !== undefined) headers.set('Retry-After', String(Math.ceil(known.detail.retryAfter)));
  return json(body, { status: known?.status ?? 500, headers });
}

function asAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (isOutage(error))
    return new AppError(
      'unavailable',
      'The server cannot reach its database right now. Nothing is lost; try again in a moment.',
      { retryAfter: 2, cause: error },
    );
  return undefined;
}

/** Smaller than what goes into one packet: compressing it costs the server more time than it saves anybody. */
const onePacket = 1_300;

/** A JSON answer; a small one is kept from Next's compression. */
export function json(value: unknown, init: ResponseInit = {}): Response {
  const body = JSON.stringify(value);
  const headers = new Headers(init.headers);
  headers.set('Content-Type', 'application/json');
  headers.set('Cache-Control', body.length < onePacket ? 'no-store, no-transform' : 'no-store');
  return new Response(body, { ...init, headers });
}

/**
 * Reads a JSON body of at most `limit` bytes, stopping at the first byte too many.
 *
 * @throws AppError `too-large`, `invalid-input`
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers.get('Content-Type') ?? ''))
    throw new AppError('invalid-input', 'Send JSON, with Content-Type: application/json.');
  const tooLarge = new AppError(
    'too-large',
    `The request is larger than ${Math.floor(limit / 1024)} KB. Send it in parts.`,
  );
  if (Number(request.headers.get('Content-Length') ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new AppError('invalid-input', 'The request is not valid JSON.');
  }
}

/**
 * A write must come from a page of this site: browsers say so in Sec-Fetch-Site, older ones in Origin. Another site's
 * page can make a browser send our cookies, but it cannot forge either.
 *
 * @throws AppError `forbidden`
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get('Sec-Fetch-Site');
  const same =
    site === null ? ownHosts(request).includes(hostOf(request.headers.get('Origin'))) : site === 'same-origin';
  if (!same) throw new AppError('forbidden', 'This request did not come from a page of this site.');
}

function ownHosts(request: Request): (string | undefined)[] {
  const hosts = [request.headers.get('Host') ?? undefined, hostOf(env().NEXTAUTH_URL)];
  if (env().TRUSTED_PROXIES > 0) hosts.push(request.headers.get('X-Forwarded-Host') ?? undefined);
  return hosts.filter(Boolean);
}

function hostOf(url: string | null | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).host : undefined;
}

/** Who asks, as far as it can be known; for limits only. */
export function addressOf(headers: Headers): string {
  const chain = (headers.get('X-Forwarded-For') ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return chain.at(-Math.max(1, env().TRUSTED_PROXIES)) ?? chain[0] ?? 'unknown';
}
