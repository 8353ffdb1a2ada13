import type { Client, Config, InArgs, InStatement, ResultSet, Transaction } from '@libsql/client';
import { PrismaLibSql } from '@prisma/adapter-libsql';

/**
 * SQLite on one connection.
 *
 * libSQL's own client opens another connection after each transaction and leaves the old one to the garbage collector;
 * settings of a connection (`synchronous`) are lost with it. Prisma's adapter lets one transaction or one query run at a
 * time anyway, so a transaction here is BEGIN on the connection there is.
 *
 * Calls of the driver are synchronous. So it must never wait for a lock itself (busy timeout 0): that would stop the
 * whole server, lesson pages too. Waiting is done by `withRetry`, outside.
 */
export class SqliteAdapter extends PrismaLibSql {
  constructor(url: string) {
    super({ url, timeout: 0 });
  }

  override createClient(config: Config): Client {
    return withOneConnection(super.createClient(config));
  }
}

const pragmas = [
  // Readers of other processes are not stopped by our writes.
  'journal_mode = WAL',
  // In WAL mode a commit then survives the death of the process (not the loss of power, which may cost the last few
  // commits but never the file). FULL would stop the server for a disk flush with each commit.
  'synchronous = NORMAL',
  'foreign_keys = ON',
];

type Execute = (statement: InStatement | string, args?: InArgs) => Promise<ResultSet>;

function withOneConnection(client: Client): Client {
  const driver: Execute = client.execute.bind(client);
  const execute: Execute = async (statement, args) => {
    try {
      return await (typeof statement === 'string' ? driver(statement, args) : driver(statement));
    } catch (error) {
      if (isBusy(error)) renew();
      throw error;
    }
  };
  // After SQLITE_BUSY the driver (libsql 0.5) never resets the statement, and this connection could commit nothing any
  // more: "cannot commit transaction - SQL statements in progress". A new connection has none.
  const renew = () => {
    client.reconnect();
    set(driver);
  };
  client.execute = execute as Client['execute'];
  client.transaction = async () => await begin(client, execute);
  set(driver);
  return client;
}

/** Takes effect before this returns: the driver is synchronous, only its interface is a promise. */
function set(driver: Execute): void {
  for (const pragma of pragmas) driver(`PRAGMA ${pragma}`).catch(() => undefined);
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}

async function begin(client: Client, execute: Execute): Promise<Transaction> {
  // IMMEDIATE: two writers meet here, where nothing is lost by trying again, instead of at the first write.
  await execute('BEGIN IMMEDIATE');
  let open = true;
  const end = async (how: 'COMMIT' | 'ROLLBACK') => {
    if (!open) return;
    await execute(how);
    open = false;
  };
  return {
    execute: async (statement: InStatement) => await execute(statement),
    batch: async (statements: InStatement[]) => await Promise.all(statements.map((statement) => execute(statement))),
    executeMultiple: async (sql: string) => await client.executeMultiple(sql),
    commit: async () => await end('COMMIT'),
    rollback: async () => await end('ROLLBACK'),
    close: () => void end('ROLLBACK'),
    get closed() {
      return !open;
    },
  };
}
