import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { Editor, type Output } from './editor.ts';
import { Input } from './input.ts';
import { parseScript, type Script, SedError } from './script.ts';
import { SED_USAGE } from './usage.ts';

const option = (flags: string, text: string, value?: string, simulated = true): OptionSpec => ({
  flags: flags.split(' '),
  text,
  simulated,
  ...(value !== undefined && { value }),
});

/** GNU sed 4.9. */
export const sed: CommandSpec = {
  name: 'sed',
  path: '/usr/bin/sed',
  summary: 'stream editor for filtering and transforming text',
  options: [
    option('-n --quiet --silent', 'suppress automatic printing of pattern space'),
    option('--debug', 'annotate program execution', undefined, false),
    option('-e --expression', 'add the script to the commands to be executed', 'SCRIPT'),
    option('-f --file', 'add the contents of script-file to the commands to be executed', 'SCRIPT-FILE'),
    option('--follow-symlinks', 'follow symlinks when processing in place', undefined, false),
    option('-i --in-place', 'edit files in place (makes backup if SUFFIX supplied)', '[SUFFIX]'),
    option('-l --line-length', "specify the desired line-wrap length for the `l' command", 'N', false),
    option('--posix', 'disable all GNU extensions', undefined, false),
    option('-E -r --regexp-extended', 'use extended regular expressions in the script'),
    option('-s --separate', 'consider files as separate rather than as a single, continuous long stream'),
    option('--sandbox', 'operate in sandbox mode (disable e/r/w commands)', undefined, false),
    option('-u --unbuffered', 'load minimal amounts of data and flush the output buffers more often'),
    option('-z --null-data', 'separate lines by NUL characters', undefined, false),
    option('--help', 'display this help and exit'),
    option('--version', 'output version information and exit'),
  ],
  run,
};

function* run(process: Process): Generator<Wait, number, void> {
  const parsed = yield* getopt(process, sed, { usage: SED_USAGE });
  if (typeof parsed === 'number') return parsed;
  if (parsed.has('--help')) {
    yield* process.print(`${SED_USAGE}\n`);
    return 0;
  }
  if (parsed.has('--version')) {
    yield* process.print('sed (GNU sed) 4.9\n');
    return 0;
  }
  const operands = [...parsed.operands];
  try {
    const pieces = scriptPieces(process, parsed);
    if (pieces.length === 0) {
      const first = operands.shift();
      if (first === undefined) {
        yield* process.printError(`${SED_USAGE}\n`);
        return 1;
      }
      pieces.push(first);
    }
    const script = parseScript(pieces, parsed.has('-E'));
    const files = operands.length > 0 ? operands : ['-'];
    return parsed.has('-i')
      ? yield* inPlace(process, parsed, script, files)
      : yield* stream(process, parsed, script, files);
  } catch (error) {
    if (!(error instanceof SedError)) throw error;
    yield* process.printError(`sed: ${error.message}\n`);
    return error.status;
  }
}

function scriptPieces(process: Process, parsed: Parsed): string[] {
  return parsed.given.flatMap(({ flag, value = '' }) => {
    if (flag === '-e') return [value];
    if (flag !== '-f') return [];
    const file = process.machine.fs.readFile(process.path(value), process);
    if (!file.ok) throw new SedError(`couldn't open file ${value}: ${strerror(file.error.errno)}`);
    return [
      new TextDecoder()
        .decode(file.value)
        .replace(/^#![^\n]*\n/, '\n')
        .replace(/\n$/, ''),
    ];
  });
}

function* stream(
  process: Process,
  parsed: Parsed,
  script: Script,
  files: readonly string[],
): Generator<Wait, number, void> {
  const output: Output = (text) => process.print(text);
  const silent = parsed.has('-n') || script.silent;
  if (!parsed.has('-s')) {
    const input = new Input(process, files);
    const status = yield* new Editor(process, script.commands, silent, input, output).run();
    return status ?? (input.failed ? 2 : 0);
  }
  let failed = false;
  for (const file of files) {
    const input = new Input(process, [file]);
    const status = yield* new Editor(process, script.commands, silent, input, output).run();
    failed ||= input.failed;
    if (status !== undefined) return status;
  }
  return failed ? 2 : 0;
}

/** Each file is edited by itself; what is printed replaces it when its end is reached. */
function* inPlace(
  process: Process,
  parsed: Parsed,
  script: Script,
  files: readonly string[],
): Generator<Wait, number, void> {
  const { fs } = process.machine;
  const suffix = parsed.value('-i');
  let result = 0;
  for (const file of files) {
    const path = process.path(file);
    const stat = fs.stat(path, process);
    if (!stat.ok) {
      yield* process.printError(`sed: can't read ${file}: ${strerror(stat.error.errno)}\n`);
      result = 2;
      continue;
    }
    if (stat.value.kind !== 'file') throw new SedError(`couldn't edit ${file}: not a regular file`, 4);
    const original = fs.readFile(path, process);
    const written: string[] = [];
    // biome-ignore lint/correctness/useYield: an output that never waits
    const output: Output = function* (text) {
      written.push(text);
    };
    const input = new Input(process, [file]);
    const status = yield* new Editor(process, script.commands, parsed.has('-n') || script.silent, input, output).run();
    yield* input.rest((line) => written.push(line));
    if (suffix && original.ok)
      fs.writeFile(
        suffix.includes('*') ? `${dirOf(path)}${suffix.replaceAll('*', baseOf(path))}` : path + suffix,
        original.value,
      );
    const saved = fs.writeFile(path, written.join(''), { mode: stat.value.mode });
    if (!saved.ok) throw new SedError(`couldn't write to ${file}: ${strerror(saved.error.errno)}`, 4);
    if (status !== undefined) return status;
  }
  return result;
}

const dirOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
