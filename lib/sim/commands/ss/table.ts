/** A column of ss's output, and what stands between it and the one before. */
type Column = { readonly head: string; readonly align: 'left' | 'right'; readonly delimiter: string };

const COLUMNS = {
  netid: { head: 'Netid', align: 'left', delimiter: '' },
  state: { head: 'State', align: 'left', delimiter: ' ' },
  recvQ: { head: 'Recv-Q', align: 'left', delimiter: ' ' },
  sendQ: { head: 'Send-Q', align: 'left', delimiter: ' ' },
  localAddress: { head: 'Local Address:', align: 'right', delimiter: ' ' },
  localPort: { head: 'Port', align: 'left', delimiter: '' },
  peerAddress: { head: 'Peer Address:', align: 'right', delimiter: ' ' },
  peerPort: { head: 'Port', align: 'left', delimiter: '' },
  process: { head: 'Process', align: 'left', delimiter: '' },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof COLUMNS;
export type Row = Readonly<Record<ColumnName, string>>;

const NAMES = Object.keys(COLUMNS) as ColumnName[];
const HEAD = Object.fromEntries(NAMES.map((name) => [name, COLUMNS[name].head])) as Row;

/**
 * Lays rows out as ss does: columns as wide as their longest content, and on a terminal, `width` columns wide, the rest of the
 * line shared out among them. What does not fit a line goes on in the next.
 */
export function renderTable(
  rows: readonly Row[],
  how: { readonly header: boolean; readonly hidden: readonly ColumnName[]; readonly width: number | undefined },
): string {
  const all = how.header ? [HEAD, ...rows] : rows;
  const names = NAMES.filter((name) => !how.hidden.includes(name));
  const widths = measure(all, names, how.width);
  return all.map((row) => `${line(row, names, widths)}\n`).join('');
}

type Widths = Map<ColumnName, number>;

function measure(rows: readonly Row[], names: readonly ColumnName[], screen: number | undefined): Widths {
  const widths: Widths = new Map();
  let first = true;
  for (const name of names) {
    const longest = Math.max(0, ...rows.map((row) => row[name].length));
    const width = longest + (first || longest === 0 ? 0 : COLUMNS[name].delimiter.length);
    widths.set(name, Math.min(width, screen ?? width));
    if (width > 0) first = false;
  }
  if (screen !== undefined)
    spread(
      widths,
      names.filter((name) => (widths.get(name) ?? 0) > 0),
      screen,
    );
  return widths;
}

/** render_calc_width(): the room that is left on each line goes to its columns, from the right. */
function spread(widths: Widths, names: readonly ColumnName[], screen: number): void {
  let begin = 0;
  let length = 0;
  for (let i = 0; i < names.length; i++) {
    const width = widths.get(names[i] as ColumnName) ?? 0;
    length += width;
    const isLast = i === names.length - 1;
    if (!isLast && length < screen) continue;
    if (length > screen && i > begin) {
      length -= width;
      i--;
    }
    share(widths, names.slice(begin, i + 1), Math.max(0, screen - length));
    begin = i + 1;
    length = 0;
  }
}

function share(widths: Widths, names: readonly ColumnName[], room: number): void {
  const each = Math.floor(room / names.length);
  let rest = room % names.length;
  for (const name of [...names].reverse()) {
    widths.set(name, (widths.get(name) ?? 0) + each + (rest > 0 ? 1 : 0));
    rest = Math.max(0, rest - 1);
  }
}

function line(row: Row, names: readonly ColumnName[], widths: Widths): string {
  let text = '';
  for (const [i, name] of names.entries()) {
    const { align, delimiter } = COLUMNS[name];
    const between = i === 0 ? '' : delimiter;
    const width = widths.get(name) ?? 0;
    const content = row[name];
    text +=
      align === 'left' ? `${between}${content}`.padEnd(width) : between + content.padStart(width - between.length);
  }
  return text;
}
