import type { ITheme } from '@xterm/xterm';

/**
 * The colours of the screen come from CSS (terminal.module.css), where the sixteen ANSI colours are the protocols' own:
 * yellow is ARP, cyan ICMP, blue TCP, magenta UDP, bright magenta DNS, red dropped, as in text and pictures.
 */
const NAMES = {
  background: '--terminal-surface',
  foreground: '--terminal-ink',
  cursor: '--terminal-cursor',
  cursorAccent: '--terminal-surface',
  selectionBackground: '--terminal-selection',
  black: '--ansi-black',
  red: '--ansi-red',
  green: '--ansi-green',
  yellow: '--ansi-yellow',
  blue: '--ansi-blue',
  magenta: '--ansi-magenta',
  cyan: '--ansi-cyan',
  white: '--ansi-white',
  brightBlack: '--ansi-bright-black',
  brightRed: '--ansi-bright-red',
  brightGreen: '--ansi-bright-green',
  brightYellow: '--ansi-bright-yellow',
  brightBlue: '--ansi-bright-blue',
  brightMagenta: '--ansi-bright-magenta',
  brightCyan: '--ansi-bright-cyan',
  brightWhite: '--ansi-bright-white',
} as const satisfies Partial<Record<keyof ITheme, string>>;

export function paletteOf(element: Element): ITheme {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(NAMES).map(([name, property]) => [name, style.getPropertyValue(property).trim()]),
  );
}

/** Calls back when the page changes between light and dark; the result stops it. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
