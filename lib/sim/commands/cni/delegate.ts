import type { Process, Wait } from '../../os/index.ts';
import { attempt, CniError } from './error.ts';
import { pathError, quote, showList } from './go-text.ts';
import { decode, string, struct, uint64 } from './json/decode.ts';
import { type Json, JsonError, type JsonObject, parseJson } from './json/parse.ts';
import type { Call } from './plugin.ts';
import { type Result, readResult, toCurrent, versionOf } from './result.ts';
import { type Outcome, runProgram } from './run-program.ts';

/**
 * A plugin calls another one, its IPAM plugin, as it was called itself: a program found through CNI_PATH, with the same
 * environment but for the command, and the same standard input. What it is written in is no matter.
 */
type Command = 'ADD' | 'CHECK' | 'DEL';

/** Addresses and routes for the container, as a result of the newest form. Throws CniError. */
export function* delegateAdd(call: Call, plugin: string): Generator<Wait, Result, void> {
  const output = yield* run(call, plugin, 'ADD');
  const json = rawResult(output);
  const own = json.entries.findLast(([key]) => key === 'cniVersion')?.[1];
  if (own?.kind === 'string' && own.value !== '') return toCurrent(readResult(own.value, json));
  // A result that does not say its version has that of the configuration.
  const version = versionOf(parseJson(call.input));
  const said: [string, Json] = ['cniVersion', { kind: 'string', value: version }];
  const others = json.entries.filter(([key]) => key !== 'cniVersion');
  return toCurrent(readResult(version, { kind: 'object', entries: [...others, said] }));
}

function rawResult(output: string): JsonObject {
  try {
    const json = parseJson(output);
    if (json.kind === 'object') return json;
    throw new JsonError(`json: cannot unmarshal ${json.kind} into Go value of type map[string]interface {}`);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new CniError(`failed to unmarshal raw result: ${error.message}`);
  }
}

export function* delegateCheck(call: Call, plugin: string): Generator<Wait, void, void> {
  yield* run(call, plugin, 'CHECK');
}

export function* delegateDel(call: Call, plugin: string): Generator<Wait, void, void> {
  yield* run(call, plugin, 'DEL');
}

/** Takes back what ADD got, when the rest of it failed: whether that works is not looked at. */
export function* undoingAdd<T>(
  call: Call,
  plugin: string,
  work: () => Generator<Wait, T, void>,
): Generator<Wait, T, void> {
  try {
    return yield* work();
  } catch (error) {
    if (!(error instanceof CniError)) throw error;
    yield* attempt(delegateDel(call, plugin));
    throw error;
  }
}

function* run(call: Call, plugin: string, command: Command): Generator<Wait, string, void> {
  const { process } = call;
  const path = findPlugin(process, plugin, call.path);
  const env = new Map(process.env).set('CNI_COMMAND', command);
  const outcome = yield* runProgram(process, path, [path], { env, input: call.input });
  if (typeof outcome === 'string')
    throw failure({ status: 1, stdout: '', stderr: '' }, pathError('fork/exec', path, outcome));
  if (outcome.status !== 0) throw failure(outcome, exitText(outcome));
  if (outcome.stderr !== '') yield* process.printError(outcome.stderr);
  return outcome.stdout;
}

const exitText = ({ status, signal }: Outcome): string =>
  signal === undefined ? `exit status ${status}` : `signal: ${signal}`;

function findPlugin(process: Process, plugin: string, path: string): string {
  if (plugin === '') throw new CniError('no plugin name provided');
  if (plugin.includes('/')) throw new CniError(`invalid plugin name: ${plugin}`);
  const folders = path === '' ? [] : path.split(':');
  if (folders.length === 0) throw new CniError('no paths provided');
  for (const folder of folders) {
    const file = folder === '' ? plugin : `${folder.replace(/\/+$/, '')}/${plugin}`;
    const stat = process.machine.fs.stat(process.path(file), process);
    if (stat.ok && stat.value.kind === 'file') return file;
  }
  throw new CniError(`failed to find plugin ${quote(plugin)} in path ${showList(folders)}`);
}

const errorObject = struct('Error', { code: uint64, msg: string, details: string }, 'types.Error');

/** A plugin that failed says why in an error object; what else it says is quoted. */
function failure({ stdout, stderr }: Outcome, how: string): CniError {
  if (stdout === '') {
    const message =
      stderr === '' ? `netplugin failed with no error message: ${how}` : `netplugin failed: ${quote(stderr)}`;
    return new CniError(message, 0);
  }
  try {
    const { code, msg, details } = decode(errorObject, stdout);
    return new CniError(msg, code, details);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const what = `netplugin failed but error parsing its diagnostic message ${quote(stdout)}`;
    return new CniError(`${what}: ${error.message}`, 0);
  }
}
