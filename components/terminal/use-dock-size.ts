import { useEffect } from 'react';

/** The reader's sizes of the dock, as custom properties of the page that the lesson's layout reads. */
const SIZES = {
  start: { property: '--dock-width', key: 'dock-width' },
  top: { property: '--dock-height', key: 'dock-height' },
} as const;
export type DockEdge = keyof typeof SIZES;

export function setDockSize(edge: DockEdge, pixels: number): void {
  const { property, key } = SIZES[edge];
  document.documentElement.style.setProperty(property, `${Math.round(pixels)}px`);
  try {
    localStorage.setItem(key, String(Math.round(pixels)));
  } catch {
    // Kept for this page only.
  }
}

export function forgetDockSize(edge: DockEdge): void {
  const { property, key } = SIZES[edge];
  document.documentElement.style.removeProperty(property);
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}

export function useDockSize(): void {
  useEffect(() => {
    for (const { property, key } of Object.values(SIZES)) {
      const pixels = Number(stored(key));
      if (pixels >= 160 && pixels <= 4_000) document.documentElement.style.setProperty(property, `${pixels}px`);
    }
  }, []);
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
