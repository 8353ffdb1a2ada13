export type HistoryExpansion = { readonly line: string; readonly changed: boolean; readonly problem?: string };

/** `!!`, `!5`, `!-2`, `!text`, `!?text?`, `!$`, `!*`, `!^` and `^old^new` (bash(1), HISTORY EXPANSION). Single quotes protect. */
export function expandHistory(line: string, history: readonly string[]): HistoryExpansion {
  const quick = /^\^([^^]+)\^([^^\n]*)\^?$/.exec(line);
  if (quick !== null) {
    const last = history.at(-1);
    const [, old = '', by = ''] = quick;
    if (last === undefined || !last.includes(old))
      return { line, changed: false, problem: `:s${line}: substitution failed` };
    return { line: last.replace(old, () => by), changed: true };
  }
  let out = '';
  let quote = '';
  let changed = false;
  for (let i = 0; i < line.length; ) {
    const c = line[i] as string;
    if (c === '\\' && quote !== "'") {
      out += line.slice(i, i + 2);
      i += 2;
      continue;
    }
    if ((c === "'" && quote !== '"') || (c === '"' && quote !== "'"))
      quote = quote === c ? '' : quote === '' ? c : quote;
    const event =
      c === '!' && quote !== "'"
        ? /^!(?:(!)|(-?\d+)|\?([^?\n]+)\??|([$*^])|([^\s=(;&|)"'!$*^?:-][^\s;&|()<>:"'$*^]*))(?::?([$*^]|:\d+))?/.exec(
            line.slice(i),
          )
        : null;
    if (event === null) {
      out += c;
      i++;
      continue;
    }
    const found = findEvent(event, history);
    if (found === undefined) return { line, changed: false, problem: `${event[0]}: event not found` };
    out += selectWords(found, event[4] ?? event[6]);
    changed = true;
    i += event[0].length;
  }
  return { line: out, changed };
}

function findEvent(event: RegExpExecArray, history: readonly string[]): string | undefined {
  const [, last, number, containing, , beginning] = event;
  if (last !== undefined || event[4] !== undefined) return history.at(-1);
  if (number !== undefined) return Number(number) < 0 ? history.at(Number(number)) : history[Number(number) - 1];
  if (containing !== undefined) return history.findLast((line) => line.includes(containing));
  return history.findLast((line) => line.startsWith(beginning ?? ''));
}

function selectWords(line: string, designator: string | undefined): string {
  if (designator === undefined) return line;
  const words = line.split(/\s+/);
  if (designator === '$') return words.at(-1) ?? '';
  if (designator === '^') return words[1] ?? '';
  return designator === '*' ? words.slice(1).join(' ') : (words[Number(designator.slice(1))] ?? '');
}
