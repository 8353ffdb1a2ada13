/** What a reader has chosen for terminals, kept in this browser. Storage can be forbidden; then it lasts as long as the page. */
export type Preferences = {
  readonly fontSize: number;
  /** xterm's screen reader mode, and the output as text beside it. */
  readonly screenReader: boolean;
};

const KEY = 'terminal';
export const FONT_SIZES = { least: 10, usual: 14, most: 24 } as const;
const DEFAULTS: Preferences = { fontSize: FONT_SIZES.usual, screenReader: false };

let current: Preferences | undefined;
const listeners = new Set<() => void>();

export function preferences(): Preferences {
  current ??= read();
  return current;
}

export const defaultPreferences = (): Preferences => DEFAULTS;

export function prefer(change: Partial<Preferences>): void {
  current = { ...preferences(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Kept for this page only.
  }
  for (const listener of listeners) listener();
}

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return DEFAULTS;
    const { fontSize, screenReader } = stored as Record<string, unknown>;
    return {
      fontSize: typeof fontSize === 'number' ? clampFontSize(fontSize) : DEFAULTS.fontSize,
      screenReader: screenReader === true,
    };
  } catch {
    return DEFAULTS;
  }
}

export const clampFontSize = (size: number): number =>
  Math.min(FONT_SIZES.most, Math.max(FONT_SIZES.least, Math.round(size)));
