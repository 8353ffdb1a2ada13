import type { LinkMessage } from '../../kernel/index.ts';
import type { Options, Session } from '../iproute2/session.ts';

/** Errors that software devices do not have: the second table of `-s -s`. */
const NO_ERRORS = [0, 0, 0, 0, 0];

type Table = { readonly title: string; readonly heads: readonly string[]; readonly values: readonly number[] };

/** `ip -s link` (print_stats64()): columns as wide as the widest number under or head over them. */
export function printStatistics(session: Session, link: LinkMessage): void {
  if (session.out.isJson) return printJson(session, link);
  const tables = statisticsTables(link, session.options.statistics > 1);
  const widths = columnWidths(tables);
  tables.forEach((table, i) => {
    if (i > 0) session.out.newline();
    printTable(session, table, widths);
  });
}

function statisticsTables(link: LinkMessage, withErrors: boolean): Table[] {
  const s = link.stats;
  const rx: Table = {
    title: 'RX:',
    heads: ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast'],
    values: [s.rxBytes, s.rxPackets, s.rxErrors, s.rxDropped, s.rxMissed, s.multicast],
  };
  const tx: Table = {
    title: 'TX:',
    heads: ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns'],
    values: [s.txBytes, s.txPackets, s.txErrors, s.txDropped, s.txCarrierErrors, s.collisions],
  };
  if (!withErrors) return [rx, tx];
  const rxErrors: Table = {
    title: 'RX errors:',
    heads: ['length', 'crc', 'frame', 'fifo', 'overrun'],
    values: NO_ERRORS,
  };
  const txErrors: Table = {
    title: 'TX errors:',
    heads: ['aborted', 'fifo', 'window', 'heartbt', 'transns'],
    values: [0, 0, 0, 0, link.carrierChanges],
  };
  return [rx, rxErrors, tx, txErrors];
}

const isErrors = (table: Table): boolean => table.title.length > 3;

function columnWidths(tables: readonly Table[]): number[] {
  const widths = ['*X errors:', 'packets', 'errors', 'dropped', 'heartbt', 'overrun', 'compressed'].map(
    (head) => head.length,
  );
  for (const table of tables) {
    const shift = isErrors(table) ? 1 : 0;
    table.values.forEach((value, i) => {
      widths[i + shift] = Math.max(widths[i + shift] ?? 0, String(value).length);
    });
  }
  return widths;
}

function printTable({ out, options }: Session, table: Table, widths: readonly number[]): void {
  const width = (i: number): number => widths[i] ?? 0;
  const shift = isErrors(table) ? 1 : 0;
  const heads = table.heads.map((head, i) =>
    head.padStart(width(i + shift) - (i + shift === 0 ? table.title.length + 1 : 0)),
  );
  if (shift === 1) out.text(`    ${table.title}${' '.repeat(width(0) - 10)} ${heads.join(' ')}`);
  else out.text(`    ${table.title} ${heads.join(' ')} ${' '.repeat(width(6))}`);
  out.newline();
  out.text(shift === 1 ? ' '.repeat(width(0) + 5) : '    ');
  out.text(table.values.map((value, i) => `${scaled(value, options).padStart(width(i + shift))} `).join(''));
}

/** print_num(): with -h, thousands as k, M, G with two or fewer digits after the point; with -iec, of 1024. */
export function scaled(count: number, { human, iec }: Options): string {
  const base = iec ? 1024 : 1000;
  if (!human || count < base) return String(count);
  const prefixes = 'kMGTPE';
  let power = base;
  let prefix = 0;
  while (count / base >= power && prefix < prefixes.length - 1) {
    power *= base;
    prefix++;
  }
  let precision = 2;
  for (let bound = 10; precision > 0 && count / power >= bound; bound *= 10) precision--;
  return `${(count / power).toFixed(precision)}${prefixes[prefix]}${iec ? 'i' : ''}`;
}

function printJson({ out, options }: Session, link: LinkMessage): void {
  const s = link.stats;
  const errors = (names: readonly string[]): Record<string, number> =>
    options.statistics > 1 ? Object.fromEntries(names.map((name) => [name, 0])) : {};
  out.json('stats64', {
    rx: {
      ...{
        bytes: s.rxBytes,
        packets: s.rxPackets,
        errors: s.rxErrors,
        dropped: s.rxDropped,
        over_errors: 0,
        multicast: s.multicast,
      },
      ...errors(['length_errors', 'crc_errors', 'frame_errors', 'fifo_errors', 'missed_errors']),
    },
    tx: {
      ...{ bytes: s.txBytes, packets: s.txPackets, errors: s.txErrors, dropped: s.txDropped },
      ...{ carrier_errors: s.txCarrierErrors, collisions: s.collisions },
      ...errors(['aborted_errors', 'fifo_errors', 'window_errors', 'heartbeat_errors']),
      ...(options.statistics > 1 ? { carrier_changes: link.carrierChanges } : {}),
    },
  });
}
