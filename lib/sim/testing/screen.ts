import { Unicode11Addon } from '@xterm/addon-unicode11';
import headless from '@xterm/headless';

/** A real terminal without a window: the editor's output is held against what it shows. */
export class TestScreen {
  #terminal: InstanceType<typeof headless.Terminal>;

  constructor(columns = 80, rows = 24) {
    this.#terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
  }

  async write(output: string): Promise<void> {
    await new Promise<void>((resolve) => this.#terminal.write(output, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** All lines from the first of the scrollback to the last that is not empty, without trailing blanks. */
  get lines(): string[] {
    const buffer = this.#terminal.buffer.active;
    const lines = Array.from(
      { length: buffer.length },
      (_, y) => buffer.getLine(y)?.translateToString(true).trimEnd() ?? '',
    );
    while (lines.length > 0 && lines[lines.length - 1] === '') lines.pop();
    return lines;
  }

  /** Where the cursor is: row from the first line of the scrollback. */
  get cursor(): [row: number, column: number] {
    const buffer = this.#terminal.buffer.active;
    return [buffer.baseY + buffer.cursorY, buffer.cursorX];
  }
}
