import { strerror } from '../../base/index.ts';
import { dumpLinks, type NetNs } from '../../kernel/index.ts';
import { NftTransaction, nftables, nftablesOf } from '../../kernel/nftables/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { lookUpProtocol, lookUpService, resolveHost, serviceName } from '../names.ts';
import { Applier } from './apply.ts';
import { type Arguments, parseArguments } from './arguments.ts';
import type { CommandAst } from './ast.ts';
import type { Names } from './datatypes.ts';
import { getElement } from './get-element.ts';
import type { Printed } from './iptables-view.ts';
import { jsonText } from './json.ts';
import type { Token } from './lexer.ts';
import { printList } from './list.ts';
import { NftProblem, NotSimulated, problemText, type Source } from './location.ts';
import { monitor } from './monitor.ts';
import { NFT_OPTIONS } from './options.ts';
import { Parser } from './parser.ts';
import { Preprocessor, type ReadFiles, variableTokens } from './preprocess.ts';
import type { Style } from './print-expression.ts';

const VERSION = 'nftables v1.0.6 (Lester Gooch #5)\n';

/** nft 1.0.6: tables, chains, rules and sets of one namespace, changed all together or not at all. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const given = parseArguments(process.argv.slice(1));
  if ('error' in given) {
    yield* process.printError(`${given.error}\n`);
    return 1;
  }
  if ('lacking' in given) return yield* notSimulated(process, 'nft', given.lacking);
  if (given.version) {
    yield* process.print(VERSION);
    return 0;
  }
  if (given.defines.length > 0 && given.file === undefined) {
    yield* process.printError('Error: -D/--define can only be used with -f/--filename\n');
    return 1;
  }
  const ns = node.kernel.netns(process.netns) ?? node.kernel.init;
  const source = yield* readSource(process, given);
  if (source === undefined) return 1;
  const session = new Session(process, ns, given);
  try {
    const outcome = session.run(source);
    if (outcome.monitor !== undefined)
      return yield* monitor(process, nftablesOf(ns), outcome.monitor, () => session.styleNow());
    for (const { text, isWarning } of outcome.output) {
      if (isWarning === true) yield* process.printError(text);
      else yield* process.print(text);
    }
    if (outcome.errors !== '') yield* process.printError(outcome.errors);
    return outcome.errors === '' ? 0 : 1;
  } catch (error) {
    if (error instanceof NftProblem) {
      yield* process.printError(problemText(error));
      return 1;
    }
    if (error instanceof NotSimulated) return yield* notSimulated(process, 'nft', error.message);
    throw error;
  }
}

/** The text of the command line, of a file, or of standard input. */
function* readSource(process: Process, { file, words }: Arguments): Generator<Wait, Source | undefined, void> {
  if (file === undefined) {
    if (words.length === 0) {
      yield* process.printError('nft: no command specified\n');
      return undefined;
    }
    return { name: undefined, text: `${words.join(' ')}\n` };
  }
  if (file === '-') return { name: '/dev/stdin', text: yield* process.readAll(0) };
  const read = process.machine.fs.readFile(process.path(file), process);
  if (read.ok) return { name: file, text: decodeText(read.value) };
  yield* process.printError(
    `internal:0:0-0: Error: Could not open file "${file}": ${strerror(read.error.errno)}\n\n\n`,
  );
  return undefined;
}

type Outcome = {
  readonly monitor?: Extract<CommandAst, { kind: 'monitor' }>;
  readonly output: readonly Printed[];
  readonly errors: string;
};

class Session {
  readonly #names: Names;
  readonly #style: Style;

  constructor(
    private readonly process: Process,
    private readonly ns: NetNs,
    private readonly given: Arguments,
  ) {
    this.#names = namesOf(process, ns);
    this.#style = styleOf(given, this.#names, ns);
  }

  /** As it is at this moment. */
  styleNow(): Style {
    return styleOf(this.given, this.#names, this.ns);
  }

  run(source: Source): Outcome {
    const nft = nftablesOf(this.ns);
    const transaction = new NftTransaction(nft);
    const applier = new Applier(nft, transaction, this.#names, this.#style);
    try {
      const parser = this.#parser(source);
      const commands = parser.commands();
      for (const command of commands) applier.apply(command);
      const problems = [...parser.problems, ...applier.problems];
      if (problems.length === 0) {
        const last = commands.at(-1);
        const kept = this.given.check
          ? undefined
          : transaction.commit({ pid: this.process.pid, name: this.process.comm });
        if (kept?.ok === false && last !== undefined) problems.push(applier.refusal(last, kept.error));
      }
      if (problems.length > 0 || this.given.check) applier.rollback();
      if (problems.length > 0) return { output: [], errors: problemsText(problems) };
      const watched = commands.find((command) => command.kind === 'monitor');
      return { output: this.#answers(commands), errors: '', ...(watched !== undefined && { monitor: watched }) };
    } catch (error) {
      applier.rollback();
      if (error instanceof NftProblem) return { output: [], errors: problemText(error) };
      throw error;
    }
  }

  #parser(source: Source): Parser {
    const variables = new Map<string, readonly Token[]>();
    for (const define of this.given.defines) {
      const [name = '', ...value] = define.split('=');
      variables.set(name, variableTokens(value.join('=')));
    }
    return new Parser(new Preprocessor(variables, this.#reader(source)).expand(source));
  }

  /** Files beside the text, then those of -I and of the system. */
  #reader(source: Source): ReadFiles {
    const { fs } = this.process.machine;
    return (pattern) => {
      const directories =
        pattern.startsWith('/') || pattern.startsWith('./')
          ? ['']
          : [...this.given.includes.map((one) => `${one}/`), '/etc/'];
      if (/[*?[]/.test(pattern)) throw new NotSimulated(`include "${pattern}"`);
      for (const directory of directories) {
        const path = `${directory}${pattern}`;
        const read = fs.readFile(this.process.path(path), this.process);
        if (read.ok) return [{ path, text: decodeText(read.value) }];
      }
      return source.name === undefined && pattern === '' ? [] : `File not found: ${pattern}`;
    };
  }

  #answers(commands: readonly CommandAst[]): Printed[] {
    const nft = nftablesOf(this.ns);
    const printed: Printed[] = [];
    for (const command of commands) {
      if (command.kind === 'describe') throw new NotSimulated(command.kind);
      if ((command.kind === 'list' || command.kind === 'reset') && this.given.json)
        printed.push({ text: jsonText(nft, command, this.#style) });
      else if (command.kind === 'list' || command.kind === 'reset')
        printed.push(...printList(nft, command, this.#style));
      else if (command.kind === 'element' && command.verb === 'get')
        printed.push({ text: getElement(nft, command, this.#names, this.#style) });
    }
    return printed;
  }
}

const problemsText = (problems: readonly NftProblem[]): string => {
  // What nft finds by itself is told before anything goes to the kernel.
  const own = problems.filter(({ isKernels }) => !isKernels);
  return (own.length > 0 ? own : problems).map(problemText).join('');
};

function namesOf(process: Process, ns: NetNs): Names {
  return {
    device: (name) => ns.linkByName(name)?.ifindex,
    deviceName: (index) => ns.linkByIndex(index)?.name,
    service: (name) => lookUpService(process, name)?.port,
    serviceName: (port) => serviceName(process, port, 'tcp'),
    protocol: (name) => lookUpProtocol(process, name)?.number,
    protocolName: (number) => lookUpProtocol(process, number)?.name,
    host: (name, family) => {
      const found = resolveHost(process, name);
      if (!found.ok) return found.message;
      return found.addresses.find((ip) => ip.family === family) ?? 'Address family for hostname not supported';
    },
  };
}

function styleOf(given: Arguments, names: Names, ns: NetNs): Style {
  const { numeric, handles, stateless, terse, services } = given;
  return {
    names,
    numeric: {
      symbols: numeric,
      protocols: numeric || given.numericProtocol,
      services: numeric || !services,
      priorities: numeric || given.numericPriority,
    },
    handles,
    stateless,
    terse,
    now: ns.kernel.events.now,
  };
}

const VERBS = ['add', 'create', 'delete', 'flush', 'insert', 'list', 'monitor', 'rename', 'replace', 'reset'];

function complete(words: readonly string[], node: Node, process?: Process): string[] {
  if (words.length === 2) return VERBS;
  const ns = process === undefined ? node.kernel.init : (node.kernel.netns(process.netns) ?? node.kernel.init);
  if (words.length === 3)
    return ['ruleset', 'table', 'tables', 'chain', 'chains', 'rule', 'set', 'sets', 'map', 'element', 'counter'];
  const before = words.at(-2) ?? '';
  if (['table', 'chain', 'rule', 'set', 'map', 'element'].includes(before)) return ['ip', 'ip6', 'inet'];
  if (['iif', 'oif', 'iifname', 'oifname'].includes(before)) return dumpLinks(ns).map(({ name }) => name);
  return nftablesOf(ns)
    .all()
    .flatMap((table) => [table.name, ...table.chains.keys(), ...table.sets.keys()]);
}

export const nft: CommandSpec = {
  name: 'nft',
  path: '/usr/sbin/nft',
  summary: 'packet filtering and address translation of nftables',
  options: NFT_OPTIONS,
  modules: [nftables],
  complete,
  run,
};
