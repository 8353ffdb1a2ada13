'use client';

import { type RefObject, useEffect, useRef, useState } from 'react';
import { activateTerminal, type PageTerminal, registerTerminal, wantTerminal } from './bus';
import { DockHandle } from './dock-handle';
import { WIDE } from './dock-place';
import { Icon } from './icons';
import { LazyPanel } from './lazy-panel';
import { PanelPlaceholder, PlaceholderAction } from './panel-placeholder';
import styles from './terminal-dock.module.css';
import { ToolButton } from './tool-button';
import { useBus } from './use-bus';
import { useDockSize } from './use-dock-size';

/**
 * The terminals of a lesson, one in front: beside the text on wide screens, else a sheet at the lower edge that opens
 * when something runs and folds away to a bar. What is behind or folded goes on living.
 */
export function TerminalDock({ terminals: ofLesson }: { terminals: readonly PageTerminal[] }) {
  useRegistered(ofLesson);
  const { terminals, active, wanted, shown } = useBus();
  const [open, setOpen] = useState(false);
  const dock = useRef<HTMLDivElement>(null);
  const wide = useWide();
  useDockSize();
  useEffect(() => {
    if (shown > 0) setOpen(true);
  }, [shown]);
  useVisibleDock(dock, wide, active);

  const front = terminals.find(({ id }) => id === active) ?? terminals[0];
  const heading = <DockHeading terminals={terminals} active={front?.id} />;
  const fold = (
    <ToolButton
      label={open ? 'Fold the terminal away' : 'Open the terminal'}
      className={styles.fold}
      aria-expanded={open}
      onClick={() => openSheet(!open)}
    >
      <Icon name={open ? 'down' : 'up'} />
    </ToolButton>
  );

  function openSheet(next: boolean) {
    setOpen(next);
    if (next && front) wantTerminal(front.id);
  }

  return (
    <div ref={dock} className={styles.dock} data-open={open || undefined}>
      <DockHandle edge={wide ? 'start' : 'top'} />
      {(front === undefined || !wanted.has(front.id)) && (
        <PanelPlaceholder
          heading={
            <>
              <div className={styles.names}>{heading}</div>
              {fold}
            </>
          }
        >
          {front && (
            <PlaceholderAction onClick={() => wantTerminal(front.id)}>
              <Icon name="run" /> Start the terminal
            </PlaceholderAction>
          )}
        </PanelPlaceholder>
      )}
      {terminals
        .filter(({ id }) => wanted.has(id))
        .map((terminal) => (
          <LazyPanel
            key={terminal.id}
            terminal={terminal}
            heading={heading}
            hidden={terminal.id !== front?.id}
            frameTools={fold}
          />
        ))}
    </div>
  );
}

/** By their content: the same terminals in new objects, as a refreshed page brings them, go on. */
function useRegistered(terminals: readonly PageTerminal[]): void {
  const content = JSON.stringify(terminals);
  useEffect(() => {
    const ends = (JSON.parse(content) as PageTerminal[]).map(registerTerminal);
    return () => {
      for (const end of ends) end();
    };
  }, [content]);
}

type HeadingProps = { terminals: ReturnType<typeof useBus>['terminals']; active: string | undefined };

/** The terminal's name, or the names of several to choose from. */
function DockHeading({ terminals, active }: HeadingProps) {
  if (terminals.length < 2) return <h2 className={styles.title}>{terminals[0]?.title ?? 'Terminal'}</h2>;
  return (
    <nav className={styles.choice} aria-label="Machines of this lesson">
      {terminals.map(({ id, title }) => (
        <button key={id} type="button" aria-pressed={id === active} onClick={() => activateTerminal(id)}>
          {title}
        </button>
      ))}
    </nav>
  );
}

function useWide(): boolean {
  const [wide, setWide] = useState(true);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const update = () => setWide(query.matches);
    update();
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return wide;
}

/** Beside the text the dock is in view from the start, and its terminal loads as soon as the page has come to life. */
function useVisibleDock(dock: RefObject<HTMLElement | null>, wide: boolean, active: string | undefined): void {
  useEffect(() => {
    const { current } = dock;
    if (!wide || active === undefined || current === null) return;
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting) return;
      observer.disconnect();
      wantTerminal(active);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [dock, wide, active]);
}
