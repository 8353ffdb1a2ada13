import { type RefObject, useEffect } from 'react';

/** How far outside the window something is near: a screenful of reading ahead. */
const NEAR = '600px';

/** Calls `onNear` once when the element comes near what the reader sees. */
export function useNear(element: RefObject<Element | null>, onNear: () => void): void {
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        onNear();
      },
      { rootMargin: NEAR },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, onNear]);
}
