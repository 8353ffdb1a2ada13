import type { Match } from '../../../kernel/netfilter/index.ts';
import type { MatchExtension } from '../extension.ts';
import { badParameter } from '../refusal.ts';

type Physdev = Extract<Match, { name: 'physdev' }>;
type Draft = { -readonly [K in keyof Physdev]: Physdev[K] };

export const physdev: MatchExtension<Physdev> = {
  name: 'physdev',
  options: [
    { name: 'physdev-in' },
    { name: 'physdev-out' },
    { name: 'physdev-is-in', values: 0 },
    { name: 'physdev-is-out', values: 0 },
    { name: 'physdev-is-bridged', values: 0 },
  ],
  parse: (given) => {
    if (given.length === 0) throw badParameter('PHYSDEV: no physdev option specified');
    const data: Draft = { name: 'physdev' };
    for (const { name, value, invert } of given) {
      if (name === 'physdev-in') data.in = { value, invert };
      else if (name === 'physdev-out') data.out = { value, invert };
      else if (name === 'physdev-is-in') data.isIn = { value: true, invert };
      else if (name === 'physdev-is-out') data.isOut = { value: true, invert };
      else data.isBridged = { value: true, invert };
    }
    return data;
  },
  save: parts,
  list: (data) => `PHYSDEV match ${parts(data)}`,
};

function parts(data: Physdev): string {
  const out: string[] = [];
  const bang = (invert: boolean): string => (invert ? '! ' : '');
  if (data.isIn) out.push(`${bang(data.isIn.invert)}--physdev-is-in`);
  if (data.in) out.push(`${bang(data.in.invert)}--physdev-in ${data.in.value}`);
  if (data.isOut) out.push(`${bang(data.isOut.invert)}--physdev-is-out`);
  if (data.out) out.push(`${bang(data.out.invert)}--physdev-out ${data.out.value}`);
  if (data.isBridged) out.push(`${bang(data.isBridged.invert)}--physdev-is-bridged`);
  return out.join(' ');
}
