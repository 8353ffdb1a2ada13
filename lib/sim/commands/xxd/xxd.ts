import type { CommandSpec } from '../command.ts';
import { missing, option, program } from '../coreutils.ts';
import { getopt } from '../getopt.ts';
import { hex, printable, readBytes } from '../od/bytes.ts';

export const xxd: CommandSpec = {
  ...program('xxd', 'make a hex dump', [
    option('-c -cols', 'format <cols> octets per line', 'cols'),
    option('-g', 'number of octets per group in normal output', 'bytes'),
    option('-l -len', 'stop after <len> octets', 'len'),
    option('-p -ps', 'output in postscript plain hexdump style'),
    option('-s', 'start at <seek> bytes', 'seek'),
    missing('-r', 'reverse operation: convert hexdump into binary'),
  ]),
  *run(process) {
    const parsed = yield* getopt(process, xxd);
    if (typeof parsed === 'number') return parsed;
    const all = yield* readBytes(process, 'xxd', parsed.operands);
    if (typeof all === 'number') return all;
    const skip = Number(parsed.value('-s') ?? 0);
    const bytes = all.subarray(skip, skip + Number(parsed.value('-l') ?? all.length));
    const plain = parsed.has('-p');
    const columns = Math.max(1, Number(parsed.value('-c') ?? (plain ? 30 : 16)) || 16);
    const group = Math.max(1, Number(parsed.value('-g') ?? 2) || columns);
    let out = '';
    for (let at = 0; at < bytes.length; at += columns) {
      const row = bytes.subarray(at, at + columns);
      if (plain) out += `${Array.from(row, (byte) => hex(byte, 2)).join('')}\n`;
      else {
        let cells = '';
        for (let i = 0; i < columns; i++)
          cells += (i < row.length ? hex(row[i] as number, 2) : '  ') + ((i + 1) % group === 0 ? ' ' : '');
        out += `${hex(at + skip, 8)}: ${cells.padEnd(columns * 2 + Math.ceil(columns / group))} ${Array.from(row, printable).join('')}\n`;
      }
    }
    yield* process.print(out);
    return 0;
  },
};
