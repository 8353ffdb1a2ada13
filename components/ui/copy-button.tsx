'use client';

import { useEffect, useState } from 'react';
import { Button } from './button';

const SHOWN_FOR_MS = 1600;

/** Copies `text`; says so in place for a moment. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'refused'>('idle');

  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    const done = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setOutcome(done ? 'copied' : 'refused');
  }

  return (
    <Button kind="quiet" size="small" onClick={copy}>
      <span aria-live="polite">{{ idle: label, copied: 'Copied', refused: 'Press Ctrl+C' }[outcome]}</span>
    </Button>
  );
}
