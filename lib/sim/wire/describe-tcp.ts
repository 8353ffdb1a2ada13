import { get16 } from './bytes.ts';

const FLAGS = ['F', 'S', 'R', 'P', '.', 'U'];

/** One line about a segment, from its bytes: ports, flags as tcpdump writes them, length of its data. */
export function describeTcp(b: Uint8Array): string {
  const flags = FLAGS.filter((_, i) => (((b[13] ?? 0) >> i) & 1) === 1).join('');
  const length = b.length - ((b[12] ?? 0) >> 4) * 4;
  return `TCP ${get16(b, 0)} > ${get16(b, 2)} [${flags}]${length > 0 ? ` length ${length}` : ''}`;
}
