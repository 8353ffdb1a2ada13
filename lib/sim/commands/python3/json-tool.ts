import { strerror } from '../../base/index.ts';
import { decodeText, type Process, type Wait } from '../../os/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { option } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { isArray, isObject, type Json, sortedKeys } from '../jq/values/json.ts';
import { JsonError, parseJson } from '../jq/values/parse.ts';
import { quote } from '../jq/values/print.ts';

const OPTIONS: CommandSpec = {
  name: 'json.tool',
  path: '/usr/bin/python3',
  summary: 'validate and print JSON',
  options: [
    option('--sort-keys', 'print the keys in order'),
    option('--no-ensure-ascii', 'leave other characters than ASCII as they are'),
    option('--indent', 'indent by so many blanks', 'INDENT'),
    option('--tab', 'indent by tabs'),
    option('--no-indent', 'separate by blanks'),
    option('--compact', 'no white space at all'),
  ],
  run: () => {
    throw new Error('a module of python3, no command');
  },
};

/** `python3 -m json.tool`: reads one JSON text and prints it nicely. */
export function* jsonTool(process: Process, args: readonly string[]): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, OPTIONS, { args, status: 2 });
  if (typeof parsed === 'number') return parsed;
  const [path, output] = parsed.operands;
  if (output !== undefined) return yield* notSimulated(process, 'python3', 'json.tool with an output file');
  const text = yield* readInput(process, path);
  if (text === undefined) return 1;
  try {
    const value = parseJson(text, new TextEncoder().encode(text));
    const indent = parsed.has('--tab') ? '\t' : ' '.repeat(Number(parsed.value('--indent') ?? 4));
    const flat = parsed.has('--compact')
      ? ([',', ':'] as const)
      : parsed.has('--no-indent')
        ? ([', ', ': '] as const)
        : undefined;
    const style = { sorted: parsed.has('--sort-keys'), ascii: !parsed.has('--no-ensure-ascii'), indent, flat };
    yield* process.print(`${dump(value, style, '\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    // Python's parser has words of its own for each mistake; only where it is wrong is known here.
    return yield* notSimulated(process, 'python3', 'what json.tool says of a text that is no JSON');
  }
}

function* readInput(process: Process, path: string | undefined): Generator<Wait, string | undefined, void> {
  if (path === undefined || path === '-') return yield* process.readAll(0);
  const file = process.machine.fs.readFile(process.path(path), process);
  if (file.ok) return decodeText(file.value);
  yield* process.printError(
    `usage: python -m json.tool [-h] [--sort-keys] [--no-ensure-ascii] [--json-lines]
                           [--indent INDENT | --tab | --no-indent | --compact]
                           [infile] [outfile]
python -m json.tool: error: argument infile: can't open '${path}': [Errno 2] ${strerror(file.error.errno)}: '${path}'\n`,
  );
  return undefined;
}

type Style = {
  readonly sorted: boolean;
  readonly ascii: boolean;
  readonly indent: string;
  /** Separators of a text in one line. */
  readonly flat: readonly [string, string] | undefined;
};

function dump(value: Json, style: Style, line: string): string {
  if (typeof value === 'string') return quote(value, style.ascii);
  if (!isArray(value) && !isObject(value)) return String(value);
  const inner = line + style.indent;
  const keys = isObject(value) ? (style.sorted ? sortedKeys(value) : [...value.keys()]) : [];
  const [comma, colon] = style.flat ?? [`,${inner}`, ': '];
  const members = isArray(value)
    ? value.map((item) => dump(item, style, inner))
    : keys.map(
        (key) =>
          `${quote(key, style.ascii)}${colon}${dump((value as ReadonlyMap<string, Json>).get(key) as Json, style, inner)}`,
      );
  const [open, close] = isArray(value) ? '[]' : '{}';
  if (members.length === 0) return `${open}${close}`;
  return style.flat === undefined
    ? `${open}${inner}${members.join(comma)}${line}${close}`
    : `${open}${members.join(comma)}${close}`;
}
