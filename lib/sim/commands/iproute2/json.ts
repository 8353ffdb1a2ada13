/** A value of iproute2's JSON output. `RawNumber` prints as it is written: `0.00`. */
export type Json = string | number | boolean | null | RawNumber | Json[] | { [key: string]: Json };

export class RawNumber {
  constructor(readonly text: string) {}
}

/** As iproute2's json_writer.c prints it, compact or pretty (`-p`): there an array deepens the indentation too. */
export function renderJson(value: Json, pretty: boolean): string {
  return `${render(value, pretty, 0)}\n`;
}

function render(value: Json, pretty: boolean, depth: number): string {
  if (value instanceof RawNumber) return value.text;
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => render(item, pretty, depth + 1)).join(',');
    if (!pretty) return `[${items}]`;
    return items === '' ? '[ ]' : `[ ${items} ]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const indent = (level: number): string => (pretty ? `\n${' '.repeat(4 * level)}` : '');
  const space = pretty ? ' ' : '';
  const lines = entries.map(
    ([key, item]) => `${indent(depth + 1)}${quote(key)}:${space}${render(item, pretty, depth + 1)}`,
  );
  return `{${lines.join(',')}${indent(depth)}}`;
}

/** Escapes what the original escapes, and nothing else. */
function quote(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '\t': '\\t',
    '\n': '\\n',
    '\r': '\\r',
    '\f': '\\f',
    '\b': '\\b',
    '\\': '\\\\',
    '"': '\\"',
  };
  return `"${text.replace(/[\t\n\r\f\b\\"]/g, (c) => escapes[c] ?? c)}"`;
}
