'use client';

import { THEME_KEY } from '@/lib/shared/stored-choices';
import styles from './site-header.module.css';

/** Switches light and dark. Coming back to what the system says forgets the choice, so the system is followed again. */
function toggle() {
  const root = document.documentElement;
  const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = next;
  try {
    if (next === system) localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, next);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}

export function ThemeToggle() {
  return (
    <button
      type="button"
      className={styles.icon}
      onClick={toggle}
      aria-label="Switch between light and dark"
      title="Light or dark"
    >
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </button>
  );
}
