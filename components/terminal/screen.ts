import { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal as XTerm } from '@xterm/xterm';
import { cellWidths } from './cell-widths';
import { paletteOf } from './palette';
import { type PageKey, PageKeys } from './screen-keys';

type Options = {
  readonly label: string;
  /** The id of the element that says how to leave. */
  readonly describedBy: string;
  readonly fontSize: number;
  readonly screenReader: boolean;
  readonly onKeys: (keys: string) => void;
  readonly onSize: (columns: number, rows: number) => void;
  readonly onPageKey: (key: PageKey) => void;
};

const SCROLLBACK_LINES = 5_000;

/** One xterm: a tab's screen. It exists, and takes output, before it is mounted and while it is hidden. */
export class Screen {
  static #made = 0;
  /** No two screens have the same, not even those of one tab before and after a restart. */
  readonly serial = ++Screen.#made;
  readonly xterm: XTerm;
  readonly #fit = new FitAddon();
  readonly #options: Options;
  #search: Promise<SearchAddon> | undefined;
  #keys = new PageKeys();

  constructor(options: Options) {
    this.#options = options;
    this.xterm = new XTerm({
      allowProposedApi: true,
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      fontSize: options.fontSize,
      lineHeight: 1.25,
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      screenReaderMode: options.screenReader,
      scrollback: SCROLLBACK_LINES,
    });
    this.xterm.loadAddon(this.#fit);
    this.xterm.unicode.register(cellWidths);
    this.xterm.unicode.activeVersion = cellWidths.version;
    this.xterm.loadAddon(new WebLinksAddon());
    this.xterm.onData(options.onKeys);
    this.xterm.onResize(({ cols, rows }) => options.onSize(cols, rows));
    this.xterm.attachCustomKeyEventHandler((event) => this.#isForMachine(event));
  }

  mount(container: HTMLElement): void {
    const { fontFamily } = getComputedStyle(container);
    this.xterm.options.fontFamily = fontFamily;
    this.xterm.options.theme = paletteOf(container);
    this.xterm.open(container);
    const input = this.xterm.textarea;
    input?.setAttribute('aria-label', this.#options.label);
    input?.setAttribute('aria-describedby', this.#options.describedBy);
    input?.setAttribute('enterkeyhint', 'send');
    this.fit();
  }

  /** Takes the size that its container has. A container that is not shown has none. */
  fit(): { columns: number; rows: number } | undefined {
    const size = this.#fit.proposeDimensions();
    if (size === undefined || !(size.cols >= 2 && size.rows >= 1)) return undefined;
    if (size.cols !== this.xterm.cols || size.rows !== this.xterm.rows) this.xterm.resize(size.cols, size.rows);
    return { columns: size.cols, rows: size.rows };
  }

  write(text: string, shown: () => void): void {
    this.xterm.write(text, shown);
  }

  focus(): void {
    this.xterm.focus();
  }

  paste(text: string): void {
    this.xterm.paste(text);
  }

  /** What is selected, else all that is on the screen and above it. */
  get text(): string {
    if (this.xterm.hasSelection()) return this.xterm.getSelection();
    const buffer = this.xterm.buffer.active;
    const lines: string[] = [];
    for (let y = 0; y < buffer.length; y++) {
      const line = buffer.getLine(y);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return `${lines.join('\n').trimEnd()}\n`;
  }

  async find(query: string, direction: 'next' | 'previous'): Promise<boolean> {
    this.#search ??= import('@xterm/addon-search').then(({ SearchAddon }) => {
      const addon = new SearchAddon();
      this.xterm.loadAddon(addon);
      return addon;
    });
    const search = await this.#search;
    const options = { decorations: SEARCH_COLOURS };
    return direction === 'next' ? search.findNext(query, options) : search.findPrevious(query, options);
  }

  async endSearch(): Promise<void> {
    (await this.#search)?.clearDecorations();
  }

  setTheme(element: Element): void {
    this.xterm.options.theme = paletteOf(element);
  }

  /** `none` keeps the keyboard of a phone away. */
  setInputMode(mode: 'text' | 'none'): void {
    this.xterm.textarea?.setAttribute('inputmode', mode);
  }

  setFontSize(size: number): void {
    this.xterm.options.fontSize = size;
    this.fit();
  }

  setScreenReader(on: boolean): void {
    this.xterm.options.screenReaderMode = on;
  }

  dispose(): void {
    this.xterm.dispose();
  }

  #isForMachine(event: KeyboardEvent): boolean {
    if (event.type !== 'keydown') return true;
    const key = this.#keys.press(event, this.xterm.hasSelection());
    if (key === undefined) return true;
    // Pasting and leaving are what the browser does with the key by itself; xterm only has to keep its hands off.
    if (key !== 'paste' && key !== 'leave' && key !== 'may-leave') event.preventDefault();
    this.#options.onPageKey(key);
    return false;
  }
}

/** The search addon wants hex colours: one amber for all, another for the one that is shown. */
const SEARCH_COLOURS = {
  matchBackground: '#5a4a16',
  matchOverviewRuler: '#e3ae45',
  activeMatchBackground: '#9a7a1c',
  activeMatchColorOverviewRuler: '#ffd978',
};
