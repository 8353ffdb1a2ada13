import type { Shell } from '../shell.ts';
import { ansiCString } from '../syntax/ansi-c.ts';
import { AssociativeArray, elements, type Variable } from '../variables.ts';
import { Pattern } from './pattern.ts';

/** ${x#p} ${x##p} ${x%p} ${x%%p} */
export function removePattern(text: string, source: string, side: 'prefix' | 'suffix', greedy: boolean): string {
  const pattern = new Pattern(source);
  const characters = [...text];
  if (side === 'prefix') {
    const ends = pattern.ends(characters, 0);
    return ends === undefined ? text : characters.slice(greedy ? ends.last : ends.first).join('');
  }
  const starts = Array.from({ length: characters.length + 1 }, (_, i) => (greedy ? i : characters.length - i));
  const start = starts.find((from) => pattern.endsText(characters, from));
  return start === undefined ? text : characters.slice(0, start).join('');
}

/** ${x/p/by} and its kin; each match is the longest at its place. `&` in `by` is not special to what was expanded. */
export function replacePattern(
  text: string,
  source: string,
  by: string,
  where: 'first' | 'all' | 'prefix' | 'suffix',
  ignoreCase: boolean,
): string {
  if (source === '') return where === 'prefix' ? by + text : where === 'suffix' ? text + by : text;
  const pattern = new Pattern(source, { ignoreCase });
  const original = [...text];
  const characters = ignoreCase ? [...text.toLowerCase()] : original;
  if (where === 'suffix') {
    for (let from = 0; from <= characters.length; from++) {
      if (pattern.endsText(characters, from)) return original.slice(0, from).join('') + by;
    }
    return text;
  }
  let result = '';
  let at = 0;
  while (at <= characters.length) {
    const end = pattern.ends(characters, at)?.last ?? -1;
    if (end > at || (end === at && characters.length === 0)) {
      result += by;
      at = end;
      if (where !== 'all' || characters.length === 0) break;
    } else {
      if (where === 'prefix') break;
      const next = pattern.isFixed ? at + 1 : (pattern.leftmost(characters, at + 1) ?? characters.length);
      result += original.slice(at, Math.max(next, at + 1)).join('');
      at = Math.max(next, at + 1);
    }
  }
  return result + original.slice(at).join('');
}

/** ${x^p} ${x^^p} ${x,p} ${x,,p} */
export function changeCase(text: string, to: 'upper' | 'lower', all: boolean, source: string): string {
  const pattern = new Pattern(source);
  const change = (c: string) => (to === 'upper' ? c.toUpperCase() : c.toLowerCase());
  return [...text].map((c, i) => ((all || i === 0) && pattern.matches(c) ? change(c) : c)).join('');
}

/** ${x@Q} and its kin. */
export function transform(shell: Shell, name: string, text: string, letter: string): string {
  const variable = shell.variable(name);
  switch (letter) {
    case 'U':
      return text.toUpperCase();
    case 'u':
      return changeCase(text, 'upper', false, '?');
    case 'L':
      return text.toLowerCase();
    case 'E':
      return ansiCString(text);
    case 'a':
      return attributes(variable);
    case 'A': {
      const flags = attributes(variable);
      return flags === '' ? `${name}=${shellQuote(text)}` : `declare -${flags} ${name}=${shellQuote(text)}`;
    }
    case 'K':
    case 'k':
      return elements(variable).length > 1
        ? elements(variable)
            .map(([key, value]) => `${key} "${value}"`)
            .join(' ')
        : shellQuote(text);
    default:
      return shellQuote(text);
  }
}

export function attributes(variable: Variable | undefined): string {
  if (variable === undefined) return '';
  const { value } = variable;
  const kind = value instanceof Map ? (value instanceof AssociativeArray ? 'A' : 'a') : '';
  return `${kind}${variable.integer ? 'i' : ''}${variable.case === 'lower' ? 'l' : ''}${variable.nameref ? 'n' : ''}${variable.readonly ? 'r' : ''}${variable.case === 'upper' ? 'u' : ''}${variable.exported ? 'x' : ''}`;
}

/** Quoted so that the shell reads it back: 'it'\''s', or $'…' where control characters are in it. */
export function shellQuote(text: string): string {
  return /[\0-\x1f\x7f\udc80-\udcff]/.test(text) ? ansiQuote(text) : `'${text.replaceAll("'", "'\\''")}'`;
}

const ESCAPES: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\x1b': '\\E',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
};

export function ansiQuote(text: string): string {
  const escaped = text.replace(
    /[\0-\x1f\x7f\\'\udc80-\udcff]/g,
    (c) => ESCAPES[c] ?? `\\${(c.charCodeAt(0) & 255).toString(8).padStart(3, '0')}`,
  );
  return `$'${escaped}'`;
}
