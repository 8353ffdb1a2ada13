import { fieldOf, type Head, toLatin1 } from './head.ts';

/** How the end of a response's body is found (RFC 9112, section 6.3). */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

export function framingOf(head: Head, method: string, status: number): Framing {
  if (method === 'HEAD' || status === 204 || status === 304 || (status >= 100 && status < 200)) return { kind: 'none' };
  if (/chunked/i.test(fieldOf(head, 'Transfer-Encoding') ?? '')) return { kind: 'chunked' };
  const length = fieldOf(head, 'Content-Length');
  return length !== undefined && /^\d+$/.test(length) ? { kind: 'length', length: Number(length) } : { kind: 'close' };
}

/** Takes the bytes of a body as they come, and gives what they hold without the chunks' heads. */
export class BodyReader {
  done: boolean;
  received = 0;
  #rest = '';
  /** Bytes left of the present chunk; undefined: its head comes. */
  #chunk: number | undefined;

  constructor(readonly framing: Framing) {
    this.done = framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0);
  }

  /** How much is still to come, where that is known. */
  get missing(): number | undefined {
    return this.framing.kind === 'length' ? this.framing.length - this.received : undefined;
  }

  take(bytes: Uint8Array): Uint8Array {
    if (this.done) return new Uint8Array(0);
    if (this.framing.kind === 'chunked') return this.#dechunk(bytes);
    const piece = bytes.subarray(0, this.missing ?? bytes.length);
    this.received += piece.length;
    this.done = this.missing === 0;
    return piece;
  }

  #dechunk(bytes: Uint8Array): Uint8Array {
    this.#rest += toLatin1(bytes);
    let body = '';
    for (;;) {
      if (this.#chunk === undefined) {
        const line = /^([0-9a-f]+)[^\n]*\n/i.exec(this.#rest);
        if (line === null) break;
        this.#chunk = Number.parseInt(line[1] as string, 16);
        this.#rest = this.#rest.slice(line[0].length);
        if (this.#chunk === 0) {
          this.done = true;
          break;
        }
      }
      if (this.#rest.length < this.#chunk + 2) break;
      body += this.#rest.slice(0, this.#chunk);
      this.#rest = this.#rest.slice(this.#chunk + 2);
      this.#chunk = undefined;
    }
    this.received += body.length;
    return Uint8Array.from(body, (c) => c.charCodeAt(0));
  }
}
