import { decodeText, type Process, type Wait } from '../../os/index.ts';

export type CommandLine = { readonly number: number; readonly words: readonly string[] };

/** The lines of a batch file (`-` is standard input): comments, continued lines and quotes as getcmdline() and makeargs() read them. */
export function* readCommandLines(process: Process, file: string): Generator<Wait, CommandLine[] | undefined, void> {
  let text: string;
  if (file === '-') text = yield* process.readAll(0);
  else {
    const read = process.machine.fs.readFile(process.path(file), process);
    if (!read.ok) return undefined;
    text = decodeText(read.value);
  }
  return commandLines(text);
}

export function commandLines(text: string): CommandLine[] {
  const lines: CommandLine[] = [];
  let continued = '';
  text.split('\n').forEach((line, i) => {
    const stripped = line.replace(/#.*$/, '');
    if (stripped.endsWith('\\')) {
      continued += stripped.slice(0, -1);
      return;
    }
    const words = splitWords(continued + stripped);
    continued = '';
    if (words.length > 0) lines.push({ number: i + 1, words });
  });
  return lines;
}

function splitWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}
