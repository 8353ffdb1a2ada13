import type { Result } from '../../base/index.ts';
import type { Family } from '../../kernel/index.ts';
import {
  type ElementRequest,
  type IpSets,
  type IpsetErrno,
  ipSet,
  ipSetsOf,
  type ListRequest,
  SetList,
  type SetType,
  type Slot,
} from '../../kernel/ipset/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { lookUpProtocol, lookUpService, resolveHost } from '../names.ts';
import { type CommandLine, parseCommandLine, splitLine } from './arguments.ts';
import { checkName, parseCreate } from './create.ts';
import { parseEntry } from './entry.ts';
import { IPSET_OPTIONS } from './options.ts';
import type { Names } from './parse-element.ts';
import { entryText, listText, type Shown, saveText } from './print.ts';
import { IpsetError, kernelError, NotSimulated, parameterError, sessionError, type Verb } from './refusal.ts';

const VERSION = 'ipset v7.17';

function namesOf(process: Process): Names {
  return {
    address: (name, family) => {
      const found = resolveHost(process, name);
      return found.ok ? found.addresses.find((ip) => ip.family === family) : undefined;
    },
    port: (name, protocol) => {
      const service = lookUpService(process, name);
      return service?.protocols.some((one) => one === protocol) === true ? service.port : undefined;
    },
    protocol: (wanted) => lookUpProtocol(process, wanted),
  };
}

/** ipset 7.17: the sets of one namespace. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  const session = new Session(ipSetsOf(ns), process);
  let line: CommandLine | undefined;
  try {
    line = parseCommandLine(process.argv.slice(1));
    if (line.verb === 'restore') return yield* restore(process, session, line);
    const { output, status, note } = session.execute(line);
    if (output !== '') yield* deliver(process, line, output);
    if (note !== '' && !line.env.quiet) yield* process.printError(note);
    return status;
  } catch (error) {
    return yield* fail(process, error, line?.env.quiet ?? false);
  }
}

function* fail(process: Process, error: unknown, quiet: boolean, at?: number): Generator<Wait, number, void> {
  if (error instanceof NotSimulated) return yield* notSimulated(process, 'ipset', error.message);
  if (!(error instanceof IpsetError)) throw error;
  const isSession = error.kind === 'session';
  const where = at === undefined || !isSession ? '' : `Error in line ${at}: `;
  const hint = isSession ? '' : "Try `ipset help' for more information.\n";
  if (!quiet) yield* process.printError(`${VERSION}: ${where}${error.message}\n${hint}`);
  return isSession ? 1 : 2;
}

/** What list and save print goes to the file of -file. */
function* deliver(process: Process, { env, verb }: CommandLine, output: string): Generator<Wait, void, void> {
  if (env.file === undefined || (verb !== 'list' && verb !== 'save')) {
    yield* process.print(output);
    return;
  }
  const path = process.path(env.file);
  const written = process.machine.fs.writeFile(path, output);
  if (!written.ok) throw sessionError(`Cannot open ${env.file} for writing: ${written.error.errno}`);
}

/** Commands from a file, until one fails. Entries added to the same set one after another go to the kernel together. */
function* restore(process: Process, session: Session, { env, rest }: CommandLine): Generator<Wait, number, void> {
  if (rest[0] !== undefined) throw parameterError(`Unknown argument ${rest[0]}`);
  const text = env.file === undefined ? yield* process.readAll(0) : fileText(process, env.file);
  let number = 0;
  try {
    for (const line of text.split('\n')) {
      number++;
      if (/^\s*(#|$)/.test(line)) continue;
      if (line.trim() === 'COMMIT') continue;
      const parsed = parseCommandLine(splitLine(line));
      if (parsed.verb === 'restore' || parsed.verb === 'version' || parsed.verb === 'help')
        throw parameterError(`Command \`${parsed.verb}' is invalid in restore mode.`);
      const merged = { ...parsed, env: { ...parsed.env, exist: parsed.env.exist || env.exist } };
      const { output } = session.queue(merged, number);
      if (output !== '') yield* process.print(output);
    }
    session.flush();
    return 0;
  } catch (error) {
    return yield* fail(process, error, env.quiet, error instanceof LineError ? error.line : number);
  }
}

function fileText(process: Process, path: string): string {
  const file = process.machine.fs.readFile(process.path(path), process);
  if (!file.ok) throw sessionError(`Cannot open ${path} for reading: No such file or directory`);
  return decodeText(file.value);
}

/** A refusal of an entry that waited: its own line, not the one that was read meanwhile. */
class LineError extends IpsetError {
  constructor(
    cause: IpsetError,
    readonly line: number,
  ) {
    super(cause.message, cause.kind);
  }
}

type Outcome = { readonly output: string; readonly note: string; readonly status: number };
const nothing: Outcome = { output: '', note: '', status: 0 };

type Waiting = { readonly set: string; readonly verb: Verb; readonly steps: { line: number; run: () => void }[] };

class Session {
  #waiting: Waiting | undefined;

  readonly #names: Names;

  constructor(
    private readonly sets: IpSets,
    process: Process,
  ) {
    this.#names = namesOf(process);
  }

  execute(line: CommandLine): Outcome {
    const { verb, first, second, rest, env } = line;
    if (verb === 'help') throw new NotSimulated('help');
    if (verb === 'version') return { ...nothing, output: `${VERSION}, protocol version: 7\n` };
    if (verb === 'quit') return nothing;
    if (env.resolve) throw new NotSimulated('-resolve');
    if (verb === 'create') {
      const request = parseCreate(first ?? '', second ?? '', rest, this.#names);
      settle(this.sets.create(request, env.exist), verb);
      return nothing;
    }
    if (verb === 'add' || verb === 'del' || verb === 'test') return this.#entry(line, verb)();
    if (first !== undefined) checkName(first);
    if (rest[0] !== undefined) throw parameterError(`Unknown argument ${rest[0]}`);
    if (verb === 'list' || verb === 'save') return this.#show(line);
    if (verb === 'destroy') settle(this.sets.destroy(first), verb);
    else if (verb === 'flush') settle(this.sets.flush(first), verb);
    else if (verb === 'rename') settle(this.sets.rename(first ?? '', checkName(second ?? '')), verb);
    else settle(this.sets.swap(first ?? '', checkName(second ?? '')), verb);
    return nothing;
  }

  /** As `execute`, but entries of one set wait for each other: what is wrong with one's text loses those before it. */
  queue(line: CommandLine, number: number): Outcome {
    const { verb, first = '' } = line;
    if (verb !== 'add' && verb !== 'del') {
      this.flush();
      return this.execute(line);
    }
    if (this.#waiting !== undefined && (this.#waiting.set !== first || this.#waiting.verb !== verb)) this.flush();
    const run = this.#entry(line, verb);
    this.#waiting ??= { set: first, verb, steps: [] };
    this.#waiting.steps.push({ line: number, run });
    return nothing;
  }

  flush(): void {
    const steps = this.#waiting?.steps ?? [];
    this.#waiting = undefined;
    for (const { line, run } of steps) {
      try {
        run();
      } catch (error) {
        throw error instanceof IpsetError ? new LineError(error, line) : error;
      }
    }
  }

  /** Reads an entry; what it gives does it. */
  #entry({ first = '', second = '', rest, env }: CommandLine, verb: 'add' | 'del' | 'test'): () => Outcome {
    const { type, family } = this.#typeOf(checkName(first), verb);
    const request = parseEntry(type, family, verb, second, rest, this.#names);
    return () => {
      if (verb === 'test') return this.#test(first, type, request);
      if (verb === 'add') settle(this.sets.add(first, request, env.exist), verb);
      else settle(this.sets.remove(first, request, env.exist), verb);
      return nothing;
    };
  }

  #test(name: string, type: SetType, request: ElementRequest | ListRequest): Outcome {
    const found = this.sets.test(name, request);
    if (!found.ok) throw kernelError(found.error, 'test');
    const entry = entryText(type, request, this.#names);
    if (found.value) return { output: '', note: `Warning: ${entry} is in set ${name}.\n`, status: 0 };
    return { output: '', note: `${entry} is NOT in set ${name}.\n`, status: 1 };
  }

  #typeOf(name: string, verb: Verb): { type: SetType; family: Family } {
    const slot = this.sets.get(name);
    if (slot === undefined) throw kernelError('ENOENT', verb);
    return slot.set.created;
  }

  #show({ verb, first, env }: CommandLine): Outcome {
    if (env.output === 'xml') throw new NotSimulated('-output xml');
    const slots = this.#chosen(first, verb);
    if (env.names && verb === 'list') return { ...nothing, output: slots.map(({ name }) => `${name}\n`).join('') };
    const shown: Shown = { now: this.sets.now, names: this.#names, sorted: env.sorted };
    if (verb === 'save' || env.output === 'save')
      return { ...nothing, output: slots.map((slot) => saveText(slot, shown)).join('') };
    return { ...nothing, output: slots.map((slot) => listText(slot, env.terse, shown)).join('\n') };
  }

  /** Lists come behind the sets that they may name, so that what is saved can be restored. */
  #chosen(name: string | undefined, verb: Verb): Slot[] {
    if (name === undefined) {
      const all = this.sets.all();
      const isList = ({ set }: Slot): boolean => set instanceof SetList;
      return [...all.filter((slot) => !isList(slot)), ...all.filter(isList)];
    }
    const slot = this.sets.get(name);
    if (slot === undefined) throw kernelError('ENOENT', verb);
    return [slot];
  }
}

function settle(result: Result<void, IpsetErrno>, verb: Verb): void {
  if (!result.ok) throw kernelError(result.error, verb);
}

function complete(words: readonly string[], node: Node, process?: Process): string[] {
  const ns = process === undefined ? node.kernel.init : (node.kernel.netns(process.netns) ?? node.kernel.init);
  if (words.length === 2)
    return ['create', 'add', 'del', 'test', 'destroy', 'list', 'save', 'restore', 'flush', 'rename', 'swap'];
  return words.length === 3
    ? ipSetsOf(ns)
        .all()
        .map(({ name }) => name)
    : [];
}

export const ipset: CommandSpec = {
  name: 'ipset',
  path: '/usr/sbin/ipset',
  summary: 'sets of addresses, networks and ports',
  options: IPSET_OPTIONS,
  modules: [ipSet],
  complete,
  run,
};
