import type { Figure } from '../figure.ts';
import { traversals } from './datapath.ts';
import { loadingRules } from './rules.ts';
import { transcripts } from './transcripts.ts';
import { worlds } from './worlds.ts';

/** The simulator's own figures, on one core in Node. The transcripts come first: they are judged with a cold compiler. */
export async function benchSimulator(): Promise<Figure[]> {
  return [transcripts(), traversals(), ...loadingRules(), ...(await worlds())];
}
