import { Ip } from '../../../base/index.ts';
import type { Match } from '../../../kernel/netfilter/index.ts';
import { checkTogether, type Given, last, type MatchExtension } from '../extension.ts';
import { badParameter, badValue } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type Recent = Extract<Match, { name: 'recent' }>;

const OPS = ['set', 'rcheck', 'update', 'remove'] as const;
const NAME_MAX = 199;

const others = (op: string): string[] => OPS.filter((one) => one !== op);

/** libxt_recent.c */
export const recent: MatchExtension<Recent> = {
  name: 'recent',
  options: [
    ...OPS.map((name) => ({ name, values: 0 as const })),
    ...(['reap', 'rttl', 'rsource', 'rdest'] as const).map((name) => ({ name, values: 0 as const })),
    ...['seconds', 'hitcount', 'name', 'mask'].map((name) => ({ name })),
  ],
  parse: (given, { family }) => {
    const op = OPS.find((one) => last(given, one) !== undefined);
    const seconds = number(given, 'seconds', 1);
    const hits = number(given, 'hitcount', 0);
    checkTogether('recent', given, [
      ['set', { excludes: others('set') }],
      ['rcheck', { excludes: others('rcheck') }],
      ['update', { excludes: others('update') }],
      ['reap', { needs: ['seconds'] }],
      ['remove', { excludes: others('remove') }],
      ['rttl', { excludes: ['set', 'remove'] }],
      ['rsource', { excludes: ['rdest'] }],
    ]);
    if (op === undefined)
      throw badParameter("recent: you must specify one of `--set', `--rcheck' `--update' or `--remove'");
    return {
      name: 'recent',
      op,
      invert: last(given, op)?.invert === true,
      seconds,
      hits,
      reap: last(given, 'reap') !== undefined,
      ttl: last(given, 'rttl') !== undefined,
      list: listName(given),
      mask: maskOf(last(given, 'mask')?.value, family),
      side: last(given, 'rdest') === undefined ? 'source' : 'dest',
    };
  },
  save: ({ op, invert, seconds, reap, hits, ttl, list, mask, side }) =>
    [
      `${invert ? '! ' : ''}--${op}`,
      ...(seconds === 0 ? [] : [`--seconds ${seconds}`]),
      ...(reap ? ['--reap'] : []),
      ...(hits === 0 ? [] : [`--hitcount ${hits}`]),
      ...(ttl ? ['--rttl'] : []),
      `--name ${list} --mask ${mask} --r${side}`,
    ].join(' '),
  list: ({ op, invert, seconds, reap, hits, ttl, list, mask, side }) =>
    [
      `${invert ? '! ' : ''}recent: ${WORDS[op]}`,
      ...(seconds === 0 ? [] : [`seconds: ${seconds}`]),
      ...(reap ? ['reap'] : []),
      ...(hits === 0 ? [] : [`hit_count: ${hits}`]),
      ...(ttl ? ['TTL-Match'] : []),
      `name: ${list} side: ${side} mask: ${mask}`,
    ].join(' '),
};

const WORDS = { set: 'SET', rcheck: 'CHECK', update: 'UPDATE', remove: 'REMOVE' } as const;

function number(given: readonly Given[], option: string, least: number): number {
  const one = last(given, option);
  if (one === undefined) return 0;
  const value = parseNumber(one.value);
  if (value === undefined || value < least) throw badValue('recent', option, 'value', `${least}-4294967295`);
  return value;
}

function listName(given: readonly Given[]): string {
  const name = last(given, 'name')?.value ?? 'DEFAULT';
  if (name === '' || name.length > NAME_MAX)
    throw badParameter(`recent: option "--name" argument must have length at least 1 and at most ${NAME_MAX}`);
  return name;
}

function maskOf(text: string | undefined, family: 4 | 6): Ip {
  const all = family === 4 ? Ip.broadcast4 : Ip.fromBytes(new Uint8Array(16).fill(255));
  if (text === undefined) return all;
  const mask = Ip.parse(text);
  if (mask?.family !== family) throw badParameter(`recent: Bad value for "--mask" option: "${text}"`);
  return mask;
}
