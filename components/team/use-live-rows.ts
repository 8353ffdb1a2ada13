'use client';

import { useEffect, useState } from 'react';
import { api } from '@/lib/shared/paths';
import type { DashboardRow } from './dashboard-types';

const EVERY_MS = 2000;

export type Liveness = 'live' | 'waiting';

/** The rows of a team's dashboard, kept up to date while the page is looked at. A failed look is tried again. */
export function useLiveRows(teamId: string, initial: DashboardRow[]): { rows: DashboardRow[]; liveness: Liveness } {
  const [rows, setRows] = useState(initial);
  const [liveness, setLiveness] = useState<Liveness>('live');

  // What an action of this page has changed comes with the page itself.
  useEffect(() => setRows(initial), [initial]);

  useEffect(() => {
    const stop = new AbortController();
    let etag = '';
    let timer: ReturnType<typeof setTimeout>;

    async function look() {
      if (document.visibilityState === 'visible') {
        try {
          const response = await fetch(api.teamDashboard(teamId), {
            headers: etag ? { 'If-None-Match': etag } : {},
            cache: 'no-store',
            signal: stop.signal,
          });
          if (response.status === 200) {
            etag = response.headers.get('ETag') ?? '';
            setRows(await response.json());
          }
          setLiveness(response.status === 200 || response.status === 304 ? 'live' : 'waiting');
        } catch {
          if (stop.signal.aborted) return;
          setLiveness('waiting');
        }
      }
      timer = setTimeout(look, EVERY_MS);
    }

    timer = setTimeout(look, EVERY_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [teamId]);

  return { rows, liveness };
}
