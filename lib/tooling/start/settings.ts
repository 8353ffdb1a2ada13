import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { ROOT } from '../bootstrap/root.mjs';
import { Problem } from '../bootstrap/say.mjs';

const MODES = { '': 'serve', '--dev': 'dev', '--build': 'build' } as const;
export type Mode = (typeof MODES)[keyof typeof MODES];

/** What the person chose in the environment, checked once, before anything slow begins. */
export type Settings = {
  /** What to do: build and serve, serve with hot reload, or build and stop. */
  mode: Mode;
  port: number;
  /** The name or address to listen on. */
  host: string;
  dataDir: string;
  databaseUrl: string;
  distDir: string;
  /** What every program that start runs is given. */
  env: NodeJS.ProcessEnv;
};

export function readSettings(args: string[], env: NodeJS.ProcessEnv): Settings {
  const mode = readMode(args);
  const port = readPort(env.PORT);
  const host = readHost(env);
  const dataDir = resolve(ROOT, env.DATA_DIR || 'data');
  const databaseUrl = readDatabaseUrl(env.DATABASE_URL, dataDir);
  return {
    mode,
    port,
    host,
    dataDir,
    databaseUrl,
    distDir: env.NEXT_DIST_DIR || '.next',
    env: {
      ...env,
      NODE_ENV: mode === 'dev' ? 'development' : 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(port),
      HOST: host,
      DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      NEXTAUTH_URL: env.NEXTAUTH_URL || `http://localhost:${port}`,
    },
  };
}

function readMode(args: string[]): Mode {
  const [option = '', more] = args;
  if (more === undefined && option in MODES) return MODES[option as keyof typeof MODES];
  throw new Problem(2, `Unknown option ${more ?? option}.`, 'Usage: npm start, npm run dev or npm run build');
}

function readPort(text: string | undefined): number {
  const port = Number(text || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Problem(
    2,
    `PORT is '${text}', which is no port number.`,
    'Choose one from 1 to 65535: PORT=3001 npm start',
  );
}

/** Containers and some shells put the machine's name into HOSTNAME; only an address there is a choice to listen on. */
function readHost(env: NodeJS.ProcessEnv): string {
  if (env.HOST) return env.HOST;
  const name = env.HOSTNAME ?? '';
  return isIP(name) !== 0 || name === 'localhost' ? name : 'localhost';
}

function readDatabaseUrl(text: string | undefined, dataDir: string): string {
  if (!text) return `file:${join(dataDir, 'hopwise.db')}`;
  if (/^file:.+/.test(text)) return text;
  if (/^postgres(ql)?:\/\/[^/]+\/.+/.test(text)) return text;
  throw new Problem(
    2,
    `DATABASE_URL is neither a SQLite file nor a PostgreSQL address: ${withoutPassword(text)}`,
    'Use file:/path/to/hopwise.db, or postgresql://user:password@host:5432/name, or leave it unset for SQLite in DATA_DIR.',
  );
}

export function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1:…@');
}
