/**
 * Walking through earlier lines. What was typed before the walk began stays: it is the prefix that lines must have
 * (history-search-backward), and it comes back at the end of the way down.
 */
export class HistoryWalk {
  #entries: readonly string[];
  #index: number;
  #typed: string;

  constructor(entries: readonly string[], typed: string) {
    this.#entries = entries;
    this.#index = entries.length;
    this.#typed = typed;
  }

  older(): string | undefined {
    return this.#walk(-1);
  }

  newer(): string | undefined {
    return this.#walk(1);
  }

  oldest(): string | undefined {
    this.#index = -1;
    return this.newer();
  }

  /** The line that was being typed. */
  back(): string {
    this.#index = this.#entries.length;
    return this.#typed;
  }

  #walk(step: 1 | -1): string | undefined {
    const shown = this.#entries[this.#index] ?? this.#typed;
    for (let i = this.#index + step; i >= 0 && i < this.#entries.length; i += step) {
      const entry = this.#entries[i] as string;
      if (entry === shown || !entry.startsWith(this.#typed)) continue;
      this.#index = i;
      return entry;
    }
    return step === 1 && this.#index < this.#entries.length ? this.back() : undefined;
  }
}

/** Incremental search through history (C-r, C-s): what is looked for, and where it was found. */
export class HistorySearch {
  #entries: readonly string[];
  #index: number;
  query = '';
  failed = false;
  direction: 'reverse' | 'forward' = 'reverse';
  /** The line before the search, to come back to with C-g. */
  readonly original: { readonly text: string; readonly cursor: number };

  constructor(entries: readonly string[], original: { text: string; cursor: number }) {
    this.#entries = entries;
    this.#index = entries.length;
    this.original = original;
  }

  get match(): string {
    return this.#entries[this.#index] ?? this.original.text;
  }

  /** Where the query stands in the match. */
  get cursor(): number {
    const found = this.query === '' ? -1 : this.match.lastIndexOf(this.query);
    return found < 0 ? Math.min(this.original.cursor, this.match.length) : found;
  }

  get prompt(): string {
    const direction = this.direction === 'reverse' ? 'reverse-' : '';
    return `(${this.failed ? 'failed ' : ''}${direction}i-search)\`${this.query}': `;
  }

  extend(text: string): void {
    this.query += text;
    if (!this.match.includes(this.query)) this.#find(this.#index);
  }

  shorten(): void {
    this.query = [...this.query].slice(0, -1).join('');
    this.#index = this.#entries.length;
    this.failed = false;
    if (this.query !== '') this.#find(this.#index);
  }

  again(direction: 'reverse' | 'forward'): void {
    this.direction = direction;
    if (this.query !== '') this.#find(this.#index);
  }

  #find(from: number): void {
    const step = this.direction === 'reverse' ? -1 : 1;
    const shown = this.match;
    for (let i = from + step; i >= 0 && i < this.#entries.length; i += step) {
      const entry = this.#entries[i] as string;
      if (entry === shown || !entry.includes(this.query)) continue;
      this.#index = i;
      this.failed = false;
      return;
    }
    this.failed = true;
  }
}
