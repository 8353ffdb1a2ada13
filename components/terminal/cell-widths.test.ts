import { Unicode11Addon } from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { cellWidths } from './cell-widths';

/** Where each character of the text ends, in a terminal with our tables and in one with the addon's. */
async function columns(
  text: string,
  install: (terminal: InstanceType<typeof headless.Terminal>) => void,
): Promise<number[]> {
  const terminal = new headless.Terminal({ cols: 80, rows: 3, allowProposedApi: true });
  install(terminal);
  const ends: number[] = [];
  for (const character of text) {
    await new Promise<void>((resolve) => terminal.write(character, resolve));
    ends.push(terminal.buffer.active.cursorX);
  }
  return ends;
}

describe('the widths of cells', () => {
  it.each([
    'plain',
    'e\u0301te\u0301',
    '网络 命名空间',
    '한국어',
    '🙂🚀',
    'ｆｕｌｌ',
    'soft\u00adhyphen',
    'זה\u05b0',
    'ไทย\u0e35',
    'a\u200db',
    '│├─',
  ])('%s', async (text) => {
    const ours = await columns(text, (terminal) => {
      terminal.unicode.register(cellWidths);
      terminal.unicode.activeVersion = cellWidths.version;
    });
    const theirs = await columns(text, (terminal) => {
      terminal.loadAddon(new Unicode11Addon());
      terminal.unicode.activeVersion = '11';
    });
    expect(ours).toEqual(theirs);
  });
});
