import {
  controlOf,
  delFilter,
  dumpFilters,
  dumpQdiscs,
  type FilterMessage,
  type FilterSpec,
  newFilter,
  TC_H,
} from '../../kernel/sched/index.ts';
import type { Json } from '../iproute2/json.ts';
import { answerText, type Session } from '../iproute2/session.ts';
import { duplicate, invalid, parseUnsigned, Refusal, type Words } from '../iproute2/words.ts';
import { parseAction } from './action.ts';
import { parseU32 } from './u32.ts';
import { parseClassId, showClassId } from './units.ts';
import { FILTER_USAGE } from './usage.ts';

/** `tc filter …` (tc_filter.c) */
export function filter(session: Session, words: Words): number {
  const verb = words.word;
  if (!words.more) return show(session, words);
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), 'add');
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('change', 'replace', 'get')) throw new Refusal(`tc: not simulated here: filter ${verb}\n`, 64);
  if (words.abbreviates('show', 'list', 'lst')) return show(session, rest());
  if (words.abbreviates('help')) throw new Refusal(FILTER_USAGE, 0);
  throw new Refusal(`Command "${verb}" is unknown, try "tc filter help".\n`, 255);
}

const PROTOCOLS: Readonly<Record<string, number>> = {
  all: 3,
  ip: 0x0800,
  ipv4: 0x0800,
  arp: 0x0806,
  ipv6: 0x86dd,
  '802.1q': 0x8100,
  '802.1ad': 0x88a8,
};
const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  3: 'all',
  2048: 'ip',
  2054: 'arp',
  34525: 'ipv6',
  33024: '802.1Q',
  34984: '802.1ad',
};

type Place = { dev: string | undefined; parent: number; pref: number; protocol: number; handle: number };

function parsePlace(words: Words): Place {
  const place: Place = { dev: undefined, parent: 0, pref: 0, protocol: PROTOCOLS.all as number, handle: 0 };
  const parent = (id: number, name: string): void => {
    if (place.parent !== 0) throw new Refusal(`Error: "${name}" is duplicate parent ID\n`, 255);
    place.parent = id;
  };
  for (; words.more; words.next()) {
    if (words.is('dev')) {
      const name = words.value();
      if (place.dev !== undefined) throw duplicate('dev', name);
      place.dev = name;
    } else if (words.is('root')) parent(TC_H.root, 'root');
    else if (words.is('ingress')) parent(TC_H.minIngress, 'ingress');
    else if (words.is('egress')) parent(TC_H.minEgress, 'egress');
    else if (words.is('parent')) {
      const id = parseClassId(words.value());
      if (id === undefined) throw invalid('Invalid parent ID', words.word);
      parent(id, 'parent');
    } else if (words.is('handle')) place.handle = parseFilterId(words.value());
    else if (words.abbreviates('preference', 'priority')) {
      const pref = parseUnsigned(words.value(), 0xffff);
      if (pref === undefined) throw invalid('invalid priority value', words.word);
      place.pref = pref;
    } else if (words.abbreviates('protocol')) {
      const protocol = PROTOCOLS[words.value().toLowerCase()] ?? parseUnsigned(words.word, 0xffff);
      if (protocol === undefined) throw invalid('invalid protocol', words.word);
      place.protocol = protocol;
    } else if (words.abbreviates('chain', 'block', 'estimator'))
      throw new Refusal(`tc: not simulated here: filter '${words.word}'\n`, 64);
    else if (words.abbreviates('help')) throw new Refusal(FILTER_USAGE, 0);
    else break;
  }
  return place;
}

/** `800::801` */
function parseFilterId(text: string): number {
  const match = /^([0-9a-f]*):([0-9a-f]*):([0-9a-f]+)$/i.exec(text);
  if (match === null) return parseUnsigned(text) ?? 0;
  const [table, bucket, node] = match.slice(1).map((part) => (part === '' ? 0 : Number.parseInt(part, 16)));
  return ((table ?? 0) * 2 ** 20 + ((bucket ?? 0) << 12) + (node ?? 0)) >>> 0;
}

function modify(session: Session, words: Words, action: 'add' | 'delete'): number {
  const place = parsePlace(words);
  const kind = words.word;
  if (place.dev === undefined) throw talk('RTNETLINK answers: No such device\n');
  const device = session.linkNamed(place.dev);
  if (device === undefined) throw new Refusal(`Cannot find device "${place.dev}"\n`, 1);
  const { ifindex } = device;
  const { parent, pref, protocol, handle } = place;
  if (action === 'delete') {
    const removed = delFilter(session.ns, { ifindex, parent, pref, handle });
    if (!removed.ok) throw talk(answerText(removed.error));
    return 0;
  }
  words.next();
  const spec = parseSpec(session, kind, words);
  const made = newFilter(session.ns, { ...spec, ifindex, parent, protocol, pref });
  if (!made.ok) throw talk(answerText(made.error));
  return 0;
}

const talk = (text: string): Refusal => new Refusal(`${text}We have an error talking to the kernel\n`, 2);

function parseSpec(session: Session, kind: string, words: Words): FilterSpec {
  if (kind === 'u32') return parseU32(session, words);
  if (kind === 'matchall') {
    const actions: FilterSpec['actions'][number][] = [];
    let classid = 0;
    while (words.more) {
      if (words.abbreviates('action')) {
        words.value();
        actions.push(...parseAction(session, words));
      } else if (words.abbreviates('classid', 'flowid')) {
        classid = parseClassId(words.value()) ?? 0;
        words.next();
      } else throw new Refusal(`What is "${words.word}"?\n`, 1);
    }
    return { kind: 'matchall', keys: [], classid, actions };
  }
  if (kind === '') throw talk('RTNETLINK answers: Invalid argument\n');
  throw new Refusal(`tc: not simulated here: filter ${kind}\n`, 64);
}

function show(session: Session, words: Words): number {
  const { out } = session;
  const place = parsePlace(words);
  if (words.more) throw new Refusal(` What is "${words.word}"? Try "tc filter help"\n`, 255);
  out.begin();
  if (place.dev === undefined) return 0;
  const { ifindex } = session.device(place.dev);
  const root = dumpQdiscs(session.ns).find((one) => one.ifindex === ifindex && one.parent === TC_H.root);
  const parent = place.parent === 0 || place.parent === TC_H.root ? (root?.handle ?? 0) : place.parent;
  if (parent === 0) return 0;
  const filters = dumpFilters(session.ns, ifindex, parent).filter((one) => place.pref === 0 || one.pref === place.pref);
  let table = '';
  for (const one of filters) {
    const head = headOf(one, place.parent);
    const own = `${one.pref} ${one.protocol}`;
    if (table !== own) {
      printHead(session, one, head);
      table = own;
    }
    printFilter(session, one, head);
  }
  return 0;
}

type Head = { readonly text: string; readonly json: { [key: string]: Json } };

function headOf(one: FilterMessage, asked: number): Head {
  const protocol = PROTOCOL_NAMES[one.protocol] ?? `[${one.protocol}]`;
  const parent = showClassId(one.parent);
  const shown = asked !== one.parent;
  return {
    text: `filter ${shown ? `parent ${parent} ` : ''}protocol ${protocol} pref ${one.pref} ${one.kind} chain 0 `,
    json: { ...(shown ? { parent } : {}), protocol, pref: one.pref, kind: one.kind, chain: 0 },
  };
}

const tableOf = ({ handle }: FilterMessage): string => (handle >>> 20).toString(16);

function begin({ out }: Session, head: Head): void {
  out.openObject();
  out.text(head.text);
  for (const [key, value] of Object.entries(head.json)) out.json(key, value);
}

/** The lines of the classifier itself, and of u32's hash table. */
function printHead(session: Session, one: FilterMessage, head: Head): void {
  const { out } = session;
  begin(session, head);
  out.text('\n');
  out.close();
  if (one.kind !== 'u32') return;
  begin(session, head);
  out.openObject('options');
  out.fact('fh', `${tableOf(one)}:`, `fh ${tableOf(one)}: `);
  out.fact('ht_divisor', 1, 'ht divisor 1 ');
  out.close();
  out.text('\n');
  out.close();
}

function printFilter(session: Session, one: FilterMessage, head: Head): void {
  const { out } = session;
  begin(session, head);
  out.openObject('options');
  if (one.kind === 'u32') printU32(session, one);
  else {
    out.fact('handle', 1, 'handle 0x1 ');
    if (one.classid !== 0) out.fact('flowid', showClassId(one.classid), `flowid ${showClassId(one.classid)} `);
    out.fact('not_in_hw', true, '\n  not_in_hw');
  }
  printActions(session, one);
  out.close();
  out.text('\n');
  out.close();
}

function printU32({ out }: Session, one: FilterMessage): void {
  const table = tableOf(one);
  const node = one.handle & 0xfff;
  out.fact('fh', `${table}::${node.toString(16)}`, `fh ${table}::${node.toString(16)} `);
  out.fact('order', node, `order ${node} `);
  out.fact('key_ht', table, `key ht ${table} `);
  out.fact('bkt', '0', 'bkt 0 ');
  if (one.classid !== 0) out.fact('flowid', showClassId(one.classid), `*flowid ${showClassId(one.classid)} `);
  else out.text('terminal flowid ');
  out.fact('not_in_hw', true, 'not_in_hw ');
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  for (const { value, mask, offset } of one.keys) {
    out.text(`\n  match ${hex(value)}/${hex(mask)} at ${offset}`);
    out.json('match', { value: value.toString(16), mask: mask.toString(16), offmask: '', off: offset });
  }
}

/** tc_print_action() */
function printActions(session: Session, one: FilterMessage): void {
  const { out, options } = session;
  if (one.actions.length === 0) return;
  out.openArray('actions');
  one.actions.forEach((action, i) => {
    const { index = 1, packets = 0, bytes = 0 } = one.numbered[i] ?? {};
    out.openObject();
    out.fact('order', i + 1, `\n\taction order ${i + 1}: `);
    if (action.kind === 'mirred') printMirred(session, action);
    else {
      out.fact('kind', 'gact', 'gact action ');
      out.fact('control_action', { type: action.verdict }, `${action.verdict}\n\t random type none pass val 0`);
    }
    out.text(action.kind === 'mirred' ? '\n\t' : '\n\t ');
    out.fact('index', index, `index ${index} `);
    out.fact('ref', 1, 'ref 1 ');
    out.fact('bind', 1, 'bind 1');
    if (options.statistics > 0) {
      out.text('\n\tAction statistics:\n');
      out.text(
        `\tSent ${bytes} bytes ${packets} pkt (dropped 0, overlimits 0 requeues 0) \n\tbacklog 0b 0p requeues 0`,
      );
    }
    out.text('\n');
    out.close();
  });
  out.close();
}

function printMirred(session: Session, action: Extract<FilterMessage['actions'][number], { kind: 'mirred' }>): void {
  const { out } = session;
  const name = session.nameOf(action.ifindex);
  const title = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const control = controlOf(action);
  out.json('kind', 'mirred');
  out.json('mirred_action', action.mode);
  out.json('direction', action.direction);
  out.json('to_dev', name);
  out.json('control_action', { type: control });
  out.text(`mirred (${title(action.direction)} ${title(action.mode)} to device ${name}) ${control}`);
}
