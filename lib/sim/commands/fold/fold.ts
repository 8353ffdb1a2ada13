import type { CommandSpec } from '../command.ts';
import { eachInput, eachLine, failure, option, program, quoted } from '../coreutils.ts';
import { getopt } from '../getopt.ts';

export const fold: CommandSpec = {
  ...program('fold', 'wrap each input line to fit in specified width', [
    option('-b --bytes', 'count bytes rather than columns'),
    option('-s --spaces', 'break at spaces'),
    option('-w --width', 'use WIDTH columns instead of 80', 'WIDTH'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, fold);
    if (typeof parsed === 'number') return parsed;
    const text = parsed.value('-w') ?? '80';
    const width = Number(text);
    if (!/^\d+$/.test(text) || width === 0)
      return yield* failure(process, 'fold', `invalid number of columns: ${quoted(text)}`);
    return yield* eachInput(process, 'fold', parsed.operands, (fd) =>
      eachLine(process, fd, function* (line) {
        yield* process.print(wrap(line.text, width, parsed.has('-s')) + (line.newline ? '\n' : ''));
      }),
    );
  },
};

function wrap(text: string, width: number, atSpaces: boolean): string {
  const pieces: string[] = [];
  let rest = [...text];
  while (rest.length > width) {
    const space = atSpaces ? rest.slice(0, width).lastIndexOf(' ') : -1;
    const cut = space >= 0 ? space + 1 : width;
    pieces.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  return [...pieces, rest.join('')].join('\n');
}
