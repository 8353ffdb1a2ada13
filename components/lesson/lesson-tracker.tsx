'use client';

import { useEffect } from 'react';
import { record } from '../progress/client';
import { loadMe } from '../progress/me-store';
import { setCurrentHeading } from './current-heading';

const SETTLED_MS = 2500;

/**
 * Notes that the lesson is being read and how far, and asks for what is personal on its page, without drawing anything.
 * It stands outside the text, which comes to life last.
 */
export function LessonTracker({ lessonId, headings }: { lessonId: string; headings: string[] }) {
  useEffect(() => {
    void loadMe(lessonId);
    record({ type: 'lesson.viewed', lessonId });
    return follow(headings, (anchor, ratio) => record({ type: 'lesson.position', lessonId, anchor, ratio }));
  }, [lessonId, headings]);
  return null;
}

/** Follows scrolling; calls back when the reader has stayed in a place that differs from the last one told. */
function follow(headings: string[], settled: (anchor: string | undefined, ratio: number) => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let told = 0;

  function look() {
    frame = 0;
    const anchor = headings.findLast((id) => isAbove(id));
    setCurrentHeading(anchor);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const ratio = scrolled();
      if (Math.abs(ratio - told) < 0.01) return;
      told = ratio;
      settled(anchor, ratio);
    }, SETTLED_MS);
  }

  function onScroll() {
    frame ||= requestAnimationFrame(look);
  }

  look();
  addEventListener('scroll', onScroll, { passive: true });
  return () => {
    removeEventListener('scroll', onScroll);
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    setCurrentHeading(undefined);
  };
}

/** Has the heading passed the upper third of the window? */
function isAbove(id: string): boolean {
  const element = document.getElementById(id);
  return element !== null && element.getBoundingClientRect().top < innerHeight / 3;
}

function scrolled(): number {
  const room = document.documentElement.scrollHeight - innerHeight;
  return room <= 0 ? 0 : Math.round(Math.min(1, Math.max(0, scrollY / room)) * 1000) / 1000;
}
