import type { NetemOptions, QdiscOptions, TbfOptions } from '../../kernel/sched/index.ts';
import { Refusal, type Words } from '../iproute2/words.ts';
import { parsePercent, parseRate, parseSize, parseSizeAndCell, parseTime } from './units.ts';
import { HTB_USAGE, NETEM_USAGE, TBF_USAGE } from './usage.ts';

/** What tc knows and the kernel here has not. */
const ABSENT =
  /^(cake|cbs|codel|drr|etf|ets|fq|fq_codel|fq_pie|gred|hfsc|hhf|mq|mqprio|multiq|pfifo_head_drop|pie|plug|prio|qfq|red|sfb|sfq|skbprio|taprio|teql0|choke)$/;

type Draft<T> = { -readonly [K in keyof T]?: T[K] };

/** The words behind a discipline's name; a name that tc does not know goes to the kernel as it is. */
export function parseKind(kind: string, words: Words): QdiscOptions | 'unknown' {
  switch (kind) {
    case 'tbf':
      return parseTbf(words);
    case 'netem':
      return parseNetem(words);
    case 'htb':
      return parseHtb(words);
    case 'pfifo':
    case 'bfifo':
      return parseFifo(kind, words);
    case 'pfifo_fast':
    case 'ingress':
    case 'clsact':
    case 'noqueue':
      refuseRest(words);
      return { kind };
    default:
      if (ABSENT.test(kind)) throw new Refusal(`tc: not simulated here: qdisc ${kind}\n`, 64);
      refuseRest(words);
      return 'unknown';
  }
}

function refuseRest(words: Words): void {
  if (!words.more) return;
  throw new Refusal(`Garbage instead of arguments "${words.word} ...". Try "tc qdisc help".\n`, 255);
}

function parseFifo(kind: 'pfifo' | 'bfifo', words: Words): QdiscOptions {
  let limit: number | undefined;
  const usage = 'Usage: ... <[p|b]fifo | pfifo_head_drop> [ limit NUMBER ]\n';
  for (; words.more; words.next()) {
    if (words.is('limit')) {
      limit = parseSize(words.value());
      if (limit === undefined) throw new Refusal(`${kind}: Illegal value for "limit": "${words.word}"\n`, 1);
    } else if (words.is('help')) throw new Refusal(usage, 1);
    else throw new Refusal(`${kind}: unknown parameter "${words.word}"\n${usage}`, 1);
  }
  return limit === undefined ? { kind } : { kind, limit };
}

function parseTbf(words: Words): TbfOptions {
  const given: Draft<TbfOptions> & { latency?: number } = {};
  const take = (key: 'rate' | 'burst' | 'limit' | 'peakRate' | 'peakBurst' | 'latency', label: string): void => {
    const name = words.word;
    const text = words.value();
    if (given[key] !== undefined) throw new Refusal(`tbf: duplicate "${label}" specification\n`, 1);
    const read = key === 'rate' || key === 'peakRate' ? parseRate : key === 'latency' ? parseTime : parseSizeAndCell;
    const value = read(text);
    const shown = key === 'burst' || key === 'peakBurst' ? name : label;
    if (value === undefined) throw new Refusal(`tbf: illegal value for "${shown}": "${text}"\n`, 1);
    given[key] = value;
  };
  for (; words.more; words.next()) {
    if (words.abbreviates('limit')) {
      refuseBoth(given.latency, 'latency" and "limit');
      take('limit', 'limit');
    } else if (words.abbreviates('latency')) {
      refuseBoth(given.limit, 'limit" and "/latency');
      take('latency', 'latency');
    } else if (words.abbreviates('burst') || words.is('buffer', 'maxburst')) take('burst', 'buffer/burst/maxburst');
    else if (words.is('mtu', 'minburst')) take('peakBurst', 'mtu/minburst');
    else if (words.is('rate')) take('rate', 'rate');
    else if (words.abbreviates('peakrate')) take('peakRate', 'peakrate');
    else if (words.is('mpu', 'overhead', 'linklayer'))
      throw new Refusal(`tc: not simulated here: tbf '${words.word}'\n`, 64);
    else if (words.is('help')) throw new Refusal(TBF_USAGE, 1);
    else throw new Refusal(`tbf: unknown parameter "${words.word}"\n${TBF_USAGE}`, 1);
  }
  return finishTbf(given);
}

function refuseBoth(other: number | undefined, names: string): void {
  if (other !== undefined) throw new Refusal(`tbf: specifying both "${names}" is not allowed\n`, 1);
}

function finishTbf(given: Draft<TbfOptions> & { latency?: number }): TbfOptions {
  const { rate = 0, burst = 0, peakRate, peakBurst, latency = 0 } = given;
  const missing = [
    ...(rate === 0 ? ['tbf: the "rate" parameter is mandatory.\n'] : []),
    ...(burst === 0 ? ['tbf: the "burst" parameter is mandatory.\n'] : []),
    ...(peakRate !== undefined && peakBurst === undefined
      ? ['tbf: when "peakrate" is specified, "mtu" must also be specified.\n']
      : []),
    ...((given.limit ?? 0) === 0 && latency === 0 ? ['tbf: either "limit" or "latency" is required.\n'] : []),
  ];
  if (missing.length > 0) throw new Refusal(`${missing.join('')}${TBF_USAGE}`, 1);
  const room = (bytes: number, depth: number): number => Math.floor((bytes * latency) / 1e6 + depth);
  const byRate = room(rate, burst);
  const limit = given.limit ?? (peakRate === undefined ? byRate : Math.min(byRate, room(peakRate, peakBurst ?? 0)));
  return {
    kind: 'tbf',
    rate,
    burst,
    limit,
    ...(peakRate === undefined ? {} : { peakRate }),
    ...(peakBurst === undefined ? {} : { peakBurst }),
  };
}

const NETEM_DEFAULTS: NetemOptions = {
  kind: 'netem',
  limit: 1000,
  delay: 0,
  jitter: 0,
  delayCorrelation: 0,
  loss: 0,
  lossCorrelation: 0,
  duplicate: 0,
  duplicateCorrelation: 0,
  reorder: 0,
  reorderCorrelation: 0,
  corrupt: 0,
  corruptCorrelation: 0,
  gap: 0,
  rate: 0,
};

function parseNetem(words: Words): NetemOptions {
  const options: { -readonly [K in keyof NetemOptions]: NetemOptions[K] } = { ...NETEM_DEFAULTS };
  const illegal = (what: string): Refusal => new Refusal(`Illegal "${what}"\n`, 1);
  const value = (read: (text: string) => number | undefined, what: string): number => {
    const parsed = read(words.value());
    if (parsed === undefined) throw illegal(what);
    return parsed;
  };
  /** A number may follow: NEXT_IS_NUMBER(). */
  const more = (): boolean => /^\d/.test(words.rest[1] ?? '');
  const chance = (key: 'loss' | 'duplicate' | 'reorder' | 'corrupt', what: string, correlation: string): void => {
    options[key] = value(parsePercent, what);
    if (more()) options[`${key}Correlation`] = value(parsePercent, correlation);
  };
  for (; words.more; words.next()) {
    if (words.abbreviates('limit')) options.limit = value(parseSize, 'limit');
    else if (words.abbreviates('latency', 'delay')) {
      options.delay = value(parseTime, 'latency');
      if (more()) options.jitter = value(parseTime, 'latency');
      if (options.jitter > 0 && more()) options.delayCorrelation = value(parsePercent, 'latency');
    } else if (words.abbreviates('loss', 'drop')) {
      if (/^(state|gemodel)$/.test(words.rest[1] ?? ''))
        throw new Refusal(`tc: not simulated here: netem loss ${words.rest[1]}\n`, 64);
      if (words.rest[1] === 'random') words.next();
      else if (words.rest[1] !== undefined && !more())
        throw new Refusal(`Unknown loss parameter: ${words.rest[1]}\n`, 1);
      chance('loss', 'loss percent', 'loss correlation');
    } else if (words.abbreviates('reorder')) chance('reorder', 'reorder', 'reorder');
    else if (words.abbreviates('corrupt')) chance('corrupt', 'corrupt', 'corrupt');
    else if (words.abbreviates('gap'))
      options.gap = value((text) => (/^\d+$/.test(text) ? Number(text) : undefined), 'gap');
    else if (words.abbreviates('duplicate')) chance('duplicate', 'duplicate', 'duplicate');
    else if (words.abbreviates('rate')) {
      options.rate = value(parseRate, 'rate');
      if (more()) throw new Refusal('tc: not simulated here: netem rate overhead\n', 64);
    } else if (words.abbreviates('ecn', 'distribution', 'slot'))
      throw new Refusal(`tc: not simulated here: netem ${words.word}\n`, 64);
    else throw new Refusal(`${words.is('help') ? '' : `What is "${words.word}"?\n`}${NETEM_USAGE}`, 1);
  }
  if (options.reorder > 0) {
    if (options.delay === 0)
      throw new Refusal(`reordering not possible without specifying some delay\n${NETEM_USAGE}`, 1);
    if (options.gap === 0) options.gap = 1;
  } else if (options.gap > 0) throw new Refusal(`gap specified without reorder probability\n${NETEM_USAGE}`, 1);
  return options;
}

function parseHtb(words: Words): QdiscOptions {
  const options: { kind: 'htb'; r2q?: number; default?: number } = { kind: 'htb' };
  const number = (what: string, radix: number): number => {
    const text = words.value();
    const parsed = Number.parseInt(text, radix);
    if (Number.isNaN(parsed) || !/^(0x)?[0-9a-f]+$/i.test(text))
      throw new Refusal(`Illegal "${what}"\n${HTB_USAGE}`, 1);
    return parsed;
  };
  for (; words.more; words.next()) {
    if (words.abbreviates('r2q')) options.r2q = number('r2q', 10);
    else if (words.abbreviates('default')) options.default = number('default', 16);
    else if (words.abbreviates('debug', 'direct_qlen', 'offload'))
      throw new Refusal(`tc: not simulated here: htb '${words.word}'\n`, 64);
    else throw new Refusal(`What is "${words.word}"?\n${HTB_USAGE}`, 1);
  }
  return options;
}
