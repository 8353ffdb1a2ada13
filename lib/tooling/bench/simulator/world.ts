import { SECOND } from '../../../sim/base/index.ts';
import { runScript } from '../../../sim/conformance/index.ts';
import type { World } from '../../../sim/world/index.ts';

const BOUNDS = { events: 5_000_000, until: 600 * SECOND };

/** The world after a script; throws when it failed: a bench of something else would be none. */
export function worldAfter(script: string): World {
  const { status, output, world } = runScript(script, BOUNDS);
  if (status !== 0) throw new Error(`the bench's script ended with ${status}: ${output.slice(0, 500)}`);
  return world;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
