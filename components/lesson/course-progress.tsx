'use client';

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { CourseProgress } from '@/lib/progress';
import { api } from '@/lib/shared/paths';

type Known = { state: 'loading' } | { state: 'unknown' } | { state: 'known'; progress: CourseProgress };

const Context = createContext<Known>({ state: 'loading' });

/** The personal part of a map: one request after the static page is there. Without an answer the map is as for a newcomer. */
export function CourseProgressProvider({ children }: { children: ReactNode }) {
  const [known, setKnown] = useState<Known>({ state: 'loading' });

  useEffect(() => {
    const gone = new AbortController();
    fetchProgress(gone.signal).then(setKnown, () => {
      if (!gone.signal.aborted) setKnown({ state: 'unknown' });
    });
    return () => gone.abort();
  }, []);

  return <Context value={known}>{children}</Context>;
}

async function fetchProgress(signal: AbortSignal): Promise<Known> {
  const response = await fetch(api.progress, { signal, headers: { accept: 'application/json' } });
  if (!response.ok) return { state: 'unknown' };
  return { state: 'known', progress: (await response.json()) as CourseProgress };
}

export function useCourseProgress(): Known {
  return useContext(Context);
}
