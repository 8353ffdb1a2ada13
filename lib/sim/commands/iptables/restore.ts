import { type Errno, strerror } from '../../base/index.ts';
import type { Family, NetNs } from '../../kernel/index.ts';
import {
  isTableName,
  netfilter,
  newChain,
  RuleTransaction,
  type TableName,
  tablesOf,
} from '../../kernel/netfilter/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import type { Node } from '../../world/index.ts';
import type { CommandSpec } from '../command.ts';
import { getopt } from '../getopt.ts';
import { type Commit, execute, resourceProblem } from './apply.ts';
import type { Names } from './extension.ts';
import { RESTORE_OPTIONS } from './options.ts';
import { ArgumentParser } from './parse.ts';
import { chainsOf } from './print.ts';
import { badParameter, plain, XtablesError } from './refusal.ts';
import { namesOf, namespaceOf, refusalText, toolOf, VERSION } from './run.ts';
import { splitLine } from './words.ts';

type Settings = {
  readonly noflush: boolean;
  readonly counters: boolean;
  readonly test: boolean;
  readonly verbose: boolean;
  readonly only: string | undefined;
};

/** iptables-restore: a whole table at once, or nothing of it. */
function* run(process: Process, node: Node): Generator<Wait, number, void> {
  const { tool, family } = toolOf(process);
  const spec = family === 4 ? iptablesRestore : ip6tablesRestore;
  const parsed = yield* getopt(process, spec, { usage: `Try \`${tool} -h' for more information.` });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('-h')) {
    yield* process.printError(HELP.replace('%s', tool));
    return 0;
  }
  if (parsed.has('-V')) {
    yield* process.print(`${tool} ${VERSION}\n`);
    return 0;
  }
  const [file] = parsed.operands;
  const text = file === undefined ? yield* process.readAll(0) : readFile(process, file);
  if (text === undefined) {
    yield* process.printError(`Can't open ${file}: No such file or directory\n`);
    return 1;
  }
  const settings = {
    noflush: parsed.has('-n'),
    counters: parsed.has('-c'),
    test: parsed.has('-t'),
    verbose: parsed.has('-v'),
    only: parsed.value('-T'),
  };
  const restorer = new Restorer(
    namespaceOf(process, node),
    family,
    tool,
    settings,
    namesOf(process, namespaceOf(process, node)),
  );
  const { error, status, output } = restorer.run(text);
  if (output !== '') yield* process.print(output);
  if (error !== '') yield* process.printError(error);
  return status;
}

const HELP = `Usage: %s [-c] [-v] [-V] [-t] [-h] [-n] [-T table] [-M command] [-4] [-6] [file]
	   [ --counters ]
	   [ --verbose ]
	   [ --version]
	   [ --test ]
	   [ --help ]
	   [ --noflush ]
	   [ --table=<TABLE> ]
	   [ --modprobe=<command> ]
	   [ --ipv4 ]
	   [ --ipv6 ]
`;

function readFile(process: Process, file: string): string | undefined {
  const read = process.machine.fs.readFile(process.path(file), process);
  return read.ok ? decodeText(read.value) : undefined;
}

type Outcome = { readonly error: string; readonly status: number; readonly output: string };

type Step = { readonly line: number; readonly run: (commit: Commit) => string };

/** Reads the lines; at COMMIT the table's commands run in one transaction. */
class Restorer {
  #line = 0;
  #table: TableName | undefined;
  #skipping = false;
  #steps: Step[] = [];
  #output = '';

  constructor(
    readonly ns: NetNs,
    readonly family: Family,
    readonly tool: string,
    readonly settings: Settings,
    readonly names: Names,
  ) {}

  run(text: string): Outcome {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    try {
      for (const line of lines) {
        this.#line++;
        if (!this.#read(line)) return this.#end(`${this.tool}: line ${this.#line} failed\n`, 1);
      }
    } catch (error) {
      if (!(error instanceof XtablesError)) throw error;
      return this.#end(refusalText(error, this.tool, this.#line), error.status);
    }
    // The words are there, and yet the tool ends well.
    if (this.#table !== undefined) return this.#end(`${this.tool}: COMMIT expected at line ${this.#line + 1}\n`, 0);
    return this.#end('', 0);
  }

  #end(error: string, status: number): Outcome {
    return { error, status, output: this.#output };
  }

  /** False: this line is none. */
  #read(line: string): boolean {
    if (line === '' || line.startsWith('#')) return true;
    if (this.#table === undefined) {
      if (!line.startsWith('*')) return false;
      this.#begin(line.slice(1).trim());
    } else if (line.trimEnd() === 'COMMIT') {
      if (!this.#skipping && !this.settings.test) this.#commit(this.#table);
      this.#table = undefined;
    } else if (this.#skipping) return true;
    else if (line.startsWith(':')) this.#declare(line.slice(1), this.#table);
    else this.#command(line, this.#table);
    return true;
  }

  #begin(name: string): void {
    if (!isTableName(name)) throw badParameter(`${this.tool}: line ${this.#line} table name '${name}' invalid`);
    this.#table = name;
    this.#skipping = this.settings.only !== undefined && this.settings.only !== name;
    this.#steps = [];
  }

  #step(run: Step['run']): void {
    this.#steps.push({ line: this.#line, run });
  }

  #declare(text: string, name: TableName): void {
    const [chainName = '', policy = '', counterText] = text.trim().split(/\s+/);
    const table = tablesOf(this.ns, this.family).ensure(name);
    const counters = this.settings.counters ? countersOf(counterText) : { packets: 0, bytes: 0 };
    this.#step((commit) => {
      const chain = table.chains.get(chainName);
      if (chain?.base !== undefined) {
        if (policy !== 'ACCEPT' && policy !== 'DROP') throw plain('Bad policy name.');
        commit([{ op: 'policy', chain, policy, ...(counters && { counters }) }], '%s');
      } else if (chain !== undefined) commit([{ op: 'flush', chain }], '%s');
      else commit([{ op: 'chain-add', table: name, chain: newChain(chainName) }], '%s');
      return '';
    });
  }

  #command(line: string, table: TableName): void {
    const match = /^\[(\d+):(\d+)\]\s*(.*)$/.exec(line);
    const words = splitLine(match?.[3] ?? line);
    if (words.includes('-t') || words.includes('--table'))
      throw badParameter(`The -t option cannot be used in ${this.tool}.\n`);
    const parsed = new ArgumentParser(this.tool, this.family, words, this.names, table).parse();
    const counters = this.settings.counters ? countersOf(match?.[0]) : undefined;
    const request = { ...parsed, ...(counters && { counters }), verbose: parsed.verbose || this.settings.verbose };
    this.#step((commit) => execute(this.ns, this.family, request, this.names, commit));
  }

  #commit(name: TableName): void {
    const transaction = new RuleTransaction(this.ns, this.family);
    // For a refusal at the end: which line each change came from, and what it was.
    const origin: { readonly line: number; readonly what: string }[] = [];
    let line = 0;
    const refuse = (at: number, what: string, errno: Errno): never => {
      throw resourceProblem(`\nline ${at}: ${what.replace('%s', strerror(errno))}`);
    };
    const commit: Commit = (changes, what) => {
      for (const change of changes) {
        const errno = transaction.apply(change);
        if (errno !== undefined) refuse(line, what, errno);
        origin.push({ line, what });
      }
    };
    try {
      if (!this.settings.noflush) this.#clear(name, commit);
      for (const step of this.#steps) {
        line = step.line;
        this.#output += step.run(commit);
      }
      const done = transaction.finish();
      if (done.ok) return;
      const { line: at = 0, what = '' } = origin[done.error.failed] ?? {};
      refuse(at, what, done.error.errno);
    } catch (error) {
      transaction.rollback();
      if (error instanceof XtablesError && error.prefix === 'plain')
        throw new XtablesError(`line ${line} failed: ${error.message}`, error.status, 'plain', false);
      throw error;
    }
  }

  /** Without --noflush a table begins empty, with policies as they are at first. */
  #clear(name: TableName, commit: Commit): void {
    const table = tablesOf(this.ns, this.family).ensure(name);
    const chains = chainsOf(table);
    for (const chain of chains) {
      if (this.settings.verbose && chain.base !== undefined) this.#output += `Flushing chain \`${chain.name}'\n`;
      commit([{ op: 'flush', chain }], '%s');
    }
    for (const chain of chains) {
      if (chain.base === undefined) commit([{ op: 'chain-delete', table: name, chain }], '%s');
      else commit([{ op: 'policy', chain, policy: 'ACCEPT', counters: 'off' }], '%s');
    }
  }
}

function countersOf(text: string | undefined): { packets: number; bytes: number } | undefined {
  const match = /^\[(\d+):(\d+)\]/.exec(text ?? '');
  return match === null ? undefined : { packets: Number(match[1]), bytes: Number(match[2]) };
}

export const iptablesRestore: CommandSpec = {
  name: 'iptables-restore',
  aliases: ['iptables-nft-restore'],
  path: '/usr/sbin/iptables-restore',
  summary: 'set rules for IPv4 packets from a file',
  options: RESTORE_OPTIONS,
  modules: [netfilter],
  run,
};

export const ip6tablesRestore: CommandSpec = {
  name: 'ip6tables-restore',
  aliases: ['ip6tables-nft-restore'],
  path: '/usr/sbin/ip6tables-restore',
  summary: 'set rules for IPv6 packets from a file',
  options: RESTORE_OPTIONS,
  modules: [netfilter],
  run,
};
