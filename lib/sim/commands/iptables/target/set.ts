import type { Target } from '../../../kernel/netfilter/index.ts';
import type { TargetExtension } from '../extension.ts';
import { parseReference, referenceText } from '../match/set.ts';
import { badParameter } from '../refusal.ts';
import { parseNumber } from '../words.ts';

type SetTarget = Extract<Target, { name: 'SET' }>;

export const set: TargetExtension<SetTarget> = {
  name: 'SET',
  options: [
    { name: 'add-set', values: 2 },
    { name: 'del-set', values: 2 },
    { name: 'timeout' },
    { name: 'exist', values: 0 },
  ],
  parse: (given, context) => {
    const one = (option: string) => given.find(({ name }) => name === option);
    const add = one('add-set');
    const del = one('del-set');
    if (add === undefined && del === undefined)
      throw badParameter("You must specify either `--add-set' or `--del-set' or `--map-set'");
    const timeout = one('timeout');
    const seconds = timeout === undefined ? undefined : parseNumber(timeout.value, 0xffff_fffe);
    if (timeout !== undefined && seconds === undefined)
      throw badParameter('Invalid value for option --timeout or out of range 0-4294967294');
    return {
      name: 'SET',
      ...(add && { add: parseReference(add, context) }),
      ...(del && { del: parseReference(del, context) }),
      exist: one('exist') !== undefined,
      ...(seconds !== undefined && { timeout: seconds }),
    };
  },
  save: (data) => parts(data, '--'),
  list: (data) => parts(data, ''),
};

function parts({ add, del, exist, timeout }: SetTarget, dashes: string): string {
  const out: string[] = [];
  if (add !== undefined) out.push(`${dashes}add-set ${referenceText(add)}`);
  if (exist) out.push(`${dashes}exist`);
  if (timeout !== undefined) out.push(`${dashes}timeout ${timeout}`);
  if (del !== undefined) out.push(`${dashes}del-set ${referenceText(del)}`);
  return out.join(' ');
}
