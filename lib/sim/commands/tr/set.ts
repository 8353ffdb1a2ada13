import { CHARACTER_CLASSES as CLASSES } from '../../os/index.ts';
import { quoted } from '../coreutils.ts';

/** A SET of tr(1): bytes in order; `filler` is a `[x*]`, which stands for as many as are needed. */
export type TrSet = {
  readonly bytes: number[];
  readonly filler: { readonly byte: number; readonly at: number } | undefined;
};

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** The bytes of a SET, or what is wrong with it. */
export function expandSet(text: string): TrSet | string {
  const units = unescape(text);
  const bytes: number[] = [];
  let filler: TrSet['filler'];
  for (let i = 0; i < units.length; ) {
    const rest = units.slice(i, i + 24);
    const plain = rest.map(({ byte, escaped }) => (escaped ? '\0' : String.fromCharCode(byte))).join('');
    const named = /^\[:([a-z]*):\]/.exec(plain);
    if (named !== null) {
      const ranges = CLASSES[named[1] as string];
      if (ranges === undefined) return `invalid character class ${quoted(named[1] as string)}`;
      for (const [low, high] of ranges) for (let byte = low; byte <= Math.min(high, 127); byte++) bytes.push(byte);
      i += named[0].length;
      continue;
    }
    const repeat = plain.startsWith('[') ? /^\[[\s\S]\*(\d*)\]/.exec(plain) : null;
    const first = units[i] as Unit;
    if (repeat !== null) {
      const byte = (units[i + 1] as Unit).byte;
      if (repeat[1] === '' || repeat[1] === '0') filler = { byte, at: bytes.length };
      else
        bytes.push(
          ...new Array<number>(Number.parseInt(repeat[1] as string, repeat[1]?.startsWith('0') ? 8 : 10)).fill(byte),
        );
      i += repeat[0].length;
    } else if (plain[1] === '-' && units[i + 2] !== undefined) {
      const last = units[i + 2] as Unit;
      if (last.byte < first.byte)
        return `range-endpoints of '${shown(first)}-${shown(last)}' are in reverse collating sequence order`;
      for (let byte = first.byte; byte <= last.byte; byte++) bytes.push(byte);
      i += 3;
    } else {
      bytes.push(first.byte);
      i++;
    }
  }
  return { bytes, filler };
}

type Unit = { readonly byte: number; readonly escaped: boolean };

const shown = ({ byte }: Unit) => String.fromCharCode(byte);

function unescape(text: string): Unit[] {
  const units: Unit[] = [];
  for (let i = 0; i < text.length; ) {
    const octal = /^\\([0-7]{1,3})/.exec(text.slice(i, i + 4));
    if (octal !== null) {
      units.push({ byte: Number.parseInt(octal[1] as string, 8) & 255, escaped: true });
      i += octal[0].length;
    } else if (text[i] === '\\' && text[i + 1] !== undefined) {
      const c = text[i + 1] as string;
      units.push({ byte: ESCAPES[c] ?? c.charCodeAt(0) & 255, escaped: true });
      i += 2;
    } else {
      const c = String.fromCodePoint(text.codePointAt(i) as number);
      for (const byte of new TextEncoder().encode(c)) units.push({ byte, escaped: false });
      i += c.length;
    }
  }
  return units;
}
