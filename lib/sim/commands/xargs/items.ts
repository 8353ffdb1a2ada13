/** What xargs reads: items in order, the line each stands on, and what is wrong behind the last of them. */
export type Items = {
  readonly items: readonly string[];
  readonly lineOf: readonly number[];
  readonly error: string | undefined;
};

export function itemsByDelimiter(text: string, delimiter: string): Items {
  const items =
    text === ''
      ? []
      : text.endsWith(delimiter)
        ? text.slice(0, -delimiter.length).split(delimiter)
        : text.split(delimiter);
  return { items, lineOf: items.map((_, i) => i), error: undefined };
}

/** Items between blanks, with quotes and backslashes as in a shell; with -I an item is a whole line less its leading blanks. */
export function itemsByBlanks(text: string, wholeLines: boolean): Items {
  const items: string[] = [];
  const lineOf: number[] = [];
  let line = 0;
  let item: string | undefined;
  const end = () => {
    if (item !== undefined) {
      items.push(item);
      lineOf.push(line);
    }
    item = undefined;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\n') {
      end();
      // A blank at the end of a line continues it on the next one (-L).
      if (!/[ \t]/.test(text[i - 1] ?? '') && (i === 0 || text[i - 1] !== '\n')) line++;
    } else if ((c === ' ' || c === '\t') && !(wholeLines && item !== undefined)) end();
    else if (c === '"' || c === "'") {
      const close = text.indexOf(c, i + 1);
      const newline = text.indexOf('\n', i + 1);
      if (close < 0 || (newline >= 0 && newline < close)) {
        const kind = c === '"' ? 'double' : 'single';
        return {
          items,
          lineOf,
          error: `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`,
        };
      }
      item = (item ?? '') + text.slice(i + 1, close);
      i = close;
    } else if (c === '\\' && i + 1 < text.length) item = (item ?? '') + (text[++i] as string);
    else item = (item ?? '') + c;
  }
  end();
  return { items, lineOf, error: undefined };
}
