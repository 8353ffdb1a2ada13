import type { NewFlags } from '../../kernel/index.ts';
import {
  delQdisc,
  dumpQdiscs,
  type NetemOptions,
  newQdisc,
  type QdiscMessage,
  type QdiscOptions,
  type QdiscStats,
  type TbfOptions,
  TC_H,
} from '../../kernel/sched/index.ts';
import { RawNumber } from '../iproute2/json.ts';
import type { Session } from '../iproute2/session.ts';
import { duplicate, invalid, Refusal, type Words } from '../iproute2/words.ts';
import { parseKind } from './kinds.ts';
import {
  parseClassId,
  parseHandle,
  showClassId,
  showPercent,
  showRate,
  showSize,
  showTime,
  xmitSize,
  xmitTime,
} from './units.ts';
import { QDISC_USAGE } from './usage.ts';

/** `tc qdisc …` (tc_qdisc.c) */
export function qdisc(session: Session, words: Words): number {
  const verb = words.word;
  if (!words.more) return show(session, words);
  const rest = (): Words => {
    words.next();
    return words;
  };
  if (words.abbreviates('add')) return modify(session, rest(), { create: true, excl: true });
  if (words.abbreviates('change')) return modify(session, rest(), {});
  if (words.abbreviates('replace')) return modify(session, rest(), { create: true, replace: true });
  if (words.abbreviates('link')) return modify(session, rest(), { replace: true });
  if (words.abbreviates('delete')) return modify(session, rest(), 'delete');
  if (words.abbreviates('list', 'show', 'lst')) return show(session, rest());
  if (words.abbreviates('help')) throw new Refusal(QDISC_USAGE, 0);
  throw new Refusal(`Command "${verb}" is unknown, try "tc qdisc help".\n`, 255);
}

type Request = {
  dev: string | undefined;
  handle: number;
  parent: number;
  options: QdiscOptions | 'unknown' | undefined;
};

function modify(session: Session, words: Words, action: NewFlags | 'delete'): number {
  const { dev, handle, parent, options } = parse(words);
  if (dev === undefined) throw new Refusal('RTNETLINK answers: No such device\n', 2);
  const { ifindex } = session.device(dev);
  if (action === 'delete') {
    session.answer(delQdisc(session.ns, { ifindex, parent, handle }));
    return 0;
  }
  if (options === 'unknown') throw new Refusal('Error: Specified qdisc kind is unknown.\n', 2);
  session.answer(newQdisc(session.ns, { ifindex, parent, handle, options }, action));
  return 0;
}

function parse(words: Words): Request {
  const request: Request = { dev: undefined, handle: 0, parent: 0, options: undefined };
  const place = (parent: number, name: string): void => {
    if (request.parent !== 0)
      throw new Refusal(`Error: "${name}" is ${name === 'root' ? '' : 'a '}duplicate parent ID\n`, 255);
    request.parent = parent;
  };
  for (; words.more; words.next()) {
    if (words.is('dev')) {
      const name = words.value();
      if (request.dev !== undefined) throw duplicate('dev', name);
      request.dev = name;
    } else if (words.is('handle')) {
      if (request.handle !== 0) throw duplicate('handle', words.word);
      const handle = parseHandle(words.value());
      if (handle === undefined) throw invalid('invalid qdisc ID', words.word);
      request.handle = handle;
    } else if (words.is('root')) place(TC_H.root, 'root');
    else if (words.is('clsact', 'ingress')) {
      const kind = words.word;
      place(TC_H.ingress, kind);
      request.handle = TC_H.clsact;
      words.next();
      request.options = parseKind(kind, words);
      return request;
    } else if (words.is('parent')) {
      const parent = parseClassId(words.value());
      if (request.parent !== 0) throw duplicate('parent', words.word);
      if (parent === undefined) throw invalid('invalid parent ID', words.word);
      request.parent = parent;
    } else if (words.abbreviates('estimator', 'stab', 'ingress_block', 'egress_block'))
      throw new Refusal(`tc: not simulated here: qdisc '${words.word}'\n`, 64);
    else if (words.abbreviates('help')) throw new Refusal(QDISC_USAGE, 0);
    else {
      const kind = words.word;
      words.next();
      request.options = parseKind(kind, words);
      return request;
    }
  }
  return request;
}

function show(session: Session, words: Words): number {
  const { out } = session;
  let dev: string | undefined;
  const tests: ((message: QdiscMessage) => boolean)[] = [];
  for (; words.more; words.next()) {
    if (words.is('dev')) dev = words.value();
    else if (words.is('ingress', 'clsact')) tests.push((one) => one.parent === TC_H.ingress);
    else if (words.is('root')) tests.push((one) => one.parent === TC_H.root);
    else if (words.is('parent')) {
      const parent = parseClassId(words.value());
      if (parent === undefined) throw invalid('invalid parent ID', words.word);
      tests.push((one) => one.parent === parent);
    } else if (words.is('handle')) {
      const handle = parseHandle(words.value());
      if (handle === undefined) throw invalid('invalid handle ID', words.word);
      tests.push((one) => one.handle === handle);
    } else if (words.abbreviates('invisible')) continue;
    else if (words.abbreviates('help')) throw new Refusal(QDISC_USAGE, 0);
    else throw new Refusal(`What is "${words.word}"? Try "tc qdisc help".\n`, 255);
  }
  const ifindex = dev === undefined ? undefined : session.device(dev).ifindex;
  out.begin();
  for (const message of dumpQdiscs(session.ns)) {
    if ((ifindex !== undefined && message.ifindex !== ifindex) || !tests.every((test) => test(message))) continue;
    out.openObject();
    print(session, message, ifindex !== undefined);
    out.close();
  }
  return 0;
}

/** print_qdisc() */
function print(session: Session, message: QdiscMessage, deviceHidden: boolean): void {
  const { out, options } = session;
  const { handle, parent, refcnt } = message;
  out.fact('kind', message.options.kind, `qdisc ${message.options.kind} `);
  const handleText = `${(handle >>> 16).toString(16)}:`;
  out.fact('handle', handleText, `${handleText} `);
  if (!deviceHidden) {
    const name = session.nameOf(message.ifindex);
    out.text('dev ');
    out.fact('dev', name, `${name} `, 'ifname');
  }
  if (parent === TC_H.root) out.fact('root', true, 'root ');
  else out.fact('parent', showClassId(parent), `parent ${showClassId(parent)} `);
  if (refcnt !== 1) out.fact('refcnt', refcnt, `refcnt ${refcnt} `);
  out.openObject('options');
  printOptions(session, message.options);
  out.close();
  out.text('\n');
  if (options.statistics === 0) return;
  printStats(session, message.stats);
  out.text('\n');
}

export function printStats({ out }: Session, stats: QdiscStats, indent = ' '): void {
  const { bytes, packets, drops, overlimits, requeues, backlog, qlen } = stats;
  for (const [key, value] of Object.entries({ bytes, packets, drops, overlimits, requeues, backlog, qlen }))
    out.json(key, value);
  out.text(
    `${indent}Sent ${bytes} bytes ${packets} pkt (dropped ${drops}, overlimits ${overlimits} requeues ${requeues}) \n`,
  );
  out.text(`${indent}backlog ${showSize(backlog)} ${qlen}p requeues ${requeues}`);
}

const BANDS = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

function printOptions(session: Session, options: QdiscOptions): void {
  const { out } = session;
  switch (options.kind) {
    case 'tbf':
      return printTbf(session, options);
    case 'netem':
      return printNetem(session, options);
    case 'pfifo':
      return out.fact('limit', options.limit ?? 0, `limit ${options.limit}p`);
    case 'bfifo':
      return out.fact('limit', options.limit ?? 0, `limit ${showSize(options.limit ?? 0)}`);
    case 'pfifo_fast':
      out.fact('bands', 3, 'bands 3 priomap');
      out.json('priomap', BANDS);
      return out.text(BANDS.map((band) => ` ${band}`).join(''));
    case 'htb': {
      const fallback = `${options.default === 0 ? '' : '0x'}${(options.default ?? 0).toString(16)}`;
      out.fact('r2q', options.r2q ?? 10, `r2q ${options.r2q} `);
      out.fact('default', fallback, `default ${fallback} `);
      out.fact('direct_packets_stat', options.directPackets ?? 0, `direct_packets_stat ${options.directPackets} `);
      if (session.options.details) out.fact('ver', '3.17', 'ver 3.17 ');
      return out.fact('direct_qlen', 1000, 'direct_qlen 1000');
    }
    case 'ingress':
      return out.text('---------------- ');
    default:
      return undefined;
  }
}

function printTbf({ out, options: { details } }: Session, o: TbfOptions): void {
  const burst = xmitSize(o.rate, o.burst);
  out.fact('rate', o.rate, `rate ${showRate(o.rate)} `);
  if (details) {
    out.fact('burst', `${showSize(burst)}/1`, `burst ${showSize(burst)}/1 `);
    out.fact('mpu', 0, 'mpu 0b ');
  } else out.fact('burst', burst, `burst ${showSize(burst)} `);
  let latency = (1e6 * o.limit) / o.rate - xmitTime(o.rate, o.burst);
  if (o.peakRate !== undefined) {
    const peak = xmitSize(o.peakRate, o.peakBurst ?? 0);
    out.text(`peakrate ${showRate(o.peakRate)} `);
    out.fact('minburst', peak, `minburst ${showSize(peak)} `);
    latency = Math.max(latency, (1e6 * o.limit) / o.peakRate - xmitTime(o.peakRate, o.peakBurst ?? 0));
  }
  if (latency >= 0) out.fact('lat', Math.floor(latency), `lat ${showTime(Math.floor(latency))} `);
  else out.fact('limit', o.limit, `limit ${showSize(o.limit)} `);
  if (details) out.fact('linklayer', 'ethernet', 'linklayer ethernet ');
}

/** netem_print_opt() */
function printNetem({ out }: Session, o: NetemOptions): void {
  out.fact('limit', o.limit, `limit ${o.limit}`);
  const correlation = (value: number): void => {
    if (value > 0) out.fact('correlation', new RawNumber(String(value)), ` ${showPercent(value)}`);
  };
  if (o.delay > 0) {
    out.openObject('delay');
    out.fact('delay', new RawNumber(String(o.delay / 1e6)), ` delay ${showTime(o.delay)}`);
    out.fact('jitter', new RawNumber(String(o.jitter / 1e6)), o.jitter > 0 ? `  ${showTime(o.jitter)}` : '');
    correlation(o.jitter > 0 ? o.delayCorrelation : 0);
    out.close();
  }
  for (const [key, name, value, other] of [
    ['loss-random', 'loss', o.loss, o.lossCorrelation],
    ['duplicate', 'duplicate', o.duplicate, o.duplicateCorrelation],
    ['reorder', 'reorder', o.reorder, o.reorderCorrelation],
    ['corrupt', 'corrupt', o.corrupt, o.corruptCorrelation],
  ] as const) {
    if (value === 0) continue;
    out.openObject(key);
    out.fact(name, new RawNumber(String(value)), ` ${name} ${showPercent(value)}`);
    correlation(other);
    out.close();
  }
  if (o.rate > 0) {
    out.openObject('rate');
    out.fact('rate', o.rate, ` rate ${showRate(o.rate)}`);
    out.close();
  }
  out.json('ecn', false);
  out.fact('gap', o.gap, o.gap > 0 ? ` gap ${o.gap}` : '');
}
