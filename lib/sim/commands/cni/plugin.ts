import type { NetNs } from '../../kernel/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { CniError, CODE, GoPanic, NotSimulated } from './error.ts';
import { quote, quoteList } from './go-text.ts';
import { decodeValue, string, struct } from './json/decode.ts';
import { type Json, JsonError, parseJson } from './json/parse.ts';
import { printJson } from './json/print.ts';
import { CURRENT, versionOf } from './result.ts';

/**
 * A CNI plugin as a program of the machine: it is told what to do by its environment and its standard input, and answers
 * with a result or an error object on its standard output (CNI specification 1.0.0, "Execution protocol").
 * The dispatcher is that of the reference plugins 1.1.1, so that what is wrong is found in the same order.
 */
export type Call = {
  readonly process: Process;
  readonly node: Node;
  /** The namespace that the plugin runs in. */
  readonly host: NetNs;
  readonly containerId: string;
  /** CNI_NETNS, '' when it is not set. */
  readonly netns: string;
  readonly ifName: string;
  readonly args: string;
  readonly path: string;
  readonly input: string;
};

/** Gives what is printed, if anything; a generator where it must wait for something. Throws CniError. */
type Verb = (call: Call) => string | undefined | Generator<Wait, string | undefined, void>;

export type CniPlugin = {
  readonly name: string;
  readonly summary: string;
  /** Of the versions of the specification, the first that it knows. */
  readonly since?: string;
  readonly add: Verb;
  readonly check: Verb;
  readonly del: Verb;
  /** Keys of its configuration, for the catalogue. */
  readonly keys: readonly (readonly [key: string, text: string, simulated?: false])[];
  /** Parts of the kernel that it needs itself, beside those that the programs it runs bring. */
  readonly modules?: CommandSpec['modules'];
  /** Another way to run it than by the protocol. */
  readonly otherwise?: (process: Process) => Generator<Wait, number, void> | undefined;
};

const VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', CURRENT] as const;

export function cniPlugin(plugin: CniPlugin): CommandSpec {
  return {
    name: plugin.name,
    path: `/opt/cni/bin/${plugin.name}`,
    summary: plugin.summary,
    options: plugin.keys.map(([key, text, simulated = true]) => ({ flags: [key], text, simulated })),
    ...(plugin.modules === undefined ? {} : { modules: plugin.modules }),
    *run(process, node) {
      const other = plugin.otherwise?.(process);
      if (other !== undefined) return yield* other;
      try {
        yield* dispatch(plugin, process, node);
        return 0;
      } catch (error) {
        if (error instanceof NotSimulated) return yield* notSimulated(process, plugin.name, error.message);
        if (error instanceof GoPanic) {
          yield* process.printError(`panic: ${error.message}\n\ngoroutine 1 [running]:\n`);
          return 2;
        }
        if (!(error instanceof CniError)) throw error;
        const { code, message: msg, details } = error;
        yield* process.print(printJson({ code, msg, ...(details === '' ? {} : { details }) }, '    '));
        return 1;
      }
    },
  };
}

function* dispatch(plugin: CniPlugin, process: Process, node: Node): Generator<Wait, void, void> {
  const versions = VERSIONS.slice(VERSIONS.findIndex((version) => version === (plugin.since ?? VERSIONS[0])));
  const command = process.env.get('CNI_COMMAND') ?? '';
  if (command === '') {
    yield* process.printError(
      `CNI ${plugin.name} plugin version unknown\nCNI protocol versions supported: ${versions.join(', ')}\n`,
    );
    return;
  }
  requireEnvironment(process, command);
  const input = command === 'VERSION' ? '' : yield* process.readAll(0);
  const call = callOf(process, node, input);
  if (command !== 'VERSION') validate(call);
  switch (command) {
    case 'ADD':
    case 'DEL':
    case 'CHECK': {
      if (command === 'CHECK') mayCheck(versionIn(input), versions);
      refuseVersion(versionIn(input), versions);
      const verb = { ADD: plugin.add, DEL: plugin.del, CHECK: plugin.check }[command];
      const given = verb(call);
      const printed = typeof given === 'object' ? yield* given : given;
      if (printed !== undefined) yield* process.print(printed);
      return;
    }
    case 'VERSION':
      yield* process.print(`${printJson({ cniVersion: CURRENT, supportedVersions: versions })}\n`);
      return;
    default:
      throw new CniError(`unknown CNI_COMMAND: ${command}`, CODE.invalidEnvironment);
  }
}

const REQUIRED: readonly (readonly [name: string, commands: readonly string[]])[] = [
  ['CNI_CONTAINERID', ['ADD', 'CHECK', 'DEL']],
  ['CNI_NETNS', ['ADD', 'CHECK']],
  ['CNI_IFNAME', ['ADD', 'CHECK', 'DEL']],
  ['CNI_PATH', ['ADD', 'CHECK', 'DEL']],
];

function requireEnvironment(process: Process, command: string): void {
  const missing = REQUIRED.filter(
    ([name, commands]) => commands.includes(command) && (process.env.get(name) ?? '') === '',
  ).map(([name]) => name);
  if (missing.length > 0)
    throw new CniError(`required env variables [${missing.join(',')}] missing`, CODE.invalidEnvironment);
}

function callOf(process: Process, node: Node, input: string): Call {
  const variable = (name: string): string => process.env.get(name) ?? '';
  return {
    process,
    node,
    host: node.kernel.netns(process.netns) ?? node.kernel.init,
    containerId: variable('CNI_CONTAINERID'),
    netns: variable('CNI_NETNS'),
    ifName: variable('CNI_IFNAME'),
    args: variable('CNI_ARGS'),
    path: variable('CNI_PATH'),
    input,
  };
}

const named = struct('', { name: string }, 'struct { Name string "json:\\"name\\"" }');
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Names of the network, the container and the device. */
function validate({ input, containerId, ifName }: Call): void {
  const { name } = decodingConfig('error unmarshall network config: ', input, (json) => decodeValue(named, json));
  if (name === '') throw new CniError('missing network name', CODE.invalidConfig);
  if (!NAME.test(name)) throw new CniError('invalid characters found in network name', CODE.invalidConfig, name);
  if (containerId === '') throw new CniError('missing containerID', CODE.unknownContainer);
  if (!NAME.test(containerId))
    throw new CniError('invalid characters in containerID', CODE.invalidEnvironment, containerId);
  const problem = ifNameProblem(ifName);
  if (problem !== undefined) throw new CniError(problem[0], CODE.invalidEnvironment, problem[1]);
}

function ifNameProblem(name: string): readonly [message: string, details?: string] | undefined {
  if (name === '') return ['interface name is empty'];
  if (new TextEncoder().encode(name).length > 15)
    return ['interface name is too long', 'interface name should be less than 16 characters'];
  if (name === '.' || name === '..') return ['interface name is . or ..'];
  if (/[/:\s]/.test(name)) return ['interface name contains / or : or whitespace characters'];
  return undefined;
}

function decodingConfig<T>(before: string, input: string, read: (json: Json) => T): T {
  try {
    return read(parseJson(input));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CniError(`${before}${error.message}`, CODE.decodingFailure);
  }
}

const versionIn = (input: string): string => decodingConfig('decoding version from network config: ', input, versionOf);

function refuseVersion(version: string, supported: readonly string[]): void {
  if (supported.includes(version)) return;
  const details = `config is ${quote(version)}, plugin supports ${quoteList(supported)}`;
  throw new CniError('incompatible CNI versions', CODE.incompatibleVersion, details);
}

/** CHECK came with 0.4.0. */
function mayCheck(version: string, supported: readonly string[]): void {
  const numbers = versionNumbers(version);
  if (compare(numbers, [0, 4, 0]) < 0)
    throw new CniError('config version does not allow CHECK', CODE.incompatibleVersion);
  if (!supported.some((one) => compare(versionNumbers(one), numbers) >= 0))
    throw new CniError('plugin version does not allow CHECK', CODE.incompatibleVersion);
}

function versionNumbers(version: string): number[] {
  const parts = version.split('.');
  if (parts.length > 3) throw badVersion(`invalid version ${quote(version)}: too many parts`);
  return ['major', 'minor', 'micro'].map((which, i) => {
    const part = parts[i] ?? '0';
    if (/^[+-]?\d+$/.test(part)) return Number(part);
    const why = `strconv.Atoi: parsing ${quote(part)}: invalid syntax`;
    throw badVersion(`failed to convert ${which} version part ${quote(part)}: ${why}`);
  });
}

const badVersion = (message: string): CniError => new CniError(message, CODE.decodingFailure);

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** For plugins that must tell versions before 0.3.0 from later ones. */
export function isAtLeast(version: string, other: readonly number[]): boolean {
  try {
    return compare(versionNumbers(version), other) >= 0;
  } catch {
    return false;
  }
}
