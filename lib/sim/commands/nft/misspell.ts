/**
 * How far two names are apart, as nft counts it: it begins at the second letter and its rows overlap, so that names that
 * differ in their first letter alone are not apart at all.
 */
function distance(a: string, b: string): number {
  const table: number[] = new Array((a.length + 1) * (b.length + 1)).fill(0);
  const at = (i: number, j: number): number => i * b.length + j;
  const get = (i: number, j: number): number => table[at(i, j)] ?? 0;
  for (let i = 0; i <= a.length; i++) table[at(i, 0)] = i;
  for (let j = 0; j <= b.length; j++) table[at(0, j)] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i] === b[j] ? 0 : 1;
      let least = Math.min(get(i - 1, j) + 1, get(i, j - 1) + 1, get(i - 1, j - 1) + cost);
      if (i > 1 && j > 1 && a[i] === b[j - 1] && a[i - 1] === b[j]) least = Math.min(least, get(i - 2, j - 2) + cost);
      table[at(i, j)] = least;
    }
  return get(a.length, b.length);
}

/** The name that was probably meant (misspell.c); undefined: none is near enough. */
export function nearest<T>(wanted: string, candidates: Iterable<T>, nameOf: (candidate: T) => string): T | undefined {
  let best: { candidate: T; apart: number } | undefined;
  for (const candidate of candidates) {
    const name = nameOf(candidate);
    const longest = Math.max(name.length, wanted.length);
    if (longest <= 1) continue;
    const isSimilar = longest - Math.min(name.length, wanted.length) <= 1;
    const threshold = Math.max(1, Math.ceil((isSimilar ? longest : longest + 2) / 3));
    const apart = distance(name, wanted);
    if (apart <= threshold && apart < (best?.apart ?? Number.POSITIVE_INFINITY)) best = { candidate, apart };
  }
  return best?.candidate;
}
