import { runNode } from '../../process/children.ts';
import { failure, type Outcome, pass } from '../stage.ts';

/** Files, exports and dependencies that nothing uses, and packages used but not declared. */
export async function knip(): Promise<Outcome> {
  const { code, output } = await runNode([
    'node_modules/knip/bin/knip.js',
    '--config',
    'lib/tooling/knip.json',
    '--no-progress',
    '--no-config-hints',
  ]);
  if (code === 0) return pass();
  const counts = [...output.matchAll(/^.+ \((\d+)\)$/gm)].map((match) => Number(match[1]));
  return failure(
    output.trim(),
    counts.reduce((sum, count) => sum + count, 0),
  );
}
