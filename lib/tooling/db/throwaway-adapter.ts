import { PrismaPg } from '@prisma/adapter-pg';
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { adapterFor } from '../../server/db/adapter.ts';
import type { Provider } from './compose.ts';

/** PostgreSQL's internal one-byte type, and one that the adapter knows (pg_type.dat). */
const CHAR_OID = 18;
const TEXT_OID = 25;

/**
 * A throwaway database in which migrations are replayed to compare them with the models.
 *
 * The schema engine reads PostgreSQL's catalogue, where some columns have the internal type "char"; Prisma's adapter
 * knows no such type ("Column type 'char' could not be deserialized"). So the adapter is
 * shown text and the engine a character.
 */
export function throwawayAdapter(provider: Provider, url: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = adapterFor(url);
  const connect = async () =>
    provider === 'sqlite' ? wholeScripts(await factory.connect()) : await connectReadingCatalog(url);
  // The database is empty and ours alone: it is its own shadow.
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: connect };
}

/** The engine replays a migration as one query, of which libSQL runs the first statement only. */
function wholeScripts(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const executeRaw = adapter.executeRaw.bind(adapter);
  adapter.executeRaw = async (query) => {
    if (query.args.length > 0) return await executeRaw(query);
    await adapter.executeScript(query.sql);
    return 0;
  };
  return adapter;
}

async function connectReadingCatalog(url: string): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg({ connectionString: url }).connect();
  const pool: { query: (...query: unknown[]) => Promise<{ fields: { dataTypeID: number }[] }> } =
    adapter.underlyingDriver();
  const query = pool.query.bind(pool);
  // The engine asks one question at a time, so this is of the question being answered.
  let characters: boolean[] = [];
  pool.query = async (...parameters) => {
    const result = await query(...parameters);
    characters = result.fields.map((field) => field.dataTypeID === CHAR_OID);
    for (const field of result.fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = TEXT_OID;
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (question) => {
    const result = await queryRaw(question);
    return {
      ...result,
      columnTypes: result.columnTypes.map((type, i) => (characters[i] ? ColumnTypeEnum.Character : type)),
    };
  };
  return adapter;
}
