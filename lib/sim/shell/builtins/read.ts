import { strerror } from '../../base/index.ts';
import { concatBytes, decodeText, isTty, type Wait } from '../../os/index.ts';
import type { Shell } from '../shell.ts';
import { isName } from '../variables.ts';
import { type Builtins, parseOptions } from './builtin.ts';

type Run = Generator<Wait, number, void>;

const READ_USAGE =
  'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]';
/** What bash returns when -t ran out: above 128. */
const TIMED_OUT = 142;

type Settings = {
  readonly fd: number;
  readonly delimiter: number;
  readonly raw: boolean;
  readonly characters: number | undefined;
  readonly exactly: boolean;
  readonly deadline: number | undefined;
};

/** What was read: characters with a mark on those that a backslash protects. */
type Line = {
  readonly text: string;
  readonly escaped: readonly boolean[];
  readonly ended: 'delimiter' | 'eof' | 'count' | 'timeout';
};

function* read(shell: Shell, args: readonly string[]): Run {
  const parsed = yield* parseOptions(shell, 'read', READ_USAGE, 'ersa:d:i:n:N:p:t:u:', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  for (const name of operands) {
    if (isName(name.replace(/\[.*\]$/, ''))) continue;
    yield* shell.printError(`read: \`${name}': not a valid identifier`);
    return 1;
  }
  const settings = settingsOf(shell, flags);
  const file = shell.process.fds.get(settings.fd);
  if (file === undefined) {
    yield* shell.printError(
      `read: ${flags.has('u') ? `${settings.fd}: invalid file descriptor: ` : 'read error: 0: '}${strerror('EBADF')}`,
    );
    return 1;
  }
  const prompt = flags.get('p');
  if (prompt !== undefined && isTty(file)) yield* shell.process.printError(prompt);
  const tty = flags.has('s') && isTty(file) ? file : undefined;
  if (tty !== undefined) tty.echo = false;
  try {
    const line = yield* readDelimited(shell, settings);
    store(shell, line, operands, flags.get('a'), settings.exactly);
    return line.ended === 'timeout' ? TIMED_OUT : line.ended === 'eof' ? 1 : 0;
  } finally {
    if (tty !== undefined) tty.echo = true;
  }
}

function settingsOf(shell: Shell, flags: ReadonlyMap<string, string>): Settings {
  const delimiter = flags.get('d');
  const count = flags.get('N') ?? flags.get('n');
  const timeout = flags.get('t');
  return {
    fd: Number(flags.get('u') ?? 0),
    delimiter: delimiter === undefined ? 10 : delimiter === '' ? 0 : delimiter.charCodeAt(0),
    raw: flags.has('r'),
    characters: count === undefined ? undefined : Number(count),
    exactly: flags.has('N'),
    deadline: timeout === undefined ? undefined : shell.process.machine.events.now + Number(timeout) * 1_000_000,
  };
}

/** Reads no further than the line, so that the next command finds the rest. */
function* readDelimited(shell: Shell, settings: Settings): Generator<Wait, Line, void> {
  let text = '';
  const escaped: boolean[] = [];
  for (;;) {
    if (settings.characters !== undefined && [...text].length >= settings.characters)
      return { text, escaped, ended: 'count' };
    const piece = yield* readPiece(shell, settings);
    if (piece === 'timeout' || piece === undefined)
      return { text, escaped, ended: piece === undefined ? 'eof' : 'timeout' };
    const terminated = !settings.exactly && piece.at(-1) === settings.delimiter;
    const characters = decodeText(terminated ? piece.subarray(0, -1) : piece).replaceAll('\0', '');
    const continues = take(characters, settings.raw, terminated, (c, isEscaped) => {
      text += c;
      for (let i = 0; i < c.length; i++) escaped.push(isEscaped);
    });
    if (terminated && !continues) return { text, escaped, ended: 'delimiter' };
  }
}

/** Removes backslashes; true when the last one continues the line. */
function take(text: string, raw: boolean, terminated: boolean, add: (c: string, escaped: boolean) => void): boolean {
  if (raw) {
    add(text, false);
    return false;
  }
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\') add(text[i] as string, false);
    else if (i + 1 < text.length) add(text[++i] as string, true);
    else return terminated;
  }
  return false;
}

function* readPiece(shell: Shell, settings: Settings): Generator<Wait, Uint8Array | 'timeout' | undefined, void> {
  const { process } = shell;
  const file = process.fds.get(settings.fd);
  if (settings.deadline !== undefined && file !== undefined) {
    const probe = () => process.machine.events.now;
    while (file.kind === 'pipe' || file.kind === 'tty') {
      const result = file.read(settings.characters === undefined ? 65_536 : 1, settings.delimiter);
      if (!result.ok || result.value === 'eof') return undefined;
      if (result.value !== 'again') return result.value;
      if (probe() >= settings.deadline) return 'timeout';
      yield { queues: [file.readable], until: settings.deadline };
    }
  }
  // In a file a line ends at its delimiter; with -n single bytes are enough of a step.
  const result = yield* process.read(settings.fd, settings.characters === undefined ? 65_536 : 1, settings.delimiter);
  return result.ok && result.value.length > 0 ? result.value : undefined;
}

function store(shell: Shell, line: Line, names: readonly string[], array: string | undefined, exactly: boolean): void {
  const { variables } = shell;
  if (array !== undefined) {
    variables.setArray(
      array,
      splitLine(line, shell.ifs, Number.POSITIVE_INFINITY).map((text) => [undefined, text] as const),
      false,
    );
    return;
  }
  if (names.length === 0) {
    variables.set('REPLY', line.text);
    return;
  }
  const fields = exactly ? [line.text] : splitLine(line, shell.ifs, names.length);
  for (const [i, name] of names.entries()) {
    const element = /^(\w+)\[(.*)\]$/.exec(name);
    if (element === null) variables.set(name, fields[i] ?? '');
    else variables.setElement(element[1] as string, element[2] as string, fields[i] ?? '');
  }
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\n';

/** Cuts at IFS; the last of `count` fields takes the rest, without the blanks around it. */
export function splitLine(line: Pick<Line, 'text' | 'escaped'>, ifs: string, count: number): string[] {
  const { text, escaped } = line;
  const separates = (i: number): boolean => i < text.length && !escaped[i] && ifs.includes(text[i] as string);
  const blank = (i: number): boolean => separates(i) && isBlank(text[i] as string);
  const fields: string[] = [];
  let i = 0;
  while (blank(i)) i++;
  while (i < text.length) {
    const start = i;
    if (fields.length === count - 1) return [...fields, lastField(text, escaped, start, ifs)];
    while (i < text.length && !separates(i)) i++;
    fields.push(text.slice(start, i));
    while (blank(i)) i++;
    if (separates(i)) {
      i++;
      while (blank(i)) i++;
    }
  }
  return fields;
}

/** The rest of a line loses its blanks at the end, and one delimiter when that is all that remains behind one field. */
function lastField(text: string, escaped: readonly boolean[], start: number, ifs: string): string {
  let end = text.length;
  const separates = (i: number): boolean => !escaped[i] && ifs.includes(text[i] as string);
  while (end > start && separates(end - 1) && isBlank(text[end - 1] as string)) end--;
  if (end > start && separates(end - 1)) {
    const inner = Array.from({ length: end - 1 - start }, (_, k) => start + k).some((k) => separates(k));
    if (!inner) end--;
  }
  return text.slice(start, end);
}

const MAPFILE_USAGE =
  'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]';

function* mapfile(shell: Shell, args: readonly string[], { name }: { name: string }): Run {
  const usage = MAPFILE_USAGE.replace('mapfile', name);
  const parsed = yield* parseOptions(shell, name, usage, 'd:n:O:s:tu:C:c:', args);
  if (!parsed.ok) return parsed.status;
  const { flags, operands } = parsed;
  const delimiter = flags.has('d') ? (flags.get('d') as string).charCodeAt(0) || 0 : 10;
  const most = Number(flags.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  let skip = Number(flags.get('s') ?? 0);
  while (lines.length < most) {
    const line = yield* readWhole(shell, Number(flags.get('u') ?? 0), delimiter);
    if (line === undefined) break;
    if (skip-- > 0) continue;
    lines.push(decodeText(flags.has('t') && line.at(-1) === delimiter ? line.subarray(0, -1) : line));
  }
  const origin = Number(flags.get('O') ?? 0);
  shell.variables.setArray(
    operands[0] ?? 'MAPFILE',
    lines.map((line, i) => [origin + i, line] as const),
    flags.has('O'),
  );
  return 0;
}

function* readWhole(shell: Shell, fd: number, delimiter: number): Generator<Wait, Uint8Array | undefined, void> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const result = yield* shell.process.read(fd, 65_536, delimiter);
    if (!result.ok || result.value.length === 0) return chunks.length === 0 ? undefined : concatBytes(chunks);
    chunks.push(result.value);
    if (result.value.at(-1) === delimiter) return concatBytes(chunks);
  }
}

export const readBuiltins: Builtins = {
  read: { usage: READ_USAGE, run: read },
  mapfile: { usage: MAPFILE_USAGE, run: mapfile },
  readarray: { usage: MAPFILE_USAGE.replace('mapfile', 'readarray'), run: mapfile },
};
