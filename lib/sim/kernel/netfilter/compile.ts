import { deviceMatches } from './device.ts';
import { type Match, matchKind } from './match/matches.ts';
import { type Context, fragmentOffset, inMasked } from './packet.ts';
import type { RuleSpec, Selectors } from './rule.ts';

type Test = (context: Context) => boolean;

/** Whether a rule is meant, as one function: the cheapest questions first, matches in the order of the rule. */
export function compileRule({ selectors, matches }: Pick<RuleSpec, 'selectors' | 'matches'>): Test {
  const tests: Test[] = [...selectorTests(selectors), ...matches.map((match) => compileMatch(match))];
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (context) => first(context) && second(context);
  return (context) => {
    for (const test of tests) if (!test(context)) return false;
    return true;
  };
}

const compileMatch = (match: Match): Test => matchKind(match).compile(match);

function* selectorTests({ protocol, src, dst, in: inDev, out: outDev, fragment }: Selectors): Generator<Test> {
  if (protocol !== undefined) {
    const { value, invert } = protocol;
    yield ({ packet }) => (packet.protocol === value) !== invert;
  }
  if (src !== undefined) {
    const { value, invert } = src;
    yield ({ packet }) => inMasked(value, packet.src) !== invert;
  }
  if (dst !== undefined) {
    const { value, invert } = dst;
    yield ({ packet }) => inMasked(value, packet.dst) !== invert;
  }
  if (inDev !== undefined) {
    const { value, invert } = inDev;
    yield (context) => deviceMatches(value, context.in?.name ?? '') !== invert;
  }
  if (outDev !== undefined) {
    const { value, invert } = outDev;
    yield (context) => deviceMatches(value, context.out?.name ?? '') !== invert;
  }
  if (fragment !== undefined) {
    const { invert } = fragment;
    yield ({ packet }) => (fragmentOffset(packet) !== 0) !== invert;
  }
}
