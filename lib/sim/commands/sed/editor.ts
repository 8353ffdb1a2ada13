import { strerror } from '../../base/index.ts';
import type { Process, Regex, RegexMatch, Wait } from '../../os/index.ts';
import type { Input } from './input.ts';
import { type Action, type Address, type Pattern, type Replacement, type SedCommand, SedError } from './script.ts';

export type Output = (text: string) => Generator<Wait, void, void>;

type Flow =
  | 'next'
  | 'end-cycle'
  | 'end-cycle-silently'
  | 'restart'
  | { quit: number; print: boolean }
  | { jump: number };

/** Runs a script over an input: the cycle of sed(1), with pattern space and hold space. */
export class Editor {
  #space = '';
  #hold = '';
  #newline = true;
  #substituted = false;
  #lastRegex: Regex | undefined;
  /** Whether the range of command i is open, and the line at which it ends when that is known. */
  readonly #ranges = new Map<number, number | undefined>();
  /** What `a` and `r` have put off to the end of the cycle. */
  #appended: ({ text: string } | { file: string } | { lineOf: string })[] = [];
  readonly #readers = new Map<string, string[]>();
  readonly #writers = new Set<string>();
  /** A last line without newline is printed without one, unless something follows it. */
  #owedNewline = false;

  constructor(
    private readonly process: Process,
    private readonly commands: readonly SedCommand[],
    private readonly silent: boolean,
    private readonly input: Input,
    private readonly output: Output,
  ) {}

  /** The exit status that `q` or `Q` gave; undefined at the end of the input. */
  *run(): Generator<Wait, number | undefined, void> {
    let keep = false;
    for (;;) {
      if (!keep && !(yield* this.#load())) return undefined;
      keep = false;
      const flow = yield* this.#cycle();
      if (flow === 'restart') {
        keep = true;
        yield* this.#flush();
        continue;
      }
      const print = typeof flow === 'object' && 'quit' in flow ? flow.print : flow !== 'end-cycle-silently';
      if (print && !this.silent) yield* this.#print(this.#space, this.#newline);
      if (typeof flow === 'object' && 'quit' in flow) {
        if (flow.print) yield* this.#flush();
        return flow.quit;
      }
      yield* this.#flush();
    }
  }

  *#load(): Generator<Wait, boolean, void> {
    const line = yield* this.input.next();
    if (line === undefined) return false;
    this.#space = line.text;
    this.#newline = line.newline;
    this.#substituted = false;
    return true;
  }

  *#cycle(): Generator<Wait, Flow, void> {
    for (let i = 0; i < this.commands.length; ) {
      yield* this.#tick();
      const command = this.commands[i] as SedCommand;
      const selected = this.#selects(command, i) !== command.negated;
      if (!selected) {
        i = command.action.op === '{' ? command.action.end + 1 : i + 1;
        continue;
      }
      const flow = yield* this.#perform(command, i);
      if (flow === 'next') i++;
      else if (typeof flow === 'object' && 'jump' in flow) i = flow.jump;
      else return flow;
    }
    return 'end-cycle';
  }

  #steps = 0;

  /** `:a;ba` must not hold the machine. */
  *#tick(): Generator<Wait, void, void> {
    if (++this.#steps % 500 === 0) yield {};
  }

  // Addresses

  #selects(command: SedCommand, index: number): boolean {
    const { from, to } = command;
    if (from === undefined) return true;
    if (to === undefined) return this.#matches(from);
    const line = this.input.line;
    if (this.#ranges.has(index)) return this.#insideRange(index, to, line);
    if (from.kind === 'zero' && line === 1) {
      this.#ranges.set(index, undefined);
      return this.#insideRange(index, to, line);
    }
    if (!this.#matches(from)) return false;
    const end = endLine(to, line);
    if (end === undefined || end > line) this.#ranges.set(index, end);
    return true;
  }

  #insideRange(index: number, to: Address, line: number): boolean {
    const end = this.#ranges.get(index);
    if (end !== undefined) {
      if (line >= end) this.#ranges.delete(index);
      // A range whose last line has gone by already (after `n`, say) selects this line no more.
      return line <= end;
    }
    if (this.#matches(to)) this.#ranges.delete(index);
    return true;
  }

  #matches(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.input.line === address.line;
      case 'last':
        return this.input.isLast;
      case 'step':
        return address.step === 0
          ? this.input.line === address.first
          : this.input.line >= address.first && (this.input.line - address.first) % address.step === 0;
      case 'regex':
        return this.#regex(address.regex).test(this.#space, { multiline: address.regex.multiline });
      default:
        return false;
    }
  }

  #regex(pattern: Pattern): Regex {
    const regex = pattern.regex ?? this.#lastRegex;
    if (regex === undefined) throw new SedError('no previous regular expression');
    this.#lastRegex = regex;
    return regex;
  }

  // Commands

  *#perform(command: SedCommand, index: number): Generator<Wait, Flow, void> {
    const { action } = command;
    switch (action.op) {
      case '{':
      case '}':
      case ':':
        return 'next';
      case '=':
        yield* this.#print(String(this.input.line));
        return 'next';
      case 'F':
        yield* this.#print(this.input.name);
        return 'next';
      case 'z':
        this.#space = '';
        return 'next';
      case 'p':
        yield* this.#print(this.#space, this.#newline);
        return 'next';
      case 'P':
        yield* this.#print(this.#space.split('\n', 1)[0] ?? '');
        return 'next';
      case 'l':
        yield* this.#print(unambiguous(this.#space, action.value ?? 70));
        return 'next';
      case 'g':
        this.#space = this.#hold;
        return 'next';
      case 'G':
        this.#space += `\n${this.#hold}`;
        return 'next';
      case 'h':
        this.#hold = this.#space;
        return 'next';
      case 'H':
        this.#hold += `\n${this.#space}`;
        return 'next';
      case 'x':
        [this.#space, this.#hold] = [this.#hold, this.#space];
        return 'next';
      case 'd':
        return 'end-cycle-silently';
      case 'D':
        return this.#deleteFirstLine();
      case 'n':
      case 'N':
        return yield* this.#nextLine(action.op);
      case 'q':
        return { quit: action.value ?? 0, print: true };
      case 'Q':
        return { quit: action.value ?? 0, print: false };
      case 'b':
        return { jump: action.target };
      case 't':
      case 'T':
        return this.#branchOnSubstitution(action);
      case 'y':
        this.#space = [...this.#space].map((c) => action.map.get(c) ?? c).join('');
        return 'next';
      case 's':
        yield* this.#substitute(action);
        return 'next';
      default:
        return yield* this.#insert(action, command, index);
    }
  }

  #deleteFirstLine(): Flow {
    const newline = this.#space.indexOf('\n');
    if (newline < 0) return 'end-cycle-silently';
    this.#space = this.#space.slice(newline + 1);
    return 'restart';
  }

  *#nextLine(op: 'n' | 'N'): Generator<Wait, Flow, void> {
    if (this.input.isLast) return { quit: 0, print: true };
    if (op === 'n' && !this.silent) yield* this.#print(this.#space, this.#newline);
    yield* this.#flush();
    const before = this.#space;
    const substituted = this.#substituted;
    yield* this.#load();
    this.#substituted = substituted;
    if (op === 'N') this.#space = `${before}\n${this.#space}`;
    return 'next';
  }

  #branchOnSubstitution(action: Extract<Action, { target: number }>): Flow {
    const done = this.#substituted;
    this.#substituted = false;
    return done === (action.op === 't') ? { jump: action.target } : 'next';
  }

  *#insert(action: Action, command: SedCommand, index: number): Generator<Wait, Flow, void> {
    switch (action.op) {
      case 'i':
        yield* this.#write(action.text);
        return 'next';
      case 'a':
        this.#appended.push({ text: action.text });
        return 'next';
      case 'c': {
        const inRange = command.to !== undefined && !command.negated && this.#ranges.has(index);
        if (!inRange) yield* this.#write(action.text);
        return 'end-cycle-silently';
      }
      case 'r':
        this.#appended.push({ file: action.file });
        return 'next';
      case 'R':
        this.#appended.push({ lineOf: action.file });
        return 'next';
      case 'w':
        yield* this.#writeTo(action.file, `${this.#space}\n`);
        return 'next';
      case 'W':
        yield* this.#writeTo(action.file, `${this.#space.split('\n', 1)[0]}\n`);
        return 'next';
    }
    return 'next';
  }

  *#substitute(action: Extract<Action, { op: 's' }>): Generator<Wait, void, void> {
    const regex = this.#regex(action.pattern);
    const text = this.#space;
    let out = '';
    let at = 0;
    let count = 0;
    let changed = false;
    for (let from = 0, previousEnd = -1; from <= text.length; ) {
      yield* this.#tick();
      const match = regex.exec(text, from, { multiline: action.pattern.multiline });
      if (match === undefined) break;
      const empty = match.end === match.start;
      // An empty match right behind the match before it does not count: s/b*/X/g makes XaXcX of abc.
      if (!(empty && match.start === previousEnd) && ++count >= action.nth) {
        out += text.slice(at, match.start) + expand(action.replacement, text, match);
        at = match.end;
        changed = true;
        if (!action.global) break;
      }
      previousEnd = match.end;
      from = empty ? match.end + 1 : match.end;
    }
    if (!changed) return;
    this.#space = out + text.slice(at);
    this.#substituted = true;
    if (action.print) yield* this.#print(this.#space, this.#newline);
    if (action.file !== undefined) yield* this.#writeTo(action.file, `${this.#space}\n`);
  }

  // Output

  *#print(text: string, newline = true): Generator<Wait, void, void> {
    yield* this.#write(newline ? `${text}\n` : text);
    this.#owedNewline = !newline;
  }

  *#write(text: string): Generator<Wait, void, void> {
    yield* this.output(this.#owedNewline ? `\n${text}` : text);
    this.#owedNewline = false;
  }

  /** At the end of a cycle what was put off is printed. */
  *#flush(): Generator<Wait, void, void> {
    const appended = this.#appended;
    this.#appended = [];
    for (const item of appended) {
      if ('text' in item) yield* this.#write(item.text);
      else if ('file' in item) yield* this.#copy(item.file);
      else yield* this.#oneLineOf(item.lineOf);
    }
  }

  *#copy(file: string): Generator<Wait, void, void> {
    const content = this.#readFile(file);
    if (content !== undefined && content !== '') yield* this.#write(content);
  }

  *#oneLineOf(file: string): Generator<Wait, void, void> {
    let lines = this.#readers.get(file);
    if (lines === undefined) {
      lines = (this.#readFile(file) ?? '').replace(/\n$/, '').split('\n');
      this.#readers.set(file, lines);
    }
    const line = lines.shift();
    if (line !== undefined) yield* this.#write(`${line}\n`);
  }

  #readFile(file: string): string | undefined {
    const content = this.process.machine.fs.readFile(this.process.path(file), this.process);
    return content.ok ? new TextDecoder().decode(content.value) : undefined;
  }

  *#writeTo(file: string, text: string): Generator<Wait, void, void> {
    if (file === '/dev/stdout') return yield* this.#write(text);
    if (file === '/dev/stderr') return yield* this.process.printError(text);
    const written = this.process.machine.fs.writeFile(this.process.path(file), text, {
      append: this.#writers.has(file),
    });
    if (!written.ok) throw new SedError(`couldn't open file ${file}: ${strerror(written.error.errno)}`, 4);
    this.#writers.add(file);
  }
}

function endLine(to: Address, line: number): number | undefined {
  if (to.kind === 'line') return to.line;
  if (to.kind === 'plus') return line + to.count;
  if (to.kind === 'multiple') return to.of === 0 ? line : (Math.floor(line / to.of) + 1) * to.of;
  return undefined;
}

function expand(replacement: Replacement, text: string, match: RegexMatch): string {
  let out = '';
  let how: 'U' | 'L' | 'E' = 'E';
  let once: 'u' | 'l' | undefined;
  const add = (piece: string) => {
    if (piece === '') return;
    const cased = how === 'U' ? piece.toUpperCase() : how === 'L' ? piece.toLowerCase() : piece;
    if (once === undefined) out += cased;
    else out += (once === 'u' ? cased.slice(0, 1).toUpperCase() : cased.slice(0, 1).toLowerCase()) + cased.slice(1);
    once = undefined;
  };
  for (const part of replacement) {
    if (part.kind === 'text') add(part.text);
    else if (part.kind === 'group')
      add(part.index === 0 ? text.slice(match.start, match.end) : (match.groups[part.index - 1] ?? ''));
    else if (part.how === 'u' || part.how === 'l') once = part.how;
    else how = part.how;
  }
  return out;
}

/** The `l` command: escapes, octal for what does not print, lines folded at `width`, `$` at the end. */
function unambiguous(text: string, width: number): string {
  const pieces: string[] = [];
  for (const byte of new TextEncoder().encode(text)) {
    const c = String.fromCharCode(byte);
    const named = (
      {
        '\\': '\\\\',
        '\x07': '\\a',
        '\b': '\\b',
        '\f': '\\f',
        '\n': '\\n',
        '\r': '\\r',
        '\t': '\\t',
        '\v': '\\v',
      } as Record<string, string>
    )[c];
    pieces.push(named ?? (byte >= 32 && byte < 127 ? c : `\\${byte.toString(8).padStart(3, '0')}`));
  }
  let out = '';
  let column = 0;
  for (const piece of pieces) {
    if (width > 1 && column + piece.length > width - 1) {
      out += '\\\n';
      column = 0;
    }
    out += piece;
    column += piece.length;
  }
  return `${out}$`;
}
