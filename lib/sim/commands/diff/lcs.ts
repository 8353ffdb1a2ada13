/** A stretch where two files differ: lines [fromA, toA) of the one stand against [fromB, toB) of the other. */
export type Hunk = { readonly fromA: number; readonly toA: number; readonly fromB: number; readonly toB: number };

const MAX_EDITS = 4000;

/** The shortest edit script (Myers, "An O(ND) Difference Algorithm"); undefined past a bound on the number of edits. */
export function hunks(a: readonly string[], b: readonly string[]): Hunk[] | undefined {
  const trace: Int32Array[] = [];
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const origin = most + 1;
  const furthest = new Int32Array(2 * most + 3);
  for (let edits = 0; edits <= most; edits++) {
    trace.push(furthest.slice());
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(furthest, origin + k - 1) < at(furthest, origin + k + 1));
      let x = down ? at(furthest, origin + k + 1) : at(furthest, origin + k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[origin + k] = x;
      if (x >= a.length && x - k >= b.length) return join(walkBack(trace, origin, a.length, b.length, edits));
    }
  }
  return undefined;
}

const at = (array: Int32Array, index: number): number => array[index] ?? 0;

type Edit = { readonly x: number; readonly y: number; readonly insert: boolean };

function walkBack(
  trace: readonly Int32Array[],
  origin: number,
  lengthA: number,
  lengthB: number,
  edits: number,
): Edit[] {
  const found: Edit[] = [];
  let [x, y] = [lengthA, lengthB];
  for (let d = edits; d > 0; d--) {
    const before = trace[d] as Int32Array;
    const k = x - y;
    const down = k === -d || (k !== d && at(before, origin + k - 1) < at(before, origin + k + 1));
    const previousK = down ? k + 1 : k - 1;
    x = at(before, origin + previousK);
    y = x - previousK;
    found.push({ x, y, insert: down });
  }
  return found.reverse();
}

function join(edits: readonly Edit[]): Hunk[] {
  const joined: { fromA: number; toA: number; fromB: number; toB: number }[] = [];
  for (const { x, y, insert } of edits) {
    const last = joined.at(-1);
    const hunk = last !== undefined && last.toA === x && last.toB === y ? last : { fromA: x, toA: x, fromB: y, toB: y };
    if (hunk !== last) joined.push(hunk);
    if (insert) hunk.toB++;
    else hunk.toA++;
  }
  return joined;
}
