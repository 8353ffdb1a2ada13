import type { Me } from '../../progress/index.ts';

/** What the browser is told of who it is. */
export function publicLearner(
  learner: { id: string; kind: 'guest' | 'account'; name?: string; email?: string } | null,
): Me['learner'] {
  if (!learner) return null;
  const { id, kind, name, email } = learner;
  return { id, kind, ...((name || email) && { name: name || email }) };
}
