import { strerror } from '../../base/index.ts';
import { concatBytes, decodeText, type Process, type Wait } from '../../os/index.ts';
import { expandText } from '../expand/expand.ts';
import type { Shell } from '../shell.ts';
import type { Script } from '../syntax/ast.ts';
import { fork } from './children.ts';
import { ExpansionError } from './control.ts';
import { childProgram } from './pipeline.ts';

/** A substitution's text must fit into memory like any other; a real machine would run out of it later. */
const MAX_BYTES = 8 * 1_048_576;

type Body = Script | { readonly source: string; readonly line: number };

/** `$( … )`: the commands run in a subshell, whose output without its last newlines is the result. */
export function* substitute(shell: Shell, body: Body): Generator<Wait, string, void> {
  const file = 'items' in body ? inputFile(body) : undefined;
  if (file !== undefined) return yield* readFile(shell, yield* expandText(shell, file, 'word'));
  const pipe = shell.process.machine.pipe();
  const { fds } = shell.process;
  const run: Parameters<typeof childProgram>[1] = function* (child) {
    if (!child.shopt.has('inherit_errexit')) child.options.delete('errexit');
    if ('items' in body) return yield* child.executor.runScript(child, body);
    return yield* child.executor.runText(child, body.source, {
      name: `${child.name}: command substitution`,
      firstLine: body.line,
    });
  };
  const program = childProgram(shell, run, 'inherited');
  const reader = pipe.reader.retain();
  try {
    const child = yield* fork(shell, program, {
      argv: shell.process.argv,
      fds: new Map([...fds, [1, pipe.writer]]),
      fork: true,
    });
    const text = yield* drain(shell, shell.process.addFd(reader, 60));
    shell.substitutionStatus = shell.status = yield* shell.process.wait(child);
    return text;
  } finally {
    reader.release();
  }
}

/** Reads to the end and closes. */
function* drain(shell: Shell, fd: number): Generator<Wait, string, void> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const chunk = yield* shell.process.read(fd);
      if (!chunk.ok && chunk.error.errno === 'EINTR' && !shell.interrupted) continue;
      if (!chunk.ok || chunk.value.length === 0) break;
      length += chunk.value.length;
      if (length > MAX_BYTES)
        throw new ExpansionError(
          `command substitution: output exceeds this shell's limit of ${MAX_BYTES} bytes`,
          1,
          false,
        );
      chunks.push(chunk.value);
    }
  } finally {
    shell.process.closeFd(fd);
  }
  return yield* textOf(shell, concatBytes(chunks));
}

function* textOf(shell: Shell, bytes: Uint8Array): Generator<Wait, string, void> {
  let text = decodeText(bytes);
  if (text.includes('\0')) {
    yield* shell.printError('warning: command substitution: ignored null byte in input');
    text = text.replaceAll('\0', '');
  }
  return text.replace(/\n+$/, '');
}

/** `$(< file)` reads the file without running anything. */
function inputFile(body: Script) {
  const [item] = body.items;
  const command = item?.list.first.commands[0];
  if (
    body.items.length !== 1 ||
    item === undefined ||
    item.background ||
    item.list.rest.length > 0 ||
    item.list.first.commands.length !== 1
  )
    return undefined;
  if (command?.type !== 'simple' || command.words.length > 0 || command.assignments.length > 0) return undefined;
  const [redirect] = command.redirects;
  return command.redirects.length === 1 && redirect?.op === '<' && redirect.fd === undefined
    ? redirect.target.parts
    : undefined;
}

function* readFile(shell: Shell, path: string): Generator<Wait, string, void> {
  const { process } = shell;
  const opened = process.machine.fs.open(process.path(path), { read: true }, process);
  shell.substitutionStatus = opened.ok ? 0 : 1;
  if (!opened.ok) {
    yield* shell.printError(`${path}: ${strerror(opened.error.errno)}`);
    return '';
  }
  return yield* drain(shell, process.addFd(opened.value, 60));
}

/** bash's own choice of descriptor: the highest below 64. */
const HIGHEST_FD = 63;

/** `<( … )`: a path that reads what the commands print, `>( … )` one that they read. */
export function* processSubstitution(shell: Shell, direction: '<' | '>', body: Script): Generator<Wait, string, void> {
  const { process } = shell;
  const pipe = process.machine.pipe();
  const [theirs, ours] =
    direction === '<' ? ([[1, pipe.writer], pipe.reader] as const) : ([[0, pipe.reader], pipe.writer] as const);
  let fd = HIGHEST_FD;
  while (process.fds.has(fd)) fd--;
  process.setFd(fd, ours);
  const fds = new Map(process.fds);
  fds.delete(fd);
  const program = childProgram(shell, (child) => child.executor.runScript(child, body));
  const child: Process = yield* fork(shell, program, {
    argv: process.argv,
    fds: new Map([...fds, theirs]),
    fork: true,
  });
  shell.lastBackground = child.vpid;
  shell.processSubstitutions.push({ fd, process: child });
  return `/dev/fd/${fd}`;
}
