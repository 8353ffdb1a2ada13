import { type Errno, strerror } from '../base/index.ts';
import { Exit, type Process, type Wait } from '../os/index.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { closeInput, type Line, LineReader, openInput } from './lines.ts';

/** One option of a command's data: flags separated by blanks, its text, and the name of its value where it takes one. */
export const option = (flags: string, text: string, value?: string): OptionSpec => ({
  flags: flags.split(' '),
  text,
  simulated: true,
  ...(value !== undefined && { value }),
});

/** An option that the real tool has and this one lacks. */
export const missing = (flags: string, text: string, value?: string): OptionSpec => ({
  ...option(flags, text, value),
  simulated: false,
});

/** A usage error of a coreutils program: its message, and where help is to be had. */
export function* usageError(
  process: Process,
  name: string,
  message: string,
  status = 1,
): Generator<Wait, number, void> {
  yield* process.printError(`${name}: ${message}\nTry '${name} --help' for more information.\n`);
  return status;
}

/** An error of a program; its exit status. */
export function* failure(process: Process, name: string, message: string, status = 1): Generator<Wait, number, void> {
  yield* process.printError(`${name}: ${message}\n`);
  return status;
}

type Use = (fd: number, operand: string) => Generator<Wait, Errno | undefined | void, void>;

/**
 * Opens each operand (standard input where there is none) and hands it to `use`; complains as most tools do, goes on with
 * the next one, and gives the exit status. `use` returns the errno of a read that failed.
 */
export function* eachInput(
  process: Process,
  name: string,
  operands: readonly string[],
  use: Use,
): Generator<Wait, number, void> {
  let status = 0;
  for (const operand of operands.length === 0 ? ['-'] : operands) {
    const fd = openInput(process, operand);
    let errno = fd.ok ? undefined : fd.error.errno;
    if (fd.ok) {
      errno = (yield* use(fd.value, operand)) ?? undefined;
      closeInput(process, fd.value);
    }
    if (errno === undefined) continue;
    yield* process.printError(`${name}: ${operand}: ${strerror(errno)}\n`);
    status = 1;
  }
  return status;
}

/** Every line of a descriptor, as they come; the errno of a read that failed. */
export function* eachLine(
  process: Process,
  fd: number,
  use: (line: Line) => Generator<Wait, boolean | void, void>,
): Generator<Wait, Errno | undefined, void> {
  const reader = new LineReader(process, fd);
  for (;;) {
    const line = yield* reader.next();
    if (!line.ok) return line.error.errno;
    if (line.value === undefined || (yield* use(line.value)) === false) return undefined;
  }
}

/** All lines of the operands together, as sort, tac and their kind need them. */
export function* allLines(
  process: Process,
  name: string,
  operands: readonly string[],
): Generator<Wait, { lines: string[]; status: number }, void> {
  const lines: string[] = [];
  const status = yield* eachInput(process, name, operands, (fd) =>
    // biome-ignore lint/correctness/useYield: it only collects
    eachLine(process, fd, function* (line) {
      lines.push(line.text);
    }),
  );
  return { lines, status };
}

/** Writes to standard output; what cannot be written (a full disk) ends the program with its complaint, as close_stdout does. */
export function* put(process: Process, name: string, data: string | Uint8Array): Generator<Wait, void, void> {
  const written = yield* process.write(1, data);
  if (written.ok || written.error.errno === 'EPIPE') return;
  yield* failure(process, name, `write error: ${strerror(written.error.errno)}`);
  throw new Exit(1);
}

/** What a program's data begins with. */
export const program = (
  name: string,
  summary: string,
  options: readonly OptionSpec[] = [],
): Omit<CommandSpec, 'run'> => ({
  name,
  path: `/usr/bin/${name}`,
  summary,
  options: [
    ...options,
    ...(options.some(({ flags }) => flags.includes('--help')) ? [] : [missing('--help', 'display this help and exit')]),
  ],
});

/** coreutils' quote(): ‘text’. */
export const quoted = (text: string): string => `‘${text}’`;
