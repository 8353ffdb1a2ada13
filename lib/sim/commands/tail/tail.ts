import { SECOND, strerror } from '../../base/index.ts';
import { concatBytes, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { failure, option, program, quoted } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { closeInput, openInput } from '../lines.ts';
import { readCount } from './count.ts';

export const tail: CommandSpec = {
  ...program('tail', 'output the last part of files', [
    option(
      '-c --bytes',
      'output the last NUM bytes; or use -c +NUM to output starting with byte NUM of each file',
      'NUM',
    ),
    option('-f --follow', 'output appended data as the file grows', '[HOW]'),
    option('-F', 'same as --follow=name --retry'),
    option(
      '-n --lines',
      'output the last NUM lines, instead of the last 10; or use -n +NUM to skip NUM-1 lines at the start',
      'NUM',
    ),
    option('-q --quiet --silent', 'never output headers giving file names'),
    option('-s --sleep-interval', 'with -f, sleep for approximately N seconds (default 1.0) between iterations', 'N'),
    option('-v --verbose', 'always output headers giving file names'),
  ]),
  *run(process) {
    const args = process.argv
      .slice(1)
      .map((arg, i) => (i === 0 && /^[-+]\d+$/.test(arg) ? `-n${arg.startsWith('+') ? arg : arg.slice(1)}` : arg));
    const parsed = yield* getopt(process, tail, { args });
    if (typeof parsed === 'number') return parsed;
    const job = jobOf(parsed);
    if (typeof job === 'string') return yield* failure(process, 'tail', job);
    const files = parsed.operands.length === 0 ? ['-'] : parsed.operands;
    const headers = parsed.has('-v') || (files.length > 1 && !parsed.has('-q'));
    const open: { fd: number; file: string }[] = [];
    let status = 0;
    for (const [i, file] of files.entries()) {
      const fd = openInput(process, file);
      if (!fd.ok) {
        const verb = fd.error.errno === 'EISDIR' ? `error reading '${file}'` : `cannot open '${file}' for reading`;
        status = yield* failure(process, 'tail', `${verb}: ${strerror(fd.error.errno)}`);
        continue;
      }
      if (headers) yield* process.print(header(file, i === 0));
      yield* last(process, fd.value, job);
      open.push({ fd: fd.value, file });
    }
    if (parsed.has('-f') || parsed.has('-F'))
      yield* follow(process, open, headers, Number(parsed.value('-s') ?? 1) * SECOND);
    for (const { fd } of open) closeInput(process, fd);
    return status;
  },
};

type Job = { readonly bytes: boolean; readonly count: number; readonly fromStart: boolean };

function jobOf(parsed: Parsed): Job | string {
  const unit = parsed.given.findLast(({ flag }) => flag === '-c' || flag === '-n');
  const bytes = unit?.flag === '-c';
  const text = unit?.value ?? '10';
  const count = readCount(text.replace(/^[-+]/, ''));
  if (count === undefined) return `invalid number of ${bytes ? 'bytes' : 'lines'}: ${quoted(text)}`;
  return { bytes, count, fromStart: text.startsWith('+') };
}

const header = (file: string, first: boolean) =>
  `${first ? '' : '\n'}==> ${file === '-' ? 'standard input' : file} <==\n`;

/** Keeps no more than is needed: `yes | tail` must end by the pipe's end, not by the memory's. */
function* last(process: Process, fd: number, job: Job): Generator<Wait, void, void> {
  if (job.fromStart) return yield* skip(process, fd, job);
  let kept: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const read = yield* process.read(fd);
    if (!read.ok || read.value.length === 0) break;
    kept.push(read.value.slice());
    size += read.value.length;
    if (size > 262_144) {
      kept = [end(concatBytes(kept), job)];
      size = kept[0]?.length ?? 0;
    }
  }
  yield* process.write(1, end(concatBytes(kept), job));
}

function end(bytes: Uint8Array, job: Job): Uint8Array {
  if (job.bytes) return bytes.subarray(Math.max(0, bytes.length - job.count));
  if (job.count === 0) return bytes.subarray(bytes.length);
  let at = bytes.length - (bytes.at(-1) === 10 ? 1 : 0);
  for (let lines = 0; at > 0; at--) if (bytes[at - 1] === 10 && ++lines === job.count) break;
  return bytes.subarray(at);
}

function* skip(process: Process, fd: number, job: Job): Generator<Wait, void, void> {
  let left = Math.max(0, job.count - 1);
  for (;;) {
    const read = yield* process.read(fd, job.bytes && left > 0 ? left : 65_536, job.bytes ? undefined : 10);
    if (!read.ok || read.value.length === 0) return;
    if (left === 0) yield* process.write(1, read.value);
    else if (job.bytes) left -= read.value.length;
    else if (read.value.at(-1) === 10) left--;
  }
}

function* follow(
  process: Process,
  open: readonly { fd: number; file: string }[],
  headers: boolean,
  every: number,
): Generator<Wait, void, void> {
  let shown = open.at(-1)?.fd;
  for (;;) {
    yield* process.sleep(every);
    for (const { fd, file } of open) {
      const read = yield* process.read(fd);
      if (!read.ok || read.value.length === 0) continue;
      if (headers && shown !== fd) yield* process.print(header(file, false));
      shown = fd;
      yield* process.write(1, read.value);
    }
  }
}
