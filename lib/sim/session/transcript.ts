import { withoutAnsi } from './editor/grid.ts';

/** A command with what it printed, as text: for screen readers, for copying, for whoever reads rather than looks. */
export type TranscriptBlock = { readonly command: string; readonly output: string };

const MOST_BLOCKS = 200;
const MOST_OUTPUT = 20_000;

/** The last commands of one tab. What a command printed beyond a bound is left out, and that is said. */
export class Transcript {
  #blocks: { command: string; output: string; cut: boolean }[] = [];

  command(text: string): void {
    this.#blocks.push({ command: text, output: '', cut: false });
    if (this.#blocks.length > MOST_BLOCKS) this.#blocks.shift();
  }

  print(text: string): void {
    const block = this.#blocks.at(-1);
    if (block === undefined || block.cut) return;
    block.output += withoutAnsi(text).replaceAll('\r\n', '\n');
    if (block.output.length <= MOST_OUTPUT) return;
    block.output = `${block.output.slice(0, MOST_OUTPUT)}\n… (the rest is on the screen only)`;
    block.cut = true;
  }

  get blocks(): TranscriptBlock[] {
    return this.#blocks.map(({ command, output }) => ({ command, output: output.trimEnd() }));
  }
}
