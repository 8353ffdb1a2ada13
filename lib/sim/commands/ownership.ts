import { decodeText, type Process, type Stat } from '../os/index.ts';

/** The letters of `ls -l` for what a file is. */
const TYPE_LETTER: Record<Stat['kind'], string> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  device: 'c',
  fifo: 'p',
  socket: 's',
};

/** `drwxr-xr-x`, with s, S, t and T where the special bits are set. */
export function modeText(stat: Pick<Stat, 'kind' | 'mode'>): string {
  const { mode } = stat;
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = (mode >> shift) & 7;
    const execute = mode & special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${execute}`;
  };
  return TYPE_LETTER[stat.kind] + triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}

type Database = '/etc/passwd' | '/etc/group';

function entries(process: Process, database: Database): string[][] {
  const file = process.machine.fs.readFile(database, process);
  return file.ok
    ? decodeText(file.value)
        .split('\n')
        .map((line) => line.split(':'))
    : [];
}

/** The name of a user or group by its number, the number where it has none. */
export function ownerName(process: Process, database: Database, id: number): string {
  return entries(process, database).find(([, , number]) => number === String(id))?.[0] ?? String(id);
}

/** The number of a user or group by its name or number; undefined when there is none. */
export function ownerId(process: Process, database: Database, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const id = entries(process, database).find(([known]) => known === name)?.[2];
  return id === undefined ? undefined : Number(id);
}
