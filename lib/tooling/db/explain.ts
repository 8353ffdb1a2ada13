import { describe } from './describe.ts';
import { SetupError } from './setup-error.ts';

const nothingLost = 'Nothing that was in the database is lost.';

/** What a database's error means to the person who starts the server: what, why, what to do. */
const meanings: [RegExp, (where: string, found: RegExpExecArray) => string][] = [
  [
    /P3009|failed migrations?|migrate found failed/i,
    (where) =>
      `An earlier migration of ${where} failed half-way and must be looked at: repair the table it names, or restore a backup, then \`npx prisma migrate resolve\`.`,
  ],
  [
    /P3018|A migration failed to apply[\s\S]*?Migration name: (\S+)/i,
    (where, [, name]) =>
      `The migration ${name ?? ''} of ${where} failed. ${nothingLost} The reason is below; after it is put right, \`npx prisma migrate resolve --rolled-back ${name ?? '<name>'}\` and start again.`,
  ],
  [/P3005|schema is not empty/i, (where) => `${where} holds other tables. Give Hopwise a database of its own.`],
  [
    /ECONNREFUSED|DatabaseNotReachable|P1001|can't reach database server/i,
    (where) => `${where} does not answer. Is the server running, and are host and port in DATABASE_URL right?`,
  ],
  [/ENOTFOUND|EAI_AGAIN/i, (where) => `The host of ${where} is not known. Check DATABASE_URL.`],
  [
    /Authentication ?failed|password authentication failed|P1000|28P01/i,
    (where) => `${where} refuses the user or password in DATABASE_URL.`,
  ],
  [
    /DatabaseDoesNotExist|P1003|3D000|Database `.*` does not exist/i,
    (where) => `${where} does not exist. Create it first: createdb hopwise`,
  ],
  [
    /DatabaseAccessDenied|permission denied|P1010|42501/i,
    (where) => `The user in DATABASE_URL may not create tables in ${where}. Grant it CREATE on the schema "public".`,
  ],
  [
    /SQLITE_BUSY|SocketTimeout|database is locked/i,
    (where) => `${where} is in use by another program that is writing. Stop it, then start again.`,
  ],
  [
    /SQLITE_CANTOPEN|unable to open database/i,
    (where) => `${where} cannot be opened. Set DATA_DIR to a folder that this user may write to.`,
  ],
  [
    /SQLITE_READONLY|readonly database|SQLITE_PERM|EACCES/i,
    (where) => `${where} may not be written by this user. Change its owner, or set DATA_DIR to another folder.`,
  ],
  [
    /SQLITE_FULL|disk is full|ENOSPC/i,
    (where) => `The disk of ${where} is full. ${nothingLost} Make room, then start again.`,
  ],
  [
    /SQLITE_NOTADB|not a database/i,
    (where) => `${where} is not a database. Move that file away, or set DATA_DIR to another folder.`,
  ],
];

/** @returns a SetupError for what people can put right, else the error itself */
export function explain(error: unknown, url: string): unknown {
  const text = fullText(error);
  for (const [pattern, sentence] of meanings) {
    const found = pattern.exec(text);
    if (found) return new SetupError(sentence(describe(url), found), firstLines(text));
  }
  return error;
}

function fullText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? `${String(error.code)} ` : '';
  return `${code}${error.message}${error.cause ? `\n${fullText(error.cause)}` : ''}`;
}

/** Without the engine's own trace of functions. */
function firstLines(text: string): string {
  const [words = ''] = text.split(/\n\s+0: /);
  const lines = words.split('\n').filter((line) => line.trim());
  return lines
    .slice(0, 8)
    .map((line) => `  ${line.slice(0, 300)}`)
    .join('\n');
}
