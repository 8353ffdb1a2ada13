import { done, fail, type Result } from '../../base/index.ts';
import { type Family, type NewFlags, RT_TABLE, type RuleMessage } from '../messages.ts';
import type { NetNs } from '../netns.ts';
import type { NewRule } from '../requests.ts';

export type Rule = { -readonly [K in keyof Omit<RuleMessage, 'iifDetached' | 'oifDetached'>]: RuleMessage[K] };

const RULES_LIMIT = 4096;

function plainRule(family: Family, priority: number, table: number): Rule {
  return {
    family,
    priority,
    action: 'lookup',
    table,
    goto: undefined,
    invert: false,
    src: undefined,
    dst: undefined,
    iif: undefined,
    oif: undefined,
    tos: 0,
    mark: 0,
    mask: 0,
    suppressPrefixLength: undefined,
    protocol: 2,
  };
}

/** The routing policy of one family (struct fib_rules_ops): which table is asked, in which order. */
export class RuleList {
  readonly family: Family;
  rules: Rule[];
  /** Somebody changed the rules that a namespace is born with. */
  custom = false;

  constructor(family: Family) {
    this.family = family;
    this.rules = [plainRule(family, 0, RT_TABLE.local), plainRule(family, 32766, RT_TABLE.main)];
    // IPv6 has no table "default".
    if (family === 4) this.rules.push(plainRule(family, 32767, RT_TABLE.default));
  }
}

const listOf = (ns: NetNs, family: Family): RuleList => (family === 4 ? ns.rules4 : ns.rules6);

/** RTM_NEWRULE (fib_nl_newrule). */
export function newRule(ns: NetNs, request: NewRule, flags: NewFlags): Result<void> {
  const list = listOf(ns, request.family);
  if (list.rules.length >= RULES_LIMIT) return fail('ENOMEM');
  const action = request.action ?? 'lookup';
  const wanted = request.table ?? RT_TABLE.unspec;
  const table = action !== 'lookup' ? 0 : wanted === RT_TABLE.unspec ? RT_TABLE.main : wanted;
  if (action === 'goto' && (request.goto === undefined || request.goto <= (request.priority ?? 0)))
    return fail('EINVAL', 'Invalid goto rule');
  const priority = request.priority ?? defaultPriority(list);
  const rule: Rule = {
    ...plainRule(request.family, priority, table),
    action,
    goto: request.goto,
    invert: request.invert ?? false,
    src: request.src,
    dst: request.dst,
    iif: request.iif,
    oif: request.oif,
    tos: request.tos ?? 0,
    mark: request.mark ?? 0,
    mask: request.mark === undefined ? 0 : (request.mask ?? 0xffff_ffff),
    suppressPrefixLength: request.suppressPrefixLength,
    protocol: request.protocol ?? 0,
  };
  if (flags.excl === true && list.rules.some((other) => same(other, rule))) return fail('EEXIST');
  // Behind all of the same priority.
  const at = list.rules.findIndex((other) => other.priority > priority);
  list.rules.splice(at === -1 ? list.rules.length : at, 0, rule);
  list.custom = true;
  if (ns.watched) ns.notify({ type: 'newrule', rule: ruleMessage(ns, rule) });
  return done;
}

/** fib_default_rule_pref(): one less than the second rule's. */
function defaultPriority(list: RuleList): number {
  const second = list.rules[1]?.priority ?? 0;
  return second > 0 ? second - 1 : 0;
}

const same = (a: Rule, b: Rule): boolean =>
  a.priority === b.priority &&
  a.action === b.action &&
  a.table === b.table &&
  a.goto === b.goto &&
  a.invert === b.invert &&
  String(a.src) === String(b.src) &&
  String(a.dst) === String(b.dst) &&
  a.iif === b.iif &&
  a.oif === b.oif &&
  a.tos === b.tos &&
  a.mark === b.mark &&
  a.mask === b.mask &&
  a.suppressPrefixLength === b.suppressPrefixLength;

const SELECTORS = [
  'priority',
  'action',
  'table',
  'goto',
  'invert',
  'src',
  'dst',
  'iif',
  'oif',
  'tos',
  'mark',
  'mask',
  'suppressPrefixLength',
  'protocol',
] as const satisfies readonly (keyof NewRule)[];

/** RTM_DELRULE: the first rule that has all that is said. */
export function delRule(ns: NetNs, request: NewRule): Result<void> {
  const list = listOf(ns, request.family);
  const matches = (rule: Rule): boolean =>
    SELECTORS.every((key) => {
      const wanted = request[key];
      if (wanted === undefined) return true;
      return key === 'src' || key === 'dst' ? String(rule[key]) === String(wanted) : rule[key] === wanted;
    });
  const rule = list.rules.find(matches);
  if (rule === undefined) return fail('ENOENT');
  list.rules.splice(list.rules.indexOf(rule), 1);
  list.custom = true;
  if (ns.watched) ns.notify({ type: 'delrule', rule: ruleMessage(ns, rule) });
  return done;
}

export const dumpRules = (ns: NetNs, family: Family): RuleMessage[] =>
  listOf(ns, family).rules.map((rule) => ruleMessage(ns, rule));

const ruleMessage = (ns: NetNs, rule: Rule): RuleMessage => ({
  ...rule,
  iifDetached: rule.iif !== undefined && ns.linkByName(rule.iif) === undefined,
  oifDetached: rule.oif !== undefined && ns.linkByName(rule.oif) === undefined,
});
