import type { CommandSpec } from '../command.ts';
import { program } from '../coreutils.ts';

/** /usr/bin/echo, for `xargs echo` and `ip netns exec NAME echo`; the shell has its own. */
export const echo: CommandSpec = {
  ...program('echo', 'display a line of text'),
  *run(process) {
    const words = process.argv.slice(1);
    let newline = true;
    let escapes = false;
    while (/^-[neE]+$/.test(words[0] ?? '')) {
      for (const letter of (words.shift() as string).slice(1)) {
        if (letter === 'n') newline = false;
        else escapes = letter === 'e';
      }
    }
    const text = words.join(' ');
    const { out, stopped } = escapes ? interpret(text) : { out: text, stopped: false };
    yield* process.print(out + (newline && !stopped ? '\n' : ''));
    return 0;
  },
};

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function interpret(text: string): { out: string; stopped: boolean } {
  const end = /(?<!\\)(?:\\\\)*\\c/.exec(text);
  const body = end === null ? text : text.slice(0, end.index + end[0].length - 2);
  const out = body.replace(/\\(0[0-7]{0,3}|x[0-9a-fA-F]{1,2}|.)/gs, (whole, code: string) => {
    if (code.startsWith('0')) return String.fromCharCode(Number.parseInt(code, 8) & 255);
    if (code.startsWith('x') && code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
  return { out, stopped: end !== null };
}
