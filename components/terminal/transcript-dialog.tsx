'use client';

import { useEffect, useState } from 'react';
import type { TranscriptBlock } from '@/lib/sim/session';
import { Dialog } from '../ui/dialog';
import type { TerminalController } from './controller';
import styles from './terminal-panel.module.css';

const LOOK_AGAIN_MS = 700;

/** What a terminal shows, as text in order: each command a heading, with its output below. */
export function TranscriptDialog({ controller, onClose }: { controller: TerminalController; onClose: () => void }) {
  const [blocks, setBlocks] = useState<readonly TranscriptBlock[]>();

  useEffect(() => {
    let gone = false;
    const look = () =>
      void controller.transcript().then((found) => {
        if (!gone) setBlocks(found);
      });
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [controller]);

  return (
    <Dialog open onClose={onClose} title="Commands and their output">
      {blocks?.length === 0 && <p className={styles.about}>No command has run in this shell yet.</p>}
      <ol className={styles.transcript}>
        {blocks?.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end.
          <li key={index}>
            <h3>
              <code>{block.command}</code>
            </h3>
            <pre>{block.output || <em>no output</em>}</pre>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
