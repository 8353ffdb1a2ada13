/** What a key means to the page rather than to the machine; undefined: it is the machine's. */
export type PageKey = 'leave' | 'may-leave' | 'copy' | 'paste' | 'search' | 'out';

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

/**
 * The keyboard belongs to the machine, as in any terminal, but for a few keys. Tab completes, so that leaving with it
 * takes Escape first; F6 leaves at once.
 */
export class PageKeys {
  #escaped = false;

  press(event: Pressed, hasSelection: boolean): PageKey | undefined {
    const escaped = this.#escaped;
    if (!MODIFIERS.has(event.key)) this.#escaped = false;
    if (event.key === 'F6') return 'out';
    if (event.key === 'Tab' && escaped) return 'leave';
    if (event.key === 'Escape' && !event.ctrlKey && !event.altKey && !event.metaKey) {
      this.#escaped = true;
      return 'may-leave';
    }
    if (!event.ctrlKey || event.altKey || event.metaKey) return undefined;
    const letter = event.key.toLowerCase();
    if (letter === 'c' && (event.shiftKey || hasSelection)) return 'copy';
    if (letter === 'v') return 'paste';
    return letter === 'f' && event.shiftKey ? 'search' : undefined;
  }
}

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta']);
