'use client';

import Link from 'next/link';
import { type ReactNode, useId, useRef } from 'react';
import { paths } from '@/lib/shared/paths';
import styles from './term.module.css';

/**
 * A word with its definition. The button opens a native popover, by click, touch or keyboard alike; Escape and a click
 * elsewhere close it and focus returns, all by the browser. Only its place is ours.
 */
export function Term({
  id,
  definition,
  children,
}: {
  id: string;
  definition?: { term: string; short: string };
  children: ReactNode;
}) {
  const popoverId = `term-${useId()}`;
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLSpanElement>(null);
  if (!definition) return children;
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.term}
        popoverTarget={popoverId}
        onClick={() => requestAnimationFrame(() => place(popover.current, button.current))}
      >
        {children}
      </button>
      <span ref={popover} id={popoverId} popover="auto" className={styles.popover} role="note" data-print="hide">
        <strong>{definition.term}</strong>
        <span>{definition.short}</span>
        <Link href={`${paths.glossary}#${id}`} prefetch={false}>
          In the glossary
        </Link>
      </span>
    </>
  );
}

const GAP = 8;

/** Below the word, or above it when there is no room below; never outside of the window. */
function place(popover: HTMLElement | null, button: HTMLElement | null) {
  if (!popover || !button) return;
  const word = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = word.bottom + GAP + height <= innerHeight;
  popover.style.top = `${Math.max(GAP, below ? word.bottom + GAP : word.top - GAP - height)}px`;
  popover.style.left = `${Math.max(GAP, Math.min(word.left, innerWidth - width - GAP))}px`;
}
