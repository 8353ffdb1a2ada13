/** One measured number. Without a limit it is told, not judged. */
export type Figure = {
  name: string;
  value: number;
  unit: string;
  limit?: { atMost: number } | { atLeast: number };
};

export function holds({ value, limit }: Figure): boolean {
  if (!limit) return true;
  // NaN holds nothing.
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
}

export function table(figures: Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${rounded(figure.value)} ${figure.unit}`,
    limitText(figure),
    figure.limit ? (holds(figure) ? 'holds' : 'MISSED') : '',
  ]);
  const head = ['figure', 'measured', 'limit', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

function limitText({ limit, unit }: Figure): string {
  if (!limit) return '';
  return 'atMost' in limit ? `≤ ${limit.atMost} ${unit}` : `≥ ${limit.atLeast} ${unit}`;
}

const rounded = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
