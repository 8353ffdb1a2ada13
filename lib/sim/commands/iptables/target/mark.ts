import type { Target } from '../../../kernel/netfilter/index.ts';
import { type Given, last, type TargetExtension } from '../extension.ts';
import { badParameter, badValue } from '../refusal.ts';
import { hex, parseMasked, parseNumber } from '../words.ts';

type Mark = Extract<Target, { name: 'MARK' }>;
type Connmark = Extract<Target, { name: 'CONNMARK' }>;
type SetMark = { readonly value: number; readonly mask: number };

const SETTERS = ['set-xmark', 'set-mark', 'and-mark', 'or-mark', 'xor-mark'] as const;
const ALL = 0xffff_ffff;

/** All ways to say what a mark becomes, as (mark & ~mask) ^ value. */
function setter(extension: string, { name, value: text }: Given): SetMark {
  const withMask = name === 'set-xmark' || name === 'set-mark';
  const plain = withMask ? undefined : parseNumber(text);
  const masked = withMask ? parseMasked(text) : plain === undefined ? undefined : { value: plain, mask: ALL };
  if (masked === undefined) throw badValue(extension, name, 'integer value');
  const { value, mask } = masked;
  switch (name) {
    case 'set-mark':
      return { value, mask: (value | mask) >>> 0 };
    case 'and-mark':
      return { value: 0, mask: ~value >>> 0 };
    case 'or-mark':
      return { value, mask: value };
    case 'xor-mark':
      return { value, mask: 0 };
    default:
      return { value, mask };
  }
}

function listSetter(label: string, { value, mask }: SetMark): string {
  if (mask >>> 0 === ALL) return `${label} set ${hex(value)}`;
  if (value === 0) return `${label} and ${hex(~mask)}`;
  if (value === mask) return `${label} or ${hex(value)}`;
  return mask === 0 ? `${label} xor ${hex(value)}` : `${label} xset ${hex(value)}/${hex(mask)}`;
}

export const mark: TargetExtension<Mark> = {
  name: 'MARK',
  options: SETTERS.map((name) => ({ name })),
  parse: (given) => {
    const one = given.at(-1);
    if (one === undefined)
      throw badParameter('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required');
    return { name: 'MARK', ...setter('MARK', one) };
  },
  save: ({ value, mask }) => `--set-xmark ${hex(value)}/${hex(mask)}`,
  list: (data) => listSetter('MARK', data),
};

export const connmark: TargetExtension<Connmark> = {
  name: 'CONNMARK',
  options: [
    ...SETTERS.map((name) => ({ name })),
    { name: 'save-mark', values: 0 },
    { name: 'restore-mark', values: 0 },
    { name: 'mask' },
    { name: 'nfmask' },
    { name: 'ctmask' },
  ],
  parse: (given) => {
    const one = given.findLast(({ name }) => !name.endsWith('mask'));
    if (one === undefined) throw badParameter('CONNMARK target: No operation specified');
    if (one.name !== 'save-mark' && one.name !== 'restore-mark')
      return { name: 'CONNMARK', mode: 'set', ...setter('CONNMARK', one) };
    const number = (option: string): number | undefined => {
      const text = last(given, option)?.value;
      if (text === undefined) return undefined;
      const value = parseNumber(text);
      if (value === undefined) throw badValue('CONNMARK', option, 'integer value');
      return value;
    };
    const both = number('mask') ?? ALL;
    const mode = one.name === 'save-mark' ? 'save' : 'restore';
    return { name: 'CONNMARK', mode, nfmask: number('nfmask') ?? both, ctmask: number('ctmask') ?? both };
  },
  save: (data) =>
    data.mode === 'set'
      ? `--set-xmark ${hex(data.value)}/${hex(data.mask)}`
      : `--${data.mode}-mark --nfmask ${hex(data.nfmask)} --ctmask ${hex(data.ctmask)}`,
  list: (data) => {
    if (data.mode === 'set') return listSetter('CONNMARK', data);
    const { mode, nfmask, ctmask } = data;
    if (nfmask === ALL && ctmask === ALL) return `CONNMARK ${mode}`;
    if (nfmask === ctmask) return `CONNMARK ${mode} mask ${hex(nfmask)}`;
    return `CONNMARK ${mode} nfmask ${hex(nfmask)} ctmask ~${hex(ctmask)}`;
  },
};
