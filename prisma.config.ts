import { defineConfig } from 'prisma/config';
import { parseEnv } from './lib/shared/env.ts';
import { migrationsDir, writeSchema } from './lib/tooling/db/compose.ts';

/** For those who use Prisma's own command line (`prisma migrate deploy`, `prisma studio`); `npm start` does not need it. */
const { DATABASE_URL, provider } = parseEnv(process.env);

export default defineConfig({
  schema: writeSchema(provider),
  migrations: { path: migrationsDir(provider) },
  datasource: { url: DATABASE_URL },
});
