'use client';

import { useCallback, useRef } from 'react';
import { goToTerminal, wantTerminal } from './bus';
import { Icon } from './icons';
import styles from './lesson-terminal.module.css';
import { useBus } from './use-bus';
import { useNear } from './use-near';

/**
 * A terminal's place in the text. The terminal itself stands in the dock, beside the text or below it, so that it stays
 * in sight; this card says that it is there now, and leads to it. Coming near it loads the terminal.
 */
export function LessonTerminal({ id, world, title }: { id: string; world: string; title: string }) {
  const card = useRef<HTMLDivElement>(null);
  const { active, shown } = useBus();
  useNear(
    card,
    useCallback(() => wantTerminal(id), [id]),
  );

  return (
    <div ref={card} className={styles.card} data-active={(active === id && shown > 0) || undefined} data-print="hide">
      <Icon name="terminal" size={22} />
      <p>
        <strong>{title}</strong>
        <span>{world === 'host' ? 'One Linux machine, yours alone' : 'A cluster, yours alone'}</span>
      </p>
      <button type="button" onClick={() => goToTerminal(id)}>
        Go to the terminal
      </button>
    </div>
  );
}
