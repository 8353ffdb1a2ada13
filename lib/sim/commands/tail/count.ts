const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 512,
  K: 1024,
  k: 1024,
  KB: 1000,
  kB: 1000,
  M: 1024 ** 2,
  MB: 1e6,
  G: 1024 ** 3,
  GB: 1e9,
};

/** A count with an optional suffix as head, tail and their kind take it; undefined when it is none. */
export function readCount(text: string): number | undefined {
  const found = /^(\d+)([A-Za-z]*)$/.exec(text);
  const unit = found === null ? undefined : UNITS[found[2] as string];
  return unit === undefined ? undefined : Number((found as RegExpExecArray)[1]) * unit;
}
