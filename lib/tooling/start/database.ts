import { Problem } from '../bootstrap/say.mjs';
import { runNode } from '../process/children.ts';

const DATABASE = 'lib/tooling/db.ts';

/** Generates the database clients from prisma/; quick when nothing changed. Needed before types, tests and builds. */
export async function generateClients(env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runNode([DATABASE, 'generate'], { env });
  if (code !== 0) throw new Problem(7, 'The database client could not be generated.', output.trim());
}

/** Brings the database that DATABASE_URL names to the current shape. */
export async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const { code, output } = await runNode([DATABASE, 'migrate'], { env });
  if (code !== 0) throw new Problem(7, 'The database is not ready.', output.trim());
  if (output.trim()) console.log(output.trim().replace(/^/gm, '  '));
}
