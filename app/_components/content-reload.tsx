'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { api } from '@/lib/shared/paths';

/** In development, draws the page anew when content has changed. What runs in it, such as a terminal, goes on. */
export function ContentReload() {
  const router = useRouter();
  useEffect(() => {
    const changes = new EventSource(api.contentChanges);
    changes.onmessage = () => router.refresh();
    return () => changes.close();
  }, [router]);
  return null;
}
