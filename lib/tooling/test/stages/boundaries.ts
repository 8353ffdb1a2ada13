import { ROOT } from '../../bootstrap/root.mjs';
import { checkBoundaries } from '../../boundaries/check.ts';
import { failure, type Outcome, pass } from '../stage.ts';

/** Who imports whom: lib/tooling/boundaries/layers.ts. */
export async function boundaries(): Promise<Outcome> {
  const { files, violations } = checkBoundaries(ROOT);
  if (files === 0) return failure('No source files were found.');
  if (violations.length === 0) return pass(`${files} files`);
  return failure(
    violations.map(({ file, line, message }) => `${file}:${line}  ${message}`).join('\n'),
    violations.length,
  );
}
