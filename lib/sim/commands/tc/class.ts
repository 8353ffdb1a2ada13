import type { NewFlags } from '../../kernel/index.ts';
import {
  type ClassMessage,
  type ClassOptions,
  delClass,
  dumpClasses,
  newClass,
  TC_H,
} from '../../kernel/sched/index.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, invalid, parseUnsigned, Refusal, type Words } from '../iproute2/words.ts';
import { printStats } from './qdisc.ts';
import { parseClassId, parseRate, parseSizeAndCell, showClassId, showRate, showSize, xmitSize } from './units.ts';
import { CLASS_USAGE, HTB_USAGE } from './usage.ts';

/** A full frame and some more: what a class may send at once when nobody says. */
const MTU = 1600;

/** `tc class …` (tc_class.c) */
export function klass(session: Session, words: Words): number {
  const verb = words.word;
  if (!words.more) return show(session, words);
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('change')) return modify(session, rest(), {});
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('list', 'show', 'lst')) return show(session, rest());
  if (words.abbreviates('help')) throw new Refusal(CLASS_USAGE, 0);
  throw new Refusal(`Command "${verb}" is unknown, try "tc class help".\n`, 255);
}

function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  let dev: string | undefined;
  let classid = 0;
  let parent = 0;
  let options: Partial<ClassOptions> = {};
  while (words.more) {
    if (words.is('dev')) {
      const name = words.value();
      if (dev !== undefined) throw duplicate('dev', name);
      dev = name;
    } else if (words.is('classid')) classid = id(words, 'invalid class ID');
    else if (words.is('handle')) throw new Refusal('Error: try "classid" instead of "handle"\n', 255);
    else if (words.is('root')) parent = TC_H.root;
    else if (words.is('parent')) parent = id(words, 'invalid parent ID');
    else if (words.abbreviates('help')) throw new Refusal(CLASS_USAGE, 0);
    else {
      options = kindOptions(words, action === 'delete');
      break;
    }
    words.next();
  }
  if (dev === undefined) throw new Refusal('RTNETLINK answers: No such device\n', 2);
  const { ifindex } = session.device(dev);
  if (action === 'delete') session.answer(delClass(session.ns, { ifindex, classid }));
  else session.answer(newClass(session.ns, { ifindex, classid, parent, options }, action));
  return 0;
}

function id(words: Words, message: string): number {
  const value = parseClassId(words.value());
  if (value === undefined) throw invalid(message, words.word);
  return value;
}

function kindOptions(words: Words, deleting: boolean): Partial<ClassOptions> {
  const kind = words.word;
  words.next();
  if (kind === 'htb') return deleting && !words.more ? {} : htbOptions(words);
  if (/^(tbf|pfifo|bfifo|pfifo_fast|netem|ingress|clsact)$/.test(kind))
    throw new Refusal(`Error: Qdisc "${kind}" is classless.\n`, 1);
  throw new Refusal(`tc: not simulated here: class ${kind}\n`, 64);
}

/** htb_parse_class_opt() */
function htbOptions(words: Words): ClassOptions {
  const given: { -readonly [K in keyof ClassOptions]?: ClassOptions[K] } = {};
  const take = (key: keyof ClassOptions, read: (text: string) => number | undefined): void => {
    const name = words.word;
    const value = read(words.value());
    if (value === undefined) throw new Refusal(`Illegal "${name}"\n${HTB_USAGE}`, 1);
    given[key] = value;
  };
  for (; words.more; words.next()) {
    if (words.abbreviates('prio')) take('prio', (text) => parseUnsigned(text));
    else if (words.abbreviates('quantum')) take('quantum', (text) => parseUnsigned(text));
    else if (words.abbreviates('burst') || words.is('buffer', 'maxburst')) take('burst', parseSizeAndCell);
    else if (words.abbreviates('cburst') || words.is('cbuffer', 'cmaxburst')) take('cburst', parseSizeAndCell);
    else if (words.is('ceil')) take('ceil', parseRate);
    else if (words.is('rate')) take('rate', parseRate);
    else if (words.abbreviates('mtu', 'mpu', 'overhead', 'linklayer'))
      throw new Refusal(`tc: not simulated here: htb '${words.word}'\n`, 64);
    else if (words.is('help')) throw new Refusal(HTB_USAGE, 1);
    else throw new Refusal(`What is "${words.word}"?\n${HTB_USAGE}`, 1);
  }
  const { rate } = given;
  if (rate === undefined || rate === 0) throw new Refusal('"rate" is required.\n', 1);
  const ceil = given.ceil ?? rate;
  return {
    rate,
    ceil,
    burst: given.burst ?? defaultBurst(rate),
    cburst: given.cburst ?? defaultBurst(ceil),
    prio: given.prio ?? 0,
    quantum: given.quantum ?? 0,
  };
}

/** What one tick of the clock, here a nanosecond, lets through, and a frame. */
const defaultBurst = (rate: number): number => Math.floor(rate / 1e9 + MTU);

function show(session: Session, words: Words): number {
  let dev: string | undefined;
  const tests: ((message: ClassMessage) => boolean)[] = [];
  for (; words.more; words.next()) {
    if (words.is('dev')) dev = words.value();
    else if (words.is('classid')) {
      const classid = id(words, 'invalid class ID');
      tests.push((one) => one.classid === classid);
    } else if (words.is('root')) tests.push((one) => one.parent === TC_H.root);
    else if (words.is('parent')) {
      const parent = id(words, 'invalid parent ID');
      tests.push((one) => one.parent === parent);
    } else if (words.abbreviates('help')) throw new Refusal(CLASS_USAGE, 0);
    else throw new Refusal(`What is "${words.word}"? Try "tc class help".\n`, 255);
  }
  // The kernel lists the classes of no device when none is named.
  if (dev === undefined) return 0;
  const { ifindex } = session.device(dev);
  for (const message of dumpClasses(session.ns, ifindex))
    if (tests.every((test) => test(message))) print(session, message);
  return 0;
}

/** print_class(); its lines are text also with -j. */
function print(session: Session, message: ClassMessage): void {
  const { out, options: asked } = session;
  const { classid, parent, leaf, level, options: o } = message;
  const burst = (rate: number, bytes: number): string => showSize(xmitSize(rate, bytes));
  const detail = (text: string): string => (asked.details ? text : '');
  const where = parent === TC_H.root ? 'root' : `parent ${showClassId(parent)}`;
  out.text(`class htb ${showClassId(classid)} ${where} ${leaf === 0 ? '' : `leaf ${showClassId(leaf)} `}`);
  if (level === 0) out.text(`prio ${o.prio} ${detail(`quantum ${o.quantum} `)}`);
  out.text(`rate ${showRate(o.rate)} ceil ${showRate(o.ceil)} ${detail('linklayer ethernet ')}`);
  out.text(
    `burst ${burst(o.rate, o.burst)}${detail('/1 mpu 0b')} cburst ${burst(o.ceil, o.cburst)}${detail('/1 mpu 0b')} `,
  );
  out.text(`${detail(`level ${level} `)}\n`);
  if (asked.statistics === 0) return;
  printStats(session, message.stats);
  out.text(`\n lended: ${message.lends} borrowed: ${message.borrows} giants: 0\n`);
  out.text(` tokens: ${message.tokens} ctokens: ${message.ctokens}\n\n`);
}
