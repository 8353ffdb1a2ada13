import { runNode } from '../../process/children.ts';
import { failure, type Outcome, pass } from '../stage.ts';

const BIOME = ['node_modules/@biomejs/biome/bin/biome', 'check', '--config-path=lib/tooling/lint.json', '--colors=off'];

/** Format and lint rules of all source files, with Biome. */
export async function lint(): Promise<Outcome> {
  const { code, output } = await runNode([...BIOME, '--max-diagnostics=200', '--error-on-warnings', '.']);
  const files = output.match(/Checked (\d+) files/)?.[1];
  // A configuration that matches nothing would pass for ever.
  if (code === 0 && Number(files) > 0) return pass(`${files} files`);
  const found = [...output.matchAll(/Found (\d+) (?:errors?|warnings?)/g)].reduce(
    (sum, match) => sum + Number(match[1]),
    0,
  );
  return failure(`${output.trim()}\n\nnpm run fmt mends the format and what has a safe fix.`, found);
}
