import { runNode } from '../../process/children.ts';
import { NEXT } from '../../start/build.ts';
import { failure, type Outcome, pass } from '../stage.ts';

/** All TypeScript of the repository, with the types that Next generates for its routes. */
export async function types(): Promise<Outcome> {
  const generated = await runNode([NEXT, 'typegen']);
  if (generated.code !== 0) return failure(generated.output.trim());
  const { code, output } = await runNode([
    'node_modules/typescript/bin/tsc',
    '--noEmit',
    '--incremental',
    'false',
    '-p',
    '.',
  ]);
  if (code === 0) return pass();
  return failure(output.trim(), output.match(/error TS\d+/g)?.length);
}
