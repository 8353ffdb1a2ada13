'use client';

import { useCallback, useEffect, useMemo, useRef } from 'react';
import { type PageTerminal, registerTerminal, wantTerminal } from './bus';
import { LazyPanel } from './lazy-panel';
import { PanelPlaceholder } from './panel-placeholder';
import styles from './terminal.module.css';
import { useBus } from './use-bus';
import { useNear } from './use-near';

export type TerminalProps = {
  id: string;
  world: string;
  title: string;
  setup?: string;
  seed?: number;
  lessonId?: string;
};

/** A terminal with a frame of its own, where it stands in the page: the sandbox, the home page. Its height can be dragged. */
export function Terminal({ id, world, title, setup, seed, lessonId }: TerminalProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { wanted } = useBus();
  const terminal = useMemo<PageTerminal>(
    () => ({
      id,
      world,
      title,
      ...(setup !== undefined && { setup }),
      ...(seed !== undefined && { seed }),
      ...(lessonId !== undefined && { lessonId }),
    }),
    [id, world, title, setup, seed, lessonId],
  );
  useEffect(() => registerTerminal(terminal), [terminal]);
  useNear(
    frame,
    useCallback(() => wantTerminal(id), [id]),
  );
  const heading = <h2 className={styles.title}>{title}</h2>;
  return (
    <div ref={frame} className={styles.frame} data-print="hide">
      {wanted.has(id) ? <LazyPanel terminal={terminal} heading={heading} /> : <PanelPlaceholder heading={heading} />}
    </div>
  );
}
