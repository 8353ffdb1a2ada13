import { strerror } from '../../base/index.ts';
import { concatBytes, type Process, type Wait } from '../../os/index.ts';
import type { CommandSpec } from '../command.ts';
import { eachInput, missing, option, program } from '../coreutils.ts';
import { getopt, type Parsed } from '../getopt.ts';
import { closeInput, LineReader, openInput } from '../lines.ts';
import { md5 } from './md5.ts';
import { sha1, sha256 } from './sha.ts';

type Digest = (message: Uint8Array) => string;

/** md5sum and its kin of GNU coreutils 9.1. */
function digestCommand(name: string, algorithm: string, digest: Digest): CommandSpec {
  const command: CommandSpec = {
    ...program(name, `compute and check ${algorithm} message digest`, [
      option('-b --binary', 'read in binary mode'),
      option('-t --text', 'read in text mode (default)'),
      option('-c --check', 'read checksums from the FILEs and check them'),
      option('--tag', 'create a BSD-style checksum'),
      option('--quiet', "don't print OK for each successfully verified file"),
      option('--status', "don't output anything, status code shows success"),
      missing('-z --zero', 'end each output line with NUL, not newline'),
      missing('-w --warn', 'warn about improperly formatted checksum lines'),
      missing('--strict', 'exit non-zero for improperly formatted checksum lines'),
      missing('--ignore-missing', "don't fail or report status for missing files"),
    ]),
    *run(process) {
      const parsed = yield* getopt(process, command);
      if (typeof parsed === 'number') return parsed;
      if (parsed.has('-c')) return yield* check(process, name, digest, parsed);
      return yield* eachInput(process, name, parsed.operands, function* (fd, operand) {
        const content = yield* readBytes(process, fd);
        if (!(content instanceof Uint8Array)) return content;
        const sum = digest(content);
        yield* process.print(
          parsed.has('--tag')
            ? `${algorithm} (${operand}) = ${sum}\n`
            : `${sum} ${parsed.has('-b') ? '*' : ' '}${operand}\n`,
        );
        return undefined;
      });
    },
  };
  return command;
}

export const md5sum = digestCommand('md5sum', 'MD5', md5);
export const sha1sum = digestCommand('sha1sum', 'SHA1', sha1);
export const sha256sum = digestCommand('sha256sum', 'SHA256', sha256);

function* readBytes(process: Process, fd: number) {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = yield* process.read(fd);
    if (!chunk.ok) return chunk.error.errno;
    if (chunk.value.length === 0) return concatBytes(chunks);
    chunks.push(chunk.value.slice());
  }
}

/** Reads lines of sums and names, and says of each file whether it still has its sum. */
function* check(process: Process, name: string, digest: Digest, parsed: Parsed): Generator<Wait, number, void> {
  let failed = 0;
  let unreadable = 0;
  const status = yield* eachInput(process, name, parsed.operands, function* (fd) {
    const reader = new LineReader(process, fd);
    for (let line = yield* reader.next(); line.ok && line.value !== undefined; line = yield* reader.next()) {
      const match = /^([0-9a-f]+) [ *](.*)$/.exec(line.value.text);
      if (match === null) continue;
      const sum = yield* sumOf(process, match[2] as string, digest);
      if (sum.errno !== undefined) {
        unreadable++;
        yield* process.printError(`${name}: ${match[2]}: ${strerror(sum.errno)}\n`);
      } else if (sum.text !== match[1]) failed++;
      const verdict = sum.errno !== undefined ? 'FAILED open or read' : sum.text === match[1] ? 'OK' : 'FAILED';
      if (!parsed.has('--status') && !(verdict === 'OK' && parsed.has('--quiet')))
        yield* process.print(`${match[2]}: ${verdict}\n`);
    }
  });
  const plural = (count: number, one: string, many: string) =>
    `${name}: WARNING: ${count} ${count === 1 ? one : many}\n`;
  if (unreadable > 0 && !parsed.has('--status'))
    yield* process.printError(plural(unreadable, 'listed file could not be read', 'listed files could not be read'));
  if (failed > 0 && !parsed.has('--status'))
    yield* process.printError(plural(failed, 'computed checksum did NOT match', 'computed checksums did NOT match'));
  return failed + unreadable > 0 ? 1 : status;
}

function* sumOf(process: Process, path: string, digest: Digest) {
  const fd = openInput(process, path);
  if (!fd.ok) return { errno: fd.error.errno, text: '' };
  const content = yield* readBytes(process, fd.value);
  closeInput(process, fd.value);
  return content instanceof Uint8Array ? { errno: undefined, text: digest(content) } : { errno: content, text: '' };
}
