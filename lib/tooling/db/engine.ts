import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';

/**
 * Runs something with Prisma's schema engine in WebAssembly, which speaks to the database through the same driver as the
 * server. (Prisma's command line would download a native one, which a closed network does not allow.) Connections are
 * closed afterwards: the engine's lock on the migrations is a lock of its connection.
 */
export async function withEngine<T>(
  factory: SqlMigrationAwareDriverAdapterFactory,
  work: (engine: SchemaEngine) => Promise<T>,
  schema?: { path: string; text: string },
): Promise<T> {
  const { SchemaEngine } = await loadEngine();
  const datamodels: [string, string][] | undefined = schema && [[schema.path, schema.text]];
  const { opened, connections } = remembering(factory);
  try {
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, bindMigrationAwareSqlAdapterFactory(opened));
    return await work(engine);
  } finally {
    await Promise.all(connections.map((connection) => connection.dispose()));
  }
}

function remembering(factory: SqlMigrationAwareDriverAdapterFactory) {
  const connections: SqlDriverAdapter[] = [];
  const remember = (connection: SqlDriverAdapter) => {
    connections.push(connection);
    return connection;
  };
  const opened: SqlMigrationAwareDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => remember(await factory.connect()),
    // A shadow is closed by the engine itself.
    connectToShadowDb: async () => await factory.connectToShadowDb(),
  };
  return { opened, connections };
}

type EngineModule = { SchemaEngine: typeof SchemaEngine };
type Bindings = EngineModule &
  Record<string, WebAssembly.ImportValue> & { __wbg_set_wasm(exports: WebAssembly.Exports): void };

let loaded: Promise<EngineModule> | undefined;

/** The package's own entry imports the .wasm file as a module, which Node does only behind a flag. */
async function loadEngine(): Promise<EngineModule> {
  loaded ??= (async () => {
    const bindings = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as Bindings;
    const file = createRequire(import.meta.url)
      .resolve('@prisma/schema-engine-wasm')
      .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
    // Where the engine leaves its last words when it panics.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.stderr.write(`${message}\n`) },
    });
    const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': bindings });
    bindings.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    return bindings;
  })();
  return await loaded;
}
