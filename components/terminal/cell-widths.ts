import type { IUnicodeVersionProvider } from '@xterm/xterm';
import { eastAsianWidth } from 'get-east-asian-width';

/**
 * The widths of characters on the screen: the same tables as the line editor's (lib/sim/session/editor/width.ts), so that
 * both always agree where the cursor is. xterm's own tables end with Unicode 6, its addon for later ones is 11 KB.
 */
export const cellWidths: IUnicodeVersionProvider = {
  version: 'hopwise',
  wcwidth,
  /** Width and joining as xterm packs them: bits 1 and 2 are the width, bit 0 says that it joins the cell before. */
  charProperties(codePoint, preceding) {
    const width = wcwidth(codePoint);
    const before = (preceding >> 1) & 3;
    const joins = width === 0 && before > 0;
    return ((joins ? before : width) << 1) | (joins ? 1 : 0);
  },
};

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;

function wcwidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x300) return codePoint === 0xad || codePoint >= 0x20 ? 1 : 0;
  return ZERO_WIDTH.test(String.fromCodePoint(codePoint)) ? 0 : eastAsianWidth(codePoint);
}
