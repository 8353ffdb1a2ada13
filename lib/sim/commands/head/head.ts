import { strerror } from '../../base/index.ts';
import type { Process, Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, put, quoted } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { closeInput, LineReader, openInput } from '../lines.ts';
import { readCount } from '../tail/count.ts';

export const head: CommandSpec = {
  ...program('head', 'output the first part of files', [
    option('-c --bytes', 'print the first NUM bytes of each file; with a leading -, all but the last NUM', 'NUM'),
    option(
      '-n --lines',
      'print the first NUM lines instead of the first 10; with a leading -, all but the last NUM',
      'NUM',
    ),
    option('-q --quiet --silent', 'never print headers giving file names'),
    option('-v --verbose', 'always print headers giving file names'),
  ]),
  *run(process) {
    // The form of old: head -5
    const args = process.argv.slice(1).map((arg, i) => (i === 0 && /^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
    const parsed = yield* getopt(process, head, { args });
    if (typeof parsed === 'number') return parsed;
    const unit = parsed.given.findLast(({ flag }) => flag === '-c' || flag === '-n');
    const bytes = unit?.flag === '-c';
    const text = unit?.value ?? '10';
    const count = readCount(text.replace(/^[-+]/, ''));
    if (count === undefined)
      return yield* failure(process, 'head', `invalid number of ${bytes ? 'bytes' : 'lines'}: ${quoted(text)}`);
    const job = { bytes, count, allBut: text.startsWith('-') };
    const files = parsed.operands.length === 0 ? ['-'] : parsed.operands;
    const headers = parsed.has('-v') || (files.length > 1 && !parsed.has('-q'));
    let status = 0;
    let first = true;
    for (const file of files) {
      const fd = openInput(process, file);
      if (!fd.ok) {
        const verb = fd.error.errno === 'EISDIR' ? `error reading '${file}'` : `cannot open '${file}' for reading`;
        status = yield* failure(process, 'head', `${verb}: ${strerror(fd.error.errno)}`);
        continue;
      }
      if (headers) yield* process.print(`${first ? '' : '\n'}==> ${file === '-' ? 'standard input' : file} <==\n`);
      first = false;
      yield* bytes ? headBytes(process, fd.value, job) : headLines(process, fd.value, job);
      closeInput(process, fd.value);
    }
    return status;
  },
};

type Job = { bytes: boolean; count: number; allBut: boolean };

function* headLines(process: Process, fd: number, job: Job): Generator<Wait, void, void> {
  const reader = new LineReader(process, fd);
  const held: string[] = [];
  for (let i = 0; job.allBut || i < job.count; i++) {
    const line = yield* reader.next();
    if (!line.ok || line.value === undefined) return;
    held.push(line.value.text + (line.value.newline ? '\n' : ''));
    const kept = job.allBut ? job.count : 0;
    while (held.length > kept) yield* put(process, 'head', held.shift() as string);
  }
}

function* headBytes(process: Process, fd: number, job: Job): Generator<Wait, void, void> {
  if (job.allBut) {
    const whole = new TextEncoder().encode(yield* process.readAll(fd));
    yield* put(process, 'head', whole.subarray(0, Math.max(0, whole.length - job.count)));
    return;
  }
  for (let left = job.count; left > 0; ) {
    const read = yield* process.read(fd, Math.min(left, 65_536));
    if (!read.ok || read.value.length === 0) return;
    left -= read.value.length;
    yield* put(process, 'head', read.value);
  }
}
