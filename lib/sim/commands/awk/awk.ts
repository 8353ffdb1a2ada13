import { strerror } from '../../base/index.ts';
import { encodeText, type Process, type Wait } from '../../os/index.ts';
import { type CommandSpec, notSimulated } from '../command.ts';
import { AwkError } from './ast.ts';
import { Interpreter } from './interpreter.ts';
import { readEscape } from './lexer.ts';
import { parseProgram } from './parser.ts';
import { toBinary } from './records.ts';
import { AWK_USAGE } from './usage.ts';
import { Field } from './value.ts';

/** mawk 1.3.4, Debian's awk. */
export const awk: CommandSpec = {
  name: 'awk',
  aliases: ['mawk'],
  path: '/usr/bin/awk',
  summary: 'pattern scanning and text processing language',
  options: [
    {
      flags: ['-f'],
      value: 'program-file',
      text: 'Program text is read from file instead of from the command-line',
      simulated: true,
    },
    { flags: ['-F'], value: 'value', text: 'sets the field separator, FS, to value', simulated: true },
    { flags: ['-v'], value: 'var=value', text: 'assigns value to program variable var', simulated: true },
    { flags: ['-W'], value: 'option', text: 'implementation-specific options', simulated: false },
  ],
  run,
};

const ERROR = 2;

function* run(process: Process): Generator<Wait, number, void> {
  let interpreter: Interpreter | undefined;
  try {
    const words = process.argv.slice(1).map((word) => toBinary(encodeText(word)));
    const settings = readOptions(process, words);
    if (settings === 'usage') {
      yield* process.printError(AWK_USAGE);
      return 0;
    }
    if (settings === '-W') return yield* notSimulated(process, 'awk', '-W');
    interpreter = new Interpreter(process, parseProgram(settings.source));
    for (const [name, value] of settings.assignments) interpreter.setGlobal(name, new Field(value));
    const status = yield* interpreter.run(settings.operands);
    yield* interpreter.streams.closeAll();
    return status;
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    yield* process.printError(`awk: ${error.message}\n`);
    if (error.unwritten !== '') yield* process.print(error.unwritten);
    if (interpreter !== undefined) yield* interpreter.streams.closeAll();
    return ERROR;
  }
}

type Settings = { source: string; assignments: [string, string][]; operands: readonly string[] };

function readOptions(process: Process, words: readonly string[]): Settings | 'usage' | '-W' {
  const assignments: [string, string][] = [];
  const programs: string[] = [];
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      i++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    const letter = word[1] as string;
    if (letter === 'W') return '-W';
    if (!'fFv'.includes(letter)) throw new AwkError(`not an option: ${word}`);
    const value = word.length > 2 ? word.slice(2) : words[++i];
    if (value === undefined) throw new AwkError(`option -${letter} lacks argument`);
    if (letter === 'F') assignments.push(['FS', unescape(value)]);
    else if (letter === 'f') programs.push(readProgram(process, value));
    else assignments.push(assignment(value));
  }
  const rest = words.slice(i);
  if (programs.length > 0) return { source: programs.join('\n'), assignments, operands: rest };
  const [source, ...operands] = rest;
  return source === undefined ? 'usage' : { source, assignments, operands };
}

function readProgram(process: Process, name: string): string {
  const file = process.machine.fs.readFile(process.path(name), process);
  if (!file.ok) throw new AwkError(`cannot open ${name} (${strerror(file.error.errno)})`);
  return toBinary(file.value);
}

function assignment(text: string): [string, string] {
  const found = /^([A-Za-z_]\w*)=(.*)$/s.exec(text);
  if (found === null) throw new AwkError(`improper assignment: -v ${text}`);
  return [found[1] as string, unescape(found[2] as string)];
}

function unescape(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '\\') {
      out += text[at++];
      continue;
    }
    const escape = readEscape(text, at + 1);
    out += escape.text;
    at = Math.max(escape.end, at + 1);
  }
  return out;
}
