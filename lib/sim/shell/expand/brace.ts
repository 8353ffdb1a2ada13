import type { Part, Word } from '../syntax/ast.ts';

/** A word as atoms: single unquoted characters, and parts that braces cannot look into. */
type Atom = string | Part;

/** A sequence or product longer than this is left as it is: it would not fit into a command line either (E2BIG). */
const MAX_WORDS = 100_000;
/** Braces in and behind each other, in one word. */
const MAX_DEPTH = 300;

/** Brace expansion: a{b,c}d, {1..9}, {a..z..2}, {01..10}. Purely textual, before every other expansion. */
export function expandBraces(word: Word): readonly (readonly Part[])[] {
  if (!word.parts.some((part) => part.type === 'literal' && part.text.includes('{'))) return [word.parts];
  const atoms = word.parts.flatMap((part): Atom[] => (part.type === 'literal' ? [...part.text] : [part]));
  const budget = { left: MAX_WORDS };
  const words = expand(atoms, budget, 0);
  return budget.left < 0 ? [word.parts] : words.map(toParts);
}

function expand(atoms: readonly Atom[], budget: { left: number }, depth: number): Atom[][] {
  if (depth > MAX_DEPTH) budget.left = -1;
  if (budget.left < 0) return [];
  for (let open = atoms.indexOf('{'); open !== -1; open = atoms.indexOf('{', open + 1)) {
    const body = matchBraces(atoms, open);
    if (body === undefined) continue;
    const alternatives =
      body.commas.length > 0 ? split(atoms, open, body) : sequence(atoms.slice(open + 1, body.close));
    if (alternatives === undefined) continue;
    const before = atoms.slice(0, open);
    const middle = alternatives.flatMap((alternative) =>
      body.commas.length > 0 ? expand(alternative, budget, depth + 1) : [alternative],
    );
    const after = expand(atoms.slice(body.close + 1), budget, depth + 1);
    budget.left -= middle.length * after.length;
    if (budget.left < 0) return [];
    return middle.flatMap((m) => after.map((a) => [...before, ...m, ...a]));
  }
  return [[...atoms]];
}

type Body = { readonly close: number; readonly commas: readonly number[] };

function matchBraces(atoms: readonly Atom[], open: number): Body | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let i = open + 1; i < atoms.length; i++) {
    const atom = atoms[i];
    if (atom === '{') depth++;
    else if (atom === '}' && depth-- === 0) return { close: i, commas };
    else if (atom === ',' && depth === 0) commas.push(i);
  }
  return undefined;
}

function split(atoms: readonly Atom[], open: number, body: Body): Atom[][] {
  const cuts = [open, ...body.commas, body.close];
  return cuts.slice(0, -1).map((cut, i) => atoms.slice(cut + 1, cuts[i + 1]));
}

function sequence(atoms: readonly Atom[]): Atom[][] | undefined {
  if (!atoms.every((atom) => typeof atom === 'string')) return undefined;
  const text = atoms.join('');
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(text);
  if (numbers !== null) return numberSequence(numbers[1] as string, numbers[2] as string, numbers[3]);
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])(?:\.\.(-?\d+))?$/.exec(text);
  if (letters === null) return undefined;
  const code = (letter: string | undefined) => (letter ?? '').charCodeAt(0);
  return range(code(letters[1]), code(letters[2]), Number(letters[3] ?? 1))?.map((c) => [String.fromCharCode(c)]);
}

function numberSequence(from: string, to: string, step: string | undefined): Atom[][] | undefined {
  const padded = /^-?0\d/.test(from) || /^-?0\d/.test(to);
  const width = padded ? Math.max(from.length, to.length) : 0;
  return range(Number(from), Number(to), Number(step ?? 1))?.map((n) => {
    const digits = String(Math.abs(n)).padStart(width - (n < 0 ? 1 : 0), '0');
    return [n < 0 ? `-${digits}` : digits];
  });
}

function range(from: number, to: number, step: number): number[] | undefined {
  const stride = Math.max(1, Math.abs(step));
  const count = Math.floor(Math.abs(to - from) / stride) + 1;
  if (count > MAX_WORDS) return undefined;
  return Array.from({ length: count }, (_, i) => (from <= to ? from + i * stride : from - i * stride));
}

function toParts(atoms: readonly Atom[]): Part[] {
  const parts: Part[] = [];
  let text = '';
  for (const atom of atoms) {
    if (typeof atom === 'string') {
      text += atom;
      continue;
    }
    if (text !== '') parts.push({ type: 'literal', text });
    text = '';
    parts.push(atom);
  }
  if (text !== '') parts.push({ type: 'literal', text });
  return parts;
}
