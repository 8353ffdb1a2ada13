/** A world in words, as lessons, labs and transcripts name it: `host`, `host seed=7`, `cluster cni=flannel workers=3`. */
export type WorldSpec = { readonly kind: 'host'; readonly seed: string };

/** A spec that cannot be opened; the message says why and what can be written instead. */
export class WorldSpecError extends Error {
  override name = 'WorldSpecError';
}

/**
 * @param seed used where the spec names none
 * @throws WorldSpecError
 */
export function parseWorldSpec(text: string, seed: string): WorldSpec {
  const [kind = '', ...options] = text.trim().split(/\s+/);
  if (kind === 'cluster')
    throw new WorldSpecError(
      'not simulated here: the world "cluster" is in preparation. The world there is now is "host".',
    );
  if (kind !== 'host') throw new WorldSpecError(`no world is named "${kind}". Write "host".`);
  let chosen = seed;
  for (const option of options) {
    const [name, value] = option.split('=');
    if (name !== 'seed' || value === undefined || value === '') {
      throw new WorldSpecError(`the world "host" has no option "${option}". It takes seed=VALUE.`);
    }
    chosen = value;
  }
  return { kind, seed: chosen };
}
