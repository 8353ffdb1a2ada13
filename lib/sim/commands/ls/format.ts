import { type Process, strftime } from '../../os/index.ts';
import { modeText, ownerName } from '../ownership.ts';
import { quoteName, shellName } from '../quoting.ts';
import { humanSize } from '../sizes.ts';
import type { Entry } from './entry.ts';
import type { Listing } from './ls.ts';

/** Files older than this show their year instead of the time of day. */
const HALF_YEAR = (31_556_952 / 2) * 1_000_000;

const BLOCK = 4_096;

/** What a file occupies, in KiB: whole blocks of the disk; synthesised files occupy nothing. */
const kilobytes = (entry: Entry): number =>
  entry.stat.kind === 'file' || entry.stat.kind === 'directory'
    ? (Math.ceil(entry.stat.size / BLOCK) * BLOCK) / 1_024
    : 0;

/** Major and minor numbers of the devices that every machine has (devices.txt of the kernel). */
const DEVICES: Record<string, string> = {
  null: '1, 3',
  zero: '1, 5',
  full: '1, 7',
  random: '1, 8',
  urandom: '1, 9',
  tty: '5, 0',
};

export function formatEntries(process: Process, entries: readonly Entry[], listing: Listing, total: boolean): string {
  const { parsed } = listing;
  const sum = entries.reduce((blocks, entry) => blocks + kilobytes(entry), 0);
  const heading =
    total && (listing.layout === 'long' || parsed.has('-s'))
      ? `total ${parsed.has('-h') ? humanSize(sum * 1_024) : sum}\n`
      : '';
  if (listing.layout === 'long') return heading + formatLong(process, entries, listing);
  const prefixes = prefixesOf(entries, listing);
  const padded =
    listing.layout === 'columns' && listing.quote && entries.some((entry) => isQuoted(entry.name, listing));
  const cells = entries.map((entry, i) => {
    const text = nameText(entry, listing, padded);
    return { plain: (prefixes[i] ?? '') + text.plain, shown: (prefixes[i] ?? '') + text.shown };
  });
  switch (listing.layout) {
    case 'commas':
      return `${heading}${wrapCommas(
        cells.map((cell) => cell.shown),
        listing.width,
      )}\n`;
    case 'columns':
    case 'across':
      return cells.length === 0 ? heading : heading + formatColumns(cells, listing);
    default:
      return heading + cells.map((cell) => `${cell.shown}\n`).join('');
  }
}

function prefixesOf(entries: readonly Entry[], { parsed }: Listing): string[] {
  const inodes = entries.map((entry) => String(entry.stat.ino));
  const sizes = entries.map((entry) =>
    parsed.has('-h') ? humanSize(kilobytes(entry) * 1_024) : String(kilobytes(entry)),
  );
  const width = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  return entries.map(
    (_, i) =>
      `${parsed.has('-i') ? `${inodes[i]?.padStart(width(inodes))} ` : ''}${parsed.has('-s') ? `${sizes[i]?.padStart(width(sizes))} ` : ''}`,
  );
}

type Cell = { readonly plain: string; readonly shown: string };

function isQuoted(name: string, listing: Listing): boolean {
  return listing.quote && shellName(name) !== name;
}

/** On a terminal names that need quotes get them, and the others a blank in their place. */
function nameText(entry: Entry, listing: Listing, padded: boolean): Cell {
  const { parsed } = listing;
  const name = parsed.has('-Q')
    ? `"${entry.name.replace(/["\\]/g, '\\$&')}"`
    : isQuoted(entry.name, listing)
      ? quoteName(entry.name)
      : padded
        ? ` ${entry.name}`
        : entry.name;
  const mark = indicator(entry, listing);
  const color = listing.color ? colorOf(entry) : undefined;
  return { plain: name + mark, shown: (color === undefined ? name : `\x1b[0m\x1b[${color}m${name}\x1b[0m`) + mark };
}

function indicator(entry: Entry, { parsed, layout }: Listing): string {
  const { kind, mode } = layout === 'long' && entry.target !== undefined ? entry.followed : entry.stat;
  if (kind === 'directory' && (parsed.has('-F') || parsed.has('-p'))) return '/';
  if (!parsed.has('-F')) return '';
  if (kind === 'symlink') return '@';
  if (kind === 'fifo') return '|';
  if (kind === 'socket') return '=';
  return kind === 'file' && (mode & 0o111) !== 0 ? '*' : '';
}

/** dircolors' defaults. */
function colorOf(entry: Entry): string | undefined {
  if (entry.broken) return '40;31;01';
  switch (entry.stat.kind) {
    case 'directory':
      return (entry.stat.mode & 0o1002) === 0o1002 ? '30;42' : '01;34';
    case 'symlink':
      return '01;36';
    case 'device':
      return '40;33;01';
    case 'fifo':
      return '40;33';
    default:
      return (entry.stat.mode & 0o111) !== 0 ? '01;32' : undefined;
  }
}

function formatLong(process: Process, entries: readonly Entry[], listing: Listing): string {
  const { parsed } = listing;
  const numeric = parsed.has('-n');
  const prefixes = prefixesOf(entries, listing);
  const padded = listing.quote && entries.some((entry) => isQuoted(entry.name, listing));
  const rows = entries.map((entry) => ({
    links: String(entry.stat.nlink),
    owner: numeric ? String(entry.stat.uid) : ownerName(process, '/etc/passwd', entry.stat.uid),
    group: numeric ? String(entry.stat.gid) : ownerName(process, '/etc/group', entry.stat.gid),
    size: sizeText(entry, parsed.has('-h')),
    time: timeText(process, entry, listing),
    name: longName(entry, listing, padded),
  }));
  const width = (column: 'links' | 'owner' | 'group' | 'size' | 'time') =>
    Math.max(0, ...rows.map((row) => row[column].length));
  const widths = {
    links: width('links'),
    owner: width('owner'),
    group: width('group'),
    size: width('size'),
    time: width('time'),
  };
  return rows
    .map((row, i) => {
      const owner = parsed.has('-g') ? '' : `${row.owner.padEnd(widths.owner)} `;
      const group = parsed.has('-o') || parsed.has('-G') ? '' : `${row.group.padEnd(widths.group)} `;
      return `${prefixes[i] ?? ''}${modeText((entries[i] as Entry).stat)} ${row.links.padStart(widths.links)} ${owner}${group}${row.size.padStart(widths.size)} ${row.time.padStart(widths.time)} ${row.name}\n`;
    })
    .join('');
}

function sizeText(entry: Entry, human: boolean): string {
  if (entry.stat.kind === 'device') return DEVICES[entry.name.replace(/.*\//, '')] ?? '136, 0';
  return human ? humanSize(entry.stat.size) : String(entry.stat.size);
}

function timeText(process: Process, entry: Entry, { parsed }: Listing): string {
  const { epoch, events } = process.machine;
  const time = epoch + entry.stat.mtime;
  const style = parsed.has('--full-time') ? 'full-iso' : (parsed.value('--time-style') ?? 'locale');
  if (style.startsWith('+')) return strftime(style.slice(1), time);
  if (style === 'full-iso') return strftime('%Y-%m-%d %H:%M:%S.%N %z', time);
  if (style === 'long-iso') return strftime('%Y-%m-%d %H:%M', time);
  const recent = time > epoch + events.now - HALF_YEAR && time <= epoch + events.now;
  if (style === 'iso') return strftime(recent ? '%m-%d %H:%M' : '%Y-%m-%d ', time);
  return strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', time);
}

function longName(entry: Entry, listing: Listing, padded: boolean): string {
  if (entry.target === undefined) return nameText(entry, listing, padded).shown;
  const bare = nameText(entry, { ...listing, layout: 'lines' }, padded).shown.replace(/@$/, '');
  const target = listing.quote ? shellName(entry.target) : entry.target;
  return `${bare} -> ${target}${entry.broken ? '' : indicator(entry, listing)}`;
}

const widthOf = (text: string): number => [...text].length;

/** As few rows as fit into the width, filled downwards (or across), each column as wide as its widest name and two blanks. */
function formatColumns(cells: readonly Cell[], listing: Listing): string {
  const across = listing.layout === 'across';
  const most = Math.max(1, Math.min(cells.length, Math.floor(listing.width / 3)));
  for (let columns = most; columns >= 1; columns--) {
    const rows = Math.ceil(cells.length / columns);
    const at = (row: number, column: number) => (across ? row * columns + column : column * rows + row);
    const used = across ? columns : Math.ceil(cells.length / rows);
    const widths = Array.from(
      { length: used },
      (_, column) =>
        Math.max(...Array.from({ length: rows }, (__, row) => widthOf(cells[at(row, column)]?.plain ?? ''))) +
        (column < used - 1 ? 2 : 0),
    );
    if (
      columns > 1 &&
      widths.reduce((sum, width) => sum + width, 0) >= listing.width + (used === 1 ? listing.width : 0)
    )
      continue;
    return Array.from({ length: rows }, (_, row) => {
      const line = Array.from({ length: used }, (__, column) => ({
        cell: cells[at(row, column)],
        last: cells[at(row, column + 1)] === undefined || column === used - 1,
        width: widths[column] ?? 0,
      })).filter(({ cell }) => cell !== undefined);
      return `${line.map(({ cell, last, width }) => (cell?.shown ?? '') + (last ? '' : ' '.repeat(width - widthOf(cell?.plain ?? '')))).join('')}\n`;
    }).join('');
  }
  return '';
}

function wrapCommas(names: readonly string[], width: number): string {
  const lines: string[] = [];
  let line = '';
  names.forEach((name, i) => {
    const piece = i < names.length - 1 ? `${name},` : name;
    if (line !== '' && widthOf(line) + 1 + widthOf(piece) + 1 > width) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : `${line} ${piece}`;
  });
  return [...lines, line].join('\n');
}
