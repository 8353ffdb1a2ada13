import type { CommandSpec } from '../command.ts';
import { eachInput, eachLine, option, program, put } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

export const cat: CommandSpec = {
  ...program('cat', 'concatenate files and print on the standard output', [
    option('-A --show-all', 'equivalent to -vET'),
    option('-b --number-nonblank', 'number nonempty output lines, overrides -n'),
    option('-e', 'equivalent to -vE'),
    option('-E --show-ends', 'display $ at end of each line'),
    option('-n --number', 'number all output lines'),
    option('-s --squeeze-blank', 'suppress repeated empty output lines'),
    option('-t', 'equivalent to -vT'),
    option('-T --show-tabs', 'display TAB characters as ^I'),
    option('-u', '(ignored)'),
    option('-v --show-nonprinting', 'use ^ and M- notation, except for LFD and TAB'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, cat);
    if (typeof parsed === 'number') return parsed;
    const plain = parsed.given.every(({ flag }) => flag === '-u');
    const show = plain ? undefined : new Shower(parsed);
    return yield* eachInput(process, 'cat', parsed.operands, function* (fd) {
      if (show !== undefined) {
        return yield* eachLine(process, fd, function* ({ text, newline }) {
          yield* put(process, 'cat', show.line(text, newline));
        });
      }
      for (;;) {
        const read = yield* process.read(fd);
        if (!read.ok) return read.error.errno;
        if (read.value.length === 0) return undefined;
        yield* put(process, 'cat', read.value);
      }
    });
  },
};

class Shower {
  #number = 0;
  #blanks = 0;

  constructor(private readonly parsed: Parsed) {}

  line(text: string, newline: boolean): string {
    const has = (...flags: string[]) => flags.some((flag) => this.parsed.has(flag));
    this.#blanks = text === '' ? this.#blanks + 1 : 0;
    if (has('-s') && this.#blanks > 1) return '';
    const numbered = has('-b') ? text !== '' : has('-n');
    const prefix = numbered ? `${String(++this.#number).padStart(6)}\t` : '';
    let body = has('-A', '-e', '-t', '-v') ? caret(text) : text;
    if (has('-A', '-t', '-T')) body = body.replaceAll('\t', '^I');
    return `${prefix}${body}${has('-A', '-e', '-E') && newline ? '$' : ''}${newline ? '\n' : ''}`;
  }
}

/** cat -v: control characters as ^X, bytes above 127 as M-x. */
function caret(text: string): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    const low = byte & 127;
    const shown =
      low === 127
        ? '^?'
        : low < 32 && !(low === 9 && byte < 128)
          ? `^${String.fromCharCode(low + 64)}`
          : String.fromCharCode(low);
    out += (byte > 127 ? 'M-' : '') + shown;
  }
  return out;
}
