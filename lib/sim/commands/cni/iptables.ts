import type { Process, Wait } from '../../os/index.ts';
import { CniError, tryingSteps } from './error.ts';
import { errnoText, pathError, quote, showList } from './go-text.ts';
import { runProgram } from './run-program.ts';

/** iptables ended with an error, or said that something is not there. */
export class IptablesError extends CniError {
  constructor(
    argv: readonly string[],
    readonly status: number,
    readonly stderr: string,
  ) {
    super(`running ${showList(argv)}: exit status ${status}: ${stderr}`);
  }

  /** No such chain, or no such rule. */
  get isNotExist(): boolean {
    return this.status === 1 && ABSENT.some((message) => this.stderr.includes(message));
  }
}

const ABSENT = ['Bad rule (does a matching rule exist in that chain?).\n', 'No chain/target/match by that name.\n'];

export type Rule = readonly string[];

/** The plugins change rules by the program iptables (or ip6tables), one call per step, each waiting for its lock. */
export class Iptables {
  private constructor(
    private readonly process: Process,
    private readonly path: string,
  ) {}

  /** Finds the program in PATH and asks for its version. Throws CniError. */
  static *open(process: Process, family: 4 | 6): Generator<Wait, Iptables, void> {
    const name = family === 4 ? 'iptables' : 'ip6tables';
    const found = process.resolve(name);
    if (!found.ok) throw new CniError(`exec: ${quote(name)}: executable file not found in $PATH`);
    const { path } = found.value;
    const asked = yield* runProgram(process, path, [path, '--version']);
    if (typeof asked === 'string')
      throw new CniError(`could not get iptables version: ${pathError('fork/exec', path, asked)}`);
    if (asked.status !== 0) throw new CniError(`could not get iptables version: exit status ${asked.status}`);
    if (!/v\d+\.\d+\.\d+/.test(asked.stdout))
      throw new CniError(
        `failed to extract iptables version from [${asked.stdout}]: no iptables version found in string: ${asked.stdout}`,
      );
    return new Iptables(process, path);
  }

  /** Its standard output. Throws IptablesError. */
  *#run(...words: readonly string[]): Generator<Wait, string, void> {
    const argv = [this.path, ...words, '--wait'];
    const outcome = yield* runProgram(this.process, this.path, argv);
    if (typeof outcome === 'string') throw new CniError(`fork/exec ${this.path}: ${errnoText(outcome)}`);
    if (outcome.status !== 0) throw new IptablesError(argv, outcome.status, outcome.stderr);
    return outcome.stdout;
  }

  *exists(table: string, chain: string, rule: Rule): Generator<Wait, boolean, void> {
    try {
      yield* this.#run('-t', table, '-C', chain, ...rule);
      return true;
    } catch (error) {
      if (error instanceof IptablesError && error.status === 1) return false;
      throw error;
    }
  }

  *append(table: string, chain: string, rule: Rule): Generator<Wait, void, void> {
    yield* this.#run('-t', table, '-A', chain, ...rule);
  }

  *prepend(table: string, chain: string, rule: Rule): Generator<Wait, void, void> {
    yield* this.#run('-t', table, '-I', chain, '1', ...rule);
  }

  /** Unless it is there already: at the end of the chain, or at its beginning. */
  *ensureRule(table: string, chain: string, rule: Rule, first = false): Generator<Wait, void, void> {
    if (yield* this.exists(table, chain, rule)) return;
    yield* first ? this.prepend(table, chain, rule) : this.append(table, chain, rule);
  }

  *delete(table: string, chain: string, rule: Rule): Generator<Wait, void, void> {
    yield* this.#run('-t', table, '-D', chain, ...rule);
  }

  /** Rules as `iptables -S CHAIN` prints them. */
  *list(table: string, chain: string): Generator<Wait, string[], void> {
    return linesOf(yield* this.#run('-t', table, '-S', chain));
  }

  *chains(table: string): Generator<Wait, string[], void> {
    const lines = linesOf(yield* this.#run('-t', table, '-S'));
    return lines.filter((line) => /^-[PN] /.test(line)).map((line) => line.split(' ')[1] ?? '');
  }

  *newChain(table: string, chain: string): Generator<Wait, void, void> {
    yield* this.#run('-t', table, '-N', chain);
  }

  *ensureChain(table: string, chain: string): Generator<Wait, void, void> {
    const chains = yield* tryingSteps('failed to list iptables chains', this.chains(table));
    if (!chains.includes(chain)) yield* this.newChain(table, chain);
  }

  /** Empties a chain; makes it when it is not there. */
  *clearChain(table: string, chain: string): Generator<Wait, void, void> {
    try {
      yield* this.newChain(table, chain);
    } catch (error) {
      if (!(error instanceof IptablesError) || error.status !== 1) throw error;
      yield* this.#run('-t', table, '-F', chain);
    }
  }

  *deleteChain(table: string, chain: string): Generator<Wait, void, void> {
    yield* this.#run('-t', table, '-X', chain);
  }
}

const linesOf = (text: string): string[] =>
  text.split('\n').filter((line, i, all) => i < all.length - 1 || line !== '');

/** Passes over the error that says that there is no such chain or rule. */
export function* unlessAbsent(work: Generator<Wait, void, void>): Generator<Wait, void, void> {
  try {
    yield* work;
  } catch (error) {
    if (!(error instanceof IptablesError) || !error.isNotExist) throw error;
  }
}
