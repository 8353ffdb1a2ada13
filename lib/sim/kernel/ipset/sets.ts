import { type Micros, Random, type Result, SECOND } from '../../base/index.ts';
import type { NetNs } from '../netns.ts';
import { type Element, isExpired } from './element.ts';
import { AddressSet, type ElementOptions, type ElementRequest, elementBytes } from './set.ts';
import { type CreateRequest, DEFAULT_LIST_SIZE, DEFAULT_MAXELEM, type IpsetErrno } from './types.ts';

type IpsetResult = Result<void, IpsetErrno>;
const refuse = (error: IpsetErrno): { ok: false; error: IpsetErrno } => ({ ok: false, error });
const accepted: IpsetResult = { ok: true, value: undefined };

/** A set's place in its namespace: rules and lists refer to the slot, so that `swap` changes what they see. */
export type Slot = {
  name: string;
  /** By rules and by lists. */
  references: number;
  set: AddressSet | SetList;
};

type ListMember = Omit<Element, 'parts' | 'nomatch'> & { readonly slot: Slot };

export type ListRequest = ElementOptions & {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
};

/** A list of sets: it holds what any of them holds (ip_set_list_set.c). */
export class SetList {
  readonly created: CreateRequest;
  readonly #members: ListMember[] = [];

  constructor(created: CreateRequest) {
    this.created = created;
  }

  members(now: Micros): readonly ListMember[] {
    for (const member of this.#members.filter((one) => isExpired(one, now))) this.#drop(member);
    return this.#members;
  }

  memory(now: Micros): number {
    const { empty, element } = this.created.type.sizes[4];
    return empty + this.members(now).length * elementBytes(element, this.created);
  }

  add(request: ListRequest, slot: Slot, near: Slot | undefined, replace: boolean, now: Micros): IpsetErrno | undefined {
    const members = this.members(now);
    const at = members.findIndex((one) => one.slot === slot);
    if (at >= 0 && !replace) return 'EXIST';
    const beside = near === undefined ? -1 : members.findIndex((one) => one.slot === near);
    if (near !== undefined && beside < 0) return 'REF_EXIST';
    if (at < 0 && members.length >= (this.created.size ?? DEFAULT_LIST_SIZE)) return 'LIST_FULL';
    const seconds = request.timeout ?? this.created.timeout ?? 0;
    const member: ListMember = {
      slot,
      expires: seconds === 0 ? undefined : now + seconds * SECOND,
      packets: request.packets ?? 0,
      bytes: request.bytes ?? 0,
      comment: request.comment,
    };
    if (at >= 0) this.#members.splice(at, 1, member);
    else {
      const place = near === undefined ? members.length : request.before === undefined ? beside + 1 : beside;
      this.#members.splice(place, 0, member);
      slot.references++;
    }
    return undefined;
  }

  remove(slot: Slot, now: Micros): boolean {
    const member = this.members(now).find((one) => one.slot === slot);
    if (member !== undefined) this.#drop(member);
    return member !== undefined;
  }

  has({ before, after }: ListRequest, slot: Slot, near: Slot | undefined, now: Micros): boolean {
    const members = this.members(now);
    const at = members.findIndex((one) => one.slot === slot);
    if (at < 0) return false;
    if (before !== undefined) return members[at + 1]?.slot === near;
    return after === undefined || members[at - 1]?.slot === near;
  }

  clear(): void {
    for (const member of [...this.#members]) this.#drop(member);
  }

  #drop(member: ListMember): void {
    this.#members.splice(this.#members.indexOf(member), 1);
    member.slot.references--;
  }
}

/** The sets of one namespace. */
export class IpSets {
  readonly #ns: NetNs;
  /** By index; a new set takes the first place that is free. */
  readonly #slots: (Slot | undefined)[] = [];

  readonly #random: Random;

  constructor(ns: NetNs) {
    this.#ns = ns;
    this.#random = new Random(`${ns.kernel.hashSeed}/ipset ${ns.number}`);
  }

  get now(): Micros {
    return this.#ns.kernel.events.now;
  }

  all(): Slot[] {
    return this.#slots.filter((slot) => slot !== undefined);
  }

  get(name: string): Slot | undefined {
    return this.#slots.find((slot) => slot?.name === name);
  }

  /** `lenient`: a set just like it may be there (-exist). */
  create(request: CreateRequest, lenient = false): IpsetResult {
    const known = this.get(request.name);
    if (known !== undefined) return lenient && isAlike(known.set.created, request) ? accepted : refuse('EEXIST');
    const wrong = AddressSet.refusal(request);
    if (wrong !== undefined) return refuse(wrong);
    const initval = request.initval ?? this.#random.uint32();
    const set = request.type.method === 'list' ? new SetList(request) : new AddressSet(request, initval);
    const free = this.#slots.indexOf(undefined);
    this.#slots[free < 0 ? this.#slots.length : free] = { name: request.name, references: 0, set };
    return accepted;
  }

  /** One set, or all of them: then nothing happens while any is in use. */
  destroy(name?: string): IpsetResult {
    const wanted = name === undefined ? this.all() : this.#slots.filter((slot) => slot?.name === name);
    if (name !== undefined && wanted.length === 0) return refuse('ENOENT');
    if (wanted.some((slot) => slot !== undefined && slot.references > 0)) return refuse('BUSY');
    for (const slot of wanted) {
      if (slot?.set instanceof SetList) slot.set.clear();
      this.#slots[this.#slots.indexOf(slot)] = undefined;
    }
    return accepted;
  }

  flush(name?: string): IpsetResult {
    const wanted = name === undefined ? this.all() : this.all().filter((slot) => slot.name === name);
    if (name !== undefined && wanted.length === 0) return refuse('ENOENT');
    for (const { set } of wanted) {
      if (set instanceof SetList) set.clear();
      else set.members.clear();
    }
    return accepted;
  }

  rename(from: string, to: string): IpsetResult {
    const slot = this.get(from);
    if (slot === undefined) return refuse('ENOENT');
    if (slot.references > 0) return refuse('REFERENCED');
    if (this.get(to) !== undefined) return refuse('EXIST_SETNAME2');
    slot.name = to;
    return accepted;
  }

  swap(first: string, second: string): IpsetResult {
    const a = this.get(first);
    const b = this.get(second);
    if (a === undefined) return refuse('ENOENT');
    if (b === undefined) return refuse('EXIST_SETNAME2');
    const [x, y] = [a.set.created, b.set.created];
    if (x.type !== y.type || x.family !== y.family) return refuse('TYPE_MISMATCH');
    [a.set, b.set] = [b.set, a.set];
    return accepted;
  }

  add(name: string, request: ElementRequest | ListRequest, replace: boolean): IpsetResult {
    const slot = this.get(name);
    if (slot === undefined) return refuse('ENOENT');
    if (!(slot.set instanceof SetList)) return slot.set.add(request as ElementRequest, replace, this.now);
    const members = this.#listed(request as ListRequest);
    if (!members.ok) return members;
    const { member, near } = members.value;
    const error = slot.set.add(request as ListRequest, member, near, replace, this.now);
    return error === undefined ? accepted : refuse(error);
  }

  remove(name: string, request: ElementRequest | ListRequest, lenient: boolean): IpsetResult {
    const slot = this.get(name);
    if (slot === undefined) return refuse('ENOENT');
    if (!(slot.set instanceof SetList)) return slot.set.remove(request as ElementRequest, lenient, this.now);
    const members = this.#listed(request as ListRequest);
    if (!members.ok) return members;
    return slot.set.remove(members.value.member, this.now) || lenient ? accepted : refuse('EXIST');
  }

  test(name: string, request: ElementRequest | ListRequest): Result<boolean, IpsetErrno> {
    const slot = this.get(name);
    if (slot === undefined) return refuse('ENOENT');
    if (!(slot.set instanceof SetList)) return slot.set.has(request as ElementRequest, this.now);
    const members = this.#listed(request as ListRequest);
    if (!members.ok) return members;
    const { member, near } = members.value;
    return { ok: true, value: slot.set.has(request as ListRequest, member, near, this.now) };
  }

  #listed({ name, before, after }: ListRequest): Result<{ member: Slot; near: Slot | undefined }, IpsetErrno> {
    const member = this.get(name);
    if (member === undefined) return refuse('NAME');
    if (member.set instanceof SetList) return refuse('LOOP');
    const beside = before ?? after;
    const near = beside === undefined ? undefined : this.get(beside);
    return beside !== undefined && near === undefined ? refuse('NAMEREF') : { ok: true, value: { member, near } };
  }
}

function isAlike(a: CreateRequest, b: CreateRequest): boolean {
  return (
    a.type === b.type &&
    a.family === b.family &&
    a.timeout === b.timeout &&
    a.netmask === b.netmask &&
    (a.counters ?? false) === (b.counters ?? false) &&
    (a.comment ?? false) === (b.comment ?? false) &&
    (a.maxelem ?? DEFAULT_MAXELEM) === (b.maxelem ?? DEFAULT_MAXELEM)
  );
}
