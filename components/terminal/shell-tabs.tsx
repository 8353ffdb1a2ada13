'use client';

import { type KeyboardEvent, useRef } from 'react';
import type { Tab } from './controller';
import { Icon } from './icons';
import styles from './shell-tabs.module.css';

type Props = {
  tabs: readonly Tab[];
  active: number;
  idOf: (tty: number) => { tab: string; panel: string };
  onSelect: (tty: number) => void;
  onClose: (tty: number) => void;
};

/** Several shells on one machine. Delete or the cross closes one. */
export function ShellTabs({ tabs, active, idOf, onSelect, onClose }: Props) {
  const list = useRef<HTMLDivElement>(null);

  function onKeyDown(event: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.tty === active);
    if (event.key === 'Delete') return onClose(active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onSelect(next.tty);
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(idOf(next.tty).tab)}`)?.focus();
  }

  return (
    <div ref={list} role="tablist" aria-label="Shells" className={styles.tabs} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <div key={tab.tty} className={styles.tab} data-active={tab.tty === active || undefined} role="presentation">
          <button
            type="button"
            role="tab"
            id={idOf(tab.tty).tab}
            aria-selected={tab.tty === active}
            aria-controls={idOf(tab.tty).panel}
            tabIndex={tab.tty === active ? 0 : -1}
            onClick={() => onSelect(tab.tty)}
          >
            {tab.title}
            {tab.ended && <span className={styles.ended}> ended</span>}
          </button>
          <button
            type="button"
            className={styles.close}
            aria-label={`Close ${tab.title}`}
            title="Close"
            tabIndex={-1}
            onClick={() => onClose(tab.tty)}
          >
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  );
}
