import { type Micros, type Result, SECOND } from '../../base/index.ts';
import type { Family } from '../messages.ts';
import { BitmapMembers } from './bitmap-members.ts';
import { type Element, isExpired, type Part } from './element.ts';
import { expand, type PartRequest } from './expand.ts';
import { type Found, HashMembers } from './hash-members.ts';
import type { CreateRequest, IpsetErrno, SetType } from './types.ts';

/** What an element brings with it; undefined: what the set has for it. */
export type ElementOptions = {
  /** Seconds; 0: for ever. */
  readonly timeout?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly comment?: string;
  readonly nomatch?: boolean;
};

export type ElementRequest = ElementOptions & { readonly parts: readonly PartRequest[] };

type IpsetResult = Result<void, IpsetErrno>;
const refuse = (error: IpsetErrno): IpsetResult => ({ ok: false, error });
const accepted: IpsetResult = { ok: true, value: undefined };

/** BITMAP sets are of 65536 elements at most (IPSET_BITMAP_MAX_RANGE). */
const BITMAP_LARGEST = 65_536;

/** One set of addresses, ports, devices … with its elements; its name and who refers to it are its slot's. */
export class AddressSet {
  readonly type: SetType;
  readonly family: Family;
  readonly created: CreateRequest;
  readonly initval: number;
  readonly members: HashMembers | BitmapMembers;

  constructor(created: CreateRequest, initval: number) {
    this.type = created.type;
    this.family = created.family;
    this.created = created;
    this.initval = initval;
    this.members =
      created.type.method === 'hash'
        ? new HashMembers(created, initval)
        : new BitmapMembers(created.range ?? [0, 0], 2 ** (32 - (created.netmask ?? 32)));
  }

  /** Why such a set cannot be. */
  static refusal({ type, range, netmask, family }: CreateRequest): IpsetErrno | undefined {
    if (netmask !== undefined && (netmask === 0 || netmask > (family === 4 ? 32 : 128))) return 'INVALID_NETMASK';
    if (type.method !== 'bitmap' || range === undefined) return undefined;
    return (range[1] - range[0] + 1) / 2 ** (32 - (netmask ?? 32)) > BITMAP_LARGEST ? 'BITMAP_RANGE_SIZE' : undefined;
  }

  /** Adds all that the request means. `replace`: what is there already is changed, not refused (-exist). */
  add(request: ElementRequest, replace: boolean, now: Micros): IpsetResult {
    const wrong = this.#lacking(request);
    if (wrong !== undefined) return refuse(wrong);
    return this.#each(request, (parts) => {
      const known = this.members.get(parts);
      if (known !== undefined && !isExpired(known, now)) {
        if (!replace) return 'EXIST';
        this.#change(known, request, now);
        return undefined;
      }
      if (known !== undefined) this.members.remove(known);
      const room = this.#makeRoom(now);
      if (room !== undefined) return room;
      this.members.add(this.#element(parts, request, now));
      return undefined;
    });
  }

  /** `lenient`: what is not there is no error (-exist). */
  remove(request: ElementRequest, lenient: boolean, now: Micros): IpsetResult {
    return this.#each(request, (parts) => {
      const known = this.members.get(parts);
      if (known === undefined || isExpired(known, now)) return lenient ? undefined : 'EXIST';
      this.members.remove(known);
      return undefined;
    });
  }

  /** Is the first of what is meant in the set? With `nomatch`: is it one of its exceptions? */
  has(request: ElementRequest, now: Micros): Result<boolean, IpsetErrno> {
    const parts = expand(this.type, request.parts, this.created.netmask).next();
    if (parts.done === true) return { ok: false, error: parts.value ?? 'EXIST' };
    if (this.#outOfRange(parts.value)) return { ok: false, error: 'BITMAP_RANGE' };
    const found = this.members.test(parts.value, now);
    return { ok: true, value: found !== undefined && found.excluded === (request.nomatch ?? false) };
  }

  find(parts: readonly Part[], now: Micros): Found | undefined {
    return this.members.test(parts, now);
  }

  /** Living elements in the order of a listing. */
  elements(now: Micros): Element[] {
    this.members.expire(now);
    return this.members.elements();
  }

  /** `Size in memory`, as the kernel adds it up. */
  memory(now: Micros): number {
    const { empty, element } = this.type.sizes[this.family];
    const elements = this.elements(now);
    const isHash = this.type.method === 'hash';
    const each = isHash ? elementBytes(element, this.created) : elementBytes(0, this.created);
    let comments = 0;
    // struct ip_set_comment_rcu and the text with its end.
    for (const { comment } of elements) if (comment !== undefined) comments += 16 + comment.length + 1;
    return empty + this.members.memory(each) + comments;
  }

  #lacking({ timeout, packets, bytes, comment }: ElementRequest): IpsetErrno | undefined {
    if (timeout !== undefined && this.created.timeout === undefined) return 'TIMEOUT';
    if ((packets !== undefined || bytes !== undefined) && this.created.counters !== true) return 'COUNTER';
    if (comment !== undefined && this.created.comment !== true) return 'COMMENT';
    return undefined;
  }

  #outOfRange(parts: readonly Part[]): boolean {
    return this.members instanceof BitmapMembers && this.members.place(parts) === undefined;
  }

  #each({ parts }: ElementRequest, act: (parts: Part[]) => IpsetErrno | undefined): IpsetResult {
    const wanted = expand(this.type, parts, this.created.netmask);
    for (let next = wanted.next(); ; next = wanted.next()) {
      if (next.done === true) return next.value === undefined ? accepted : refuse(next.value);
      const error = this.#outOfRange(next.value) ? 'BITMAP_RANGE' : act(next.value);
      if (error !== undefined) return refuse(error);
    }
  }

  #makeRoom(now: Micros): IpsetErrno | undefined {
    const { members } = this;
    if (!(members instanceof HashMembers) || members.size < members.maxelem) return undefined;
    members.expire(now);
    if (members.size < members.maxelem) return undefined;
    if (this.created.forceadd !== true) return 'HASH_FULL';
    members.evict();
    return undefined;
  }

  #element(parts: Part[], request: ElementRequest, now: Micros): Element {
    const element: Element = {
      parts,
      nomatch: request.nomatch ?? false,
      expires: undefined,
      packets: 0,
      bytes: 0,
      comment: undefined,
    };
    this.#change(element, request, now);
    return element;
  }

  #change(element: Element, { timeout, packets, bytes, comment, nomatch }: ElementRequest, now: Micros): void {
    const seconds = timeout ?? this.created.timeout ?? 0;
    element.expires = seconds === 0 ? undefined : now + seconds * SECOND;
    element.packets = packets ?? 0;
    element.bytes = bytes ?? 0;
    element.comment = comment === '' ? undefined : comment;
    element.nomatch = nomatch ?? false;
  }
}

/** An element with its extensions, each at its own alignment (ip_set_elem_len). */
export function elementBytes(element: number, { counters, timeout, comment }: CreateRequest): number {
  const align = (length: number, to: number): number => Math.ceil(length / to) * to;
  let bytes = element;
  if (counters === true) bytes = align(bytes, 8) + 16;
  if (timeout !== undefined) bytes = align(bytes, 8) + 8;
  if (comment === true) bytes = align(bytes, 8) + 8;
  return bytes;
}
