import { Ip } from '../../base/index.ts';
import { dumpAddrs } from '../../kernel/index.ts';
import { inet } from '../../kernel/inet/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { missing, option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { namedNamespaces } from '../iproute2/named-netns.ts';
import { dnsPart, getAddresses, getName } from '../socket/resolve.ts';

/** getent of glibc 2.36. */
export const getent: CommandSpec = {
  name: 'getent',
  path: '/usr/bin/getent',
  summary: 'get entries from Name Service Switch libraries',
  options: [option('-i --no-idn', 'do not encode names'), missing('-s --service', 'the sources to ask', 'CONFIG')],
  complete: (words) =>
    words.length === 2 ? [...Object.keys(FILES), 'hosts', 'ahosts', 'ahostsv4', 'ahostsv6'].sort() : [],
  modules: [inet],
  parts: [dnsPart],
  run,
};

const HELP = "Try `getent --help' or `getent --usage' for more information.\n";
const NOT_FOUND = 2;
/** Databases of the real one that are not here. */
const LACKING = ['aliases', 'ethers', 'gshadow', 'initgroups', 'netgroup', 'rpc', 'shadow'];

function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, getent, { usage: HELP.trimEnd(), status: 64 });
  if (typeof parsed === 'number') return parsed;
  const [database, ...keys] = parsed.operands;
  if (database === undefined) {
    yield* process.printError(`getent: wrong number of arguments\n${HELP}`);
    return 1;
  }
  const file = FILES[database];
  if (file !== undefined) return yield* fromFile(process, file, keys);
  if (database === 'hosts')
    return keys.length === 0 ? yield* allHosts(process, node) : yield* each(keys, (key) => hosts(process, node, key));
  const family = AHOSTS[database];
  if (family !== undefined) return yield* each(keys, (key) => ahosts(process, node, key, family));
  if (LACKING.includes(database)) return yield* notSimulated(process, 'getent', database);
  yield* process.printError(`Unknown database: ${database}\n${HELP}`);
  return 1;
}

const AHOSTS: Readonly<Record<string, readonly (4 | 6)[]>> = { ahosts: [6, 4], ahostsv4: [4], ahostsv6: [6] };

function* each(
  keys: readonly string[],
  find: (key: string) => Generator<Wait, boolean, void>,
): Generator<Wait, number, void> {
  let status = 0;
  for (const key of keys) if (!(yield* find(key))) status = NOT_FOUND;
  return status;
}

/** IPv6 addresses before IPv4 ones, and only one kind (gethostbyname2(3)). */
function* hosts(process: Process, node: Node, key: string): Generator<Wait, boolean, void> {
  const address = Ip.parse(key);
  if (address !== undefined) {
    const found = yield* getName(process, node, address);
    if (found.kind !== 'name') return false;
    yield* process.print(hostLine(address, found.name, aliasesOf(process, node, address)));
    return true;
  }
  const [name, ...aliases] = namesOf(process, node, key);
  for (const family of [6, 4] as const) {
    const found = yield* getAddresses(process, node, key, { family });
    if (!found.ok) continue;
    for (const ip of found.addresses) yield* process.print(hostLine(ip, name ?? key, aliases));
    return true;
  }
  return false;
}

/** The names in the line of /etc/hosts that has this one, the canonical one first; none where it is not in there. */
const namesOf = (process: Process, node: Node, key: string): string[] =>
  hostLines(process, node).find(([, names]) => names.includes(key))?.[1] ?? [];

const hostLine = (ip: Ip, name: string, aliases: readonly string[]): string =>
  `${[String(ip).padEnd(15), name, ...aliases].join(' ')}\n`;

function hostLines(process: Process, node: Node): [Ip, string[]][] {
  const netns = namedNamespaces(node).nameOf(process.netns);
  const { fs } = process.machine;
  const own = netns === undefined ? undefined : fs.readFile(`/etc/netns/${netns}/hosts`, process);
  const file = own?.ok ? own : fs.readFile('/etc/hosts', process);
  const lines = file.ok ? decodeText(file.value).split('\n') : [];
  return lines.flatMap((line): [Ip, string[]][] => {
    const [text = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const ip = Ip.parse(text);
    return ip === undefined || names.length === 0 ? [] : [[ip, names]];
  });
}

const aliasesOf = (process: Process, node: Node, ip: Ip): string[] =>
  hostLines(process, node)
    .find(([address]) => address === ip)?.[1]
    .slice(1) ?? [];

function* allHosts(process: Process, node: Node): Generator<Wait, number, void> {
  // gethostent(3) tells of IPv4 only.
  for (const [ip, names] of hostLines(process, node).filter(([address]) => address.family === 4))
    yield* process.print(`${String(ip).padEnd(15)} ${names.join(' ')}\n`);
  return 0;
}

/** getaddrinfo(3), an address for each type of socket; the name stands with the first. */
function* ahosts(
  process: Process,
  node: Node,
  key: string,
  families: readonly (4 | 6)[],
): Generator<Wait, boolean, void> {
  const family = families.length === 1 ? families[0] : undefined;
  if (family !== undefined && !isConfigured(process, node, family)) return false;
  let found = yield* getAddresses(process, node, key, { family });
  // AI_V4MAPPED: where there is no IPv6 address, an IPv4 one stands for it.
  const mapped = !found.ok && family === 6;
  if (mapped) found = yield* getAddresses(process, node, key, { family: 4 });
  if (!found.ok) return false;
  const name = namesOf(process, node, key)[0] ?? key;
  let first = true;
  for (const ip of found.addresses) {
    for (const type of ['STREAM', 'DGRAM', 'RAW']) {
      yield* process.print(`${`${mapped ? '::ffff:' : ''}${ip}`.padEnd(15)} ${type.padEnd(6)} ${first ? name : ''}\n`);
      first = false;
    }
  }
  return true;
}

/** AI_ADDRCONFIG: a family counts only where an address other than that of the loopback is configured. */
function isConfigured(process: Process, node: Node, family: 4 | 6): boolean {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  return dumpAddrs(ns, { family }).some(({ local }) => !local.isLoopback);
}

type FileDatabase = {
  readonly path: string;
  /** The columns of an entry. */
  readonly columns: RegExp;
  readonly matches: (entry: readonly string[], key: string) => boolean;
  readonly show: (entry: readonly string[]) => string;
};

const padded = ([name = '', value = '', ...aliases]: readonly string[]): string =>
  [name.padEnd(21), [value, ...aliases].join(' ')].join(' ');

const byName = (entry: readonly string[], key: string): boolean => entry[0] === key || entry.slice(2).includes(key);

/** Databases that are a file of lines. */
const FILES: Readonly<Record<string, FileDatabase>> = {
  group: {
    path: '/etc/group',
    columns: /:/,
    matches: (entry, key) => entry[0] === key || entry[2] === key,
    show: (entry) => entry.join(':'),
  },
  networks: { path: '/etc/networks', columns: /\s+/, matches: byName, show: padded },
  passwd: {
    path: '/etc/passwd',
    columns: /:/,
    matches: (entry, key) => entry[0] === key || entry[2] === key,
    show: (entry) => entry.join(':'),
  },
  protocols: {
    path: '/etc/protocols',
    columns: /\s+/,
    matches: (entry, key) => byName(entry, key) || entry[1] === key,
    show: padded,
  },
  services: { path: '/etc/services', columns: /\s+/, matches: isService, show: padded },
};

/** `NAME`, `NAME/PROTOCOL`, `PORT`, `PORT/PROTOCOL`. */
function isService(entry: readonly string[], key: string): boolean {
  const [wanted = '', protocol] = key.split('/');
  const [port = '', own] = (entry[1] ?? '').split('/');
  if (protocol !== undefined && protocol !== own) return false;
  return /^\d+$/.test(wanted) ? port === wanted : byName(entry, wanted);
}

function* fromFile(process: Process, database: FileDatabase, keys: readonly string[]): Generator<Wait, number, void> {
  const file = process.machine.fs.readFile(database.path, process);
  const entries = (file.ok ? decodeText(file.value).split('\n') : [])
    .map((line) => (database.columns.source === ':' ? line : line.replace(/#.*/, '').trim()))
    .filter((line) => line !== '')
    .map((line) => line.split(database.columns));
  if (keys.length === 0) {
    for (const entry of entries) yield* process.print(`${database.show(entry)}\n`);
    return 0;
  }
  let status = 0;
  for (const key of keys) {
    const found = entries.find((entry) => database.matches(entry, key));
    if (found === undefined) status = NOT_FOUND;
    else yield* process.print(`${database.show(found)}\n`);
  }
  return status;
}
