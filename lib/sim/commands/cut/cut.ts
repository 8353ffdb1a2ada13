import type { CommandSpec } from '../command.ts';
import { eachInput, eachLine, option, program, quoted, usageError } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';

export const cut: CommandSpec = {
  ...program('cut', 'remove sections from each line of files', [
    option('-b --bytes', 'select only these bytes', 'LIST'),
    option('-c --characters', 'select only these characters', 'LIST'),
    option('-d --delimiter', 'use DELIM instead of TAB for field delimiter', 'DELIM'),
    option('-f --fields', 'select only these fields', 'LIST'),
    option('-n', '(ignored)'),
    option('--complement', 'complement the set of selected bytes, characters or fields'),
    option('-s --only-delimited', 'do not print lines not containing delimiters'),
    option('--output-delimiter', 'use STRING as the output delimiter', 'STRING'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, cut);
    if (typeof parsed === 'number') return parsed;
    const job = jobOf(parsed);
    if (typeof job === 'string') return yield* usageError(process, 'cut', job);
    return yield* eachInput(process, 'cut', parsed.operands, (fd) =>
      eachLine(process, fd, function* ({ text }) {
        const line = job(text);
        if (line !== undefined) yield* process.print(`${line}\n`);
      }),
    );
  },
};

type Ranges = (position: number) => boolean;

function jobOf(parsed: Parsed): ((line: string) => string | undefined) | string {
  const lists = parsed.given.filter(({ flag }) => ['-b', '-c', '-f'].includes(flag));
  const [list] = lists;
  if (lists.length > 1) return 'only one list may be specified';
  if (list === undefined) return 'you must specify a list of bytes, characters, or fields';
  const delimiter = parsed.value('-d') ?? '\t';
  if (list.flag !== '-f' && parsed.has('-d'))
    return 'an input delimiter may be specified only when operating on fields';
  if (list.flag !== '-f' && parsed.has('-s'))
    return 'suppressing non-delimited lines makes sense\n\tonly when operating on fields';
  if ([...delimiter].length > 1) return 'the delimiter must be a single character';
  const ranges = parseList(list.value ?? '', list.flag === '-f' ? 'field' : 'byte/character');
  if (typeof ranges === 'string') return ranges;
  const wanted: Ranges = parsed.has('--complement') ? (n) => !ranges(n) : ranges;
  const joiner = parsed.value('--output-delimiter');
  if (list.flag !== '-f')
    return (line) => pick(list.flag === '-b' ? latin(line) : [...line], wanted, joiner ?? '', list.flag === '-b');
  return (line) => {
    if (!line.includes(delimiter || '\0')) return parsed.has('-s') ? undefined : line;
    return line
      .split(delimiter)
      .filter((_, i) => wanted(i + 1))
      .join(joiner ?? delimiter);
  };
}

const latin = (line: string) => Array.from(new TextEncoder().encode(line), (byte) => String.fromCharCode(byte));

/** Runs of neighbours stay together; an output delimiter stands between runs. */
function pick(units: readonly string[], wanted: Ranges, joiner: string, bytes: boolean): string {
  let out = '';
  let last = 0;
  units.forEach((unit, i) => {
    if (!wanted(i + 1)) return;
    if (out !== '' && last !== i) out += joiner;
    out += unit;
    last = i + 1;
  });
  return bytes ? new TextDecoder().decode(Uint8Array.from(out, (c) => c.charCodeAt(0))) : out;
}

function parseList(list: string, what: string): Ranges | string {
  const ranges: [number, number][] = [];
  for (const part of list.split(/[, ]/)) {
    const found = /^(\d*)(-?)(\d*)$/.exec(part);
    if (found === null)
      return `invalid ${what === 'field' ? 'field value' : 'byte/character position'} ${quoted(part)}`;
    const [, from = '', dash, to = ''] = found;
    if (dash === '' && from === '')
      return `${what === 'field' ? 'fields are' : 'byte/character positions are'} numbered from 1`;
    if (dash !== '' && from === '' && to === '') return 'invalid range with no endpoint: -';
    const low = from === '' ? 1 : Number(from);
    const high = dash === '' ? low : to === '' ? Number.POSITIVE_INFINITY : Number(to);
    if (low === 0 || high === 0)
      return `${what === 'field' ? 'fields are' : 'byte/character positions are'} numbered from 1`;
    if (high < low) return 'invalid decreasing range';
    ranges.push([low, high]);
  }
  return (position) => ranges.some(([low, high]) => position >= low && position <= high);
}
