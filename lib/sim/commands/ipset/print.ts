import { Ip, type Micros } from '../../base/index.ts';
import {
  type AddressSet,
  type CreateRequest,
  DEFAULT_BUCKETSIZE,
  DEFAULT_LIST_SIZE,
  type Element,
  type ElementRequest,
  HashMembers,
  type ListRequest,
  type Part,
  type PartRequest,
  SetList,
  type SetType,
  type Slot,
  secondsLeft,
} from '../../kernel/ipset/index.ts';
import { ICMP_NAMES, ICMPV6_NAMES, typeCodeName } from './icmp-names.ts';
import type { Names } from './parse-element.ts';

/** What listing takes from outside: the time, and names of protocols. */
export type Shown = { readonly now: Micros; readonly names: Names; readonly sorted: boolean };

/** `ipset list`: a paragraph of each set. `terse`: without the members. */
export function listText({ name, references, set }: Slot, terse: boolean, shown: Shown): string {
  const members = memberLines(set, shown);
  const { type } = set.created;
  const head = [
    `Name: ${name}`,
    `Type: ${type.name}`,
    `Revision: ${type.revision}`,
    `Header: ${header(set)}`,
    `Size in memory: ${set.memory(shown.now)}`,
    `References: ${references}`,
    `Number of entries: ${members.length}`,
  ];
  return `${[...head, ...(terse ? [] : ['Members:', ...members])].join('\n')}\n`;
}

/** `ipset save`: the commands that make the set again. */
export function saveText({ name, set }: Slot, shown: Shown): string {
  const { type } = set.created;
  const lines = [`create ${name} ${type.name} ${header(set)}`];
  for (const member of memberLines(set, shown)) lines.push(`add ${name} ${member}`);
  return `${lines.join('\n')}\n`;
}

function header(set: AddressSet | SetList): string {
  const { created } = set;
  const words: string[] = [];
  if (set instanceof SetList) words.push(`size ${Math.max(4, created.size ?? DEFAULT_LIST_SIZE)}`);
  else if (set.members instanceof HashMembers) words.push(hashHeader(set, set.members));
  else words.push(`range ${rangeText(created)}`);
  if (created.netmask !== undefined) words.push(`netmask ${created.netmask}`);
  if (created.timeout !== undefined) words.push(`timeout ${created.timeout}`);
  if (created.counters === true) words.push('counters');
  if (created.comment === true) words.push('comment');
  if (!(set instanceof SetList) && set.members instanceof HashMembers) {
    words.push(`bucketsize ${created.bucketsize ?? DEFAULT_BUCKETSIZE}`);
    words.push(`initval 0x${set.initval.toString(16).padStart(8, '0')}`);
  }
  return words.join(' ');
}

function hashHeader({ type, family }: AddressSet, { hashsize, maxelem }: HashMembers): string {
  const size = `hashsize ${hashsize} maxelem ${maxelem}`;
  return type.families === undefined ? size : `family ${family === 4 ? 'inet' : 'inet6'} ${size}`;
}

function rangeText({ type, range = [0, 0] }: CreateRequest): string {
  const [first, last] = range;
  return type.name === 'bitmap:port' ? `${first}-${last}` : `${Ip.fromV4(first)}-${Ip.fromV4(last)}`;
}

function memberLines(set: AddressSet | SetList, shown: Shown): string[] {
  const { now } = shown;
  const lines =
    set instanceof SetList
      ? set.members(now).map((member) => member.slot.name + options(set.created, member, now))
      : set
          .elements(now)
          .map((element) => partsText(set, element.parts, shown.names) + options(set.created, element, now));
  return shown.sorted && !(set instanceof SetList) ? lines.sort(naturally) : lines;
}

/** Numbers within texts by their value. */
const naturally = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

function options(created: CreateRequest, element: Omit<Element, 'parts' | 'nomatch'>, now: Micros): string {
  let text = '';
  if (created.timeout !== undefined) text += ` timeout ${secondsLeft(element.expires, now)}`;
  if ('nomatch' in element && element.nomatch === true) text += ' nomatch';
  if (created.counters === true) text += ` packets ${element.packets} bytes ${element.bytes}`;
  if (element.comment !== undefined) text += ` comment "${element.comment}"`;
  return text;
}

const partsText = ({ type }: AddressSet, parts: readonly Part[], names: Names): string =>
  parts.map((part) => partText(type, part, names)).join(',');

/** An entry as `test` names it in its answer. */
export function entryText(type: SetType, request: ElementRequest | ListRequest, names: Names): string {
  if ('parts' in request) return request.parts.map((part) => requestText(type, part, names)).join(',');
  const { name, before, after } = request;
  // The tool says "after" in both cases.
  const near = before ?? after;
  return near === undefined ? name : `${name} after ${near}`;
}

function requestText(type: SetType, part: PartRequest, names: Names): string {
  if (part.kind === 'net' && part.to !== undefined) return `${part.ip}-${part.to}`;
  return partText(type, part.kind === 'net' ? { ...part, prefix: part.prefix ?? part.ip.bits } : part, names);
}

function partText(type: SetType, part: Part, names: Names): string {
  switch (part.kind) {
    case 'net':
      return part.prefix === part.ip.bits ? part.ip.toString() : `${part.ip}/${part.prefix}`;
    case 'port':
      return type.method === 'bitmap' ? String(part.port) : portText(part.protocol, part.port, names);
    case 'iface':
      return part.physdev ? `physdev:${part.name}` : part.name;
    case 'mac':
      return macText(part.mac);
  }
}

function portText(protocol: number, port: number, names: Names): string {
  const name = names.protocol(protocol)?.name ?? String(protocol);
  if (protocol === 1) return `${name}:${typeCodeName(ICMP_NAMES, port)}`;
  if (protocol === 58) return `${name}:${typeCodeName(ICMPV6_NAMES, port)}`;
  return `${name}:${port}`;
}

const macText = (mac: number): string =>
  (mac.toString(16).padStart(12, '0').match(/../g) ?? []).join(':').toUpperCase();
