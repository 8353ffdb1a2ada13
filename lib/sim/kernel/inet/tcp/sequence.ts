/** Sequence numbers are counted modulo 2^32 (RFC 9293 section 3.4): "before" is the shorter way round. */
export const add = (seq: number, amount: number): number => (seq + amount) >>> 0;

/** How far `a` is behind `b`; negative when it is before. */
export const distance = (a: number, b: number): number => (a - b) | 0;

export const before = (a: number, b: number): boolean => distance(a, b) < 0;

export const after = (a: number, b: number): boolean => distance(a, b) > 0;

export const later = (a: number, b: number): number => (after(a, b) ? a : b);
