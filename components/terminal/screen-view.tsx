'use client';

import { useEffect, useRef } from 'react';
import { onThemeChange } from './palette';
import type { Screen } from './screen';
import styles from './terminal-panel.module.css';

type Props = {
  screen: Screen;
  /** For aria: which tab labels it. */
  id: string;
  labelledBy: string | undefined;
  active: boolean;
  fontSize: number;
  screenReader: boolean;
  /** On touch the compose bar takes the keys: a tap on the screen shall not call a keyboard that types past it. */
  touch: boolean;
  onTouch: () => void;
};

/** Where a tab's screen stands. It keeps its size in step with the place it has. */
export function ScreenView({ screen, id, labelledBy, active, fontSize, screenReader, touch, onTouch }: Props) {
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    screen.mount(element);
    const observer = new ResizeObserver(() => screen.fit());
    observer.observe(element);
    const stop = onThemeChange(() => screen.setTheme(element));
    return () => {
      observer.disconnect();
      stop();
    };
  }, [screen]);

  useEffect(() => screen.setFontSize(fontSize), [screen, fontSize]);
  useEffect(() => screen.setScreenReader(screenReader), [screen, screenReader]);
  useEffect(() => screen.setInputMode(touch ? 'none' : 'text'), [screen, touch]);
  useEffect(() => {
    if (active) screen.fit();
  }, [screen, active]);

  return (
    <div
      className={styles.screen}
      id={id}
      {...(labelledBy !== undefined && { role: 'tabpanel', 'aria-labelledby': labelledBy })}
      data-active={active || undefined}
      onPointerUp={(event) => {
        if (touch && event.pointerType === 'touch' && !screen.xterm.hasSelection()) onTouch();
      }}
    >
      <div ref={place} className={styles.place} />
    </div>
  );
}
