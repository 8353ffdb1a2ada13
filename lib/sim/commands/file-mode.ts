/** chmod(1)'s modes: octal, or clauses such as `u+x,go-w`. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

const SHIFT: Record<string, number> = { u: 6, g: 3, o: 0 };

/** undefined when the text is no mode. Without `who` the umask holds bits back. */
export function parseMode(text: string, umask: number): ModeChange | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const wanted = Number.parseInt(text, 8);
    // Special bits of a directory survive a short octal mode (coreutils, Numeric Modes).
    return (mode, isDirectory) =>
      (isDirectory && text.length < 5 ? wanted | (mode & 0o6000 & ~(text.length === 4 ? 0o7000 : 0)) : wanted) & 0o7777;
  }
  const clauses = text.split(',').map((clause) => parseClause(clause, umask));
  if (clauses.some((clause) => clause === undefined)) return undefined;
  return (mode, isDirectory) => clauses.reduce((current, clause) => clause?.(current, isDirectory) ?? current, mode);
}

function parseClause(clause: string, umask: number): ModeChange | undefined {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause);
  if (match === null) return undefined;
  const [, who = '', actions = ''] = match;
  const targets = who === '' || who.includes('a') ? 'ugo' : who;
  const mask = who === '' ? ~umask : 0o7777;
  const steps = [...actions.matchAll(/([-+=])([rwxXst]*|[ugo])/g)];
  return (mode, isDirectory) =>
    steps.reduce((current, [, operator, letters = '']) => {
      const bits =
        [...targets].reduce((sum, target) => sum | bitsFor(current, target, letters, isDirectory), 0) &
        (letters.includes('s') || letters.includes('t') ? mask | 0o7000 : mask);
      if (operator === '+') return current | bits;
      if (operator === '-') return current & ~bits;
      const cleared = [...targets].reduce((left, target) => left & ~(7 << (SHIFT[target] ?? 0)), current);
      return cleared | bits;
    }, mode);
}

function bitsFor(mode: number, target: string, letters: string, isDirectory: boolean): number {
  const shift = SHIFT[target] ?? 0;
  if (/^[ugo]$/.test(letters)) return ((mode >> (SHIFT[letters] ?? 0)) & 7) << shift;
  let bits = 0;
  if (letters.includes('r')) bits |= 4;
  if (letters.includes('w')) bits |= 2;
  if (letters.includes('x') || (letters.includes('X') && (isDirectory || (mode & 0o111) !== 0))) bits |= 1;
  bits <<= shift;
  if (letters.includes('s') && target === 'u') bits |= 0o4000;
  if (letters.includes('s') && target === 'g') bits |= 0o2000;
  if (letters.includes('t')) bits |= 0o1000;
  return bits;
}
