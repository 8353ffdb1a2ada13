'use client';

import { CONTENTS_KEY } from '@/lib/shared/stored-choices';
import styles from './lesson-layout.module.css';

/** Folds the contents away for more room, and remembers it; the stored choice is applied before the first paint. */
function toggle() {
  const root = document.documentElement;
  const folded = root.dataset.contents !== 'folded';
  if (folded) root.dataset.contents = 'folded';
  else delete root.dataset.contents;
  try {
    if (folded) localStorage.setItem(CONTENTS_KEY, 'folded');
    else localStorage.removeItem(CONTENTS_KEY);
  } catch {
    // Storage can be forbidden; the choice then lasts as long as the page.
  }
}

export function ContentsFold() {
  return (
    <button
      type="button"
      className={styles.fold}
      onClick={toggle}
      aria-label="Show or hide the contents"
      title="Contents"
    >
      <svg
        viewBox="0 0 20 20"
        width="20"
        height="20"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <rect x="3" y="4" width="14" height="12" rx="2" />
        <path d="M8 4v12" />
      </svg>
    </button>
  );
}
