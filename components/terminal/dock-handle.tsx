'use client';

import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import styles from './terminal-dock.module.css';
import { type DockEdge, forgetDockSize, setDockSize } from './use-dock-size';

const STEP = 32;
const LEAST = { start: 320, top: 200 } as const;

/** The edge of the dock: drag it, or move it with the arrow keys; a double click gives the usual size back. */
export function DockHandle({ edge }: { edge: DockEdge }) {
  const handle = useRef<HTMLHRElement>(null);
  const [size, setSize] = useState<number>();

  const most = () => (edge === 'start' ? window.innerWidth * 0.7 : window.innerHeight * 0.7);
  const current = () => {
    const box = handle.current?.parentElement?.getBoundingClientRect();
    return (edge === 'start' ? box?.width : box?.height) ?? LEAST[edge];
  };

  function resize(pixels: number) {
    const bounded = Math.min(most(), Math.max(LEAST[edge], pixels));
    setDockSize(edge, bounded);
    setSize(Math.round(bounded));
  }

  function onPointerMove(event: PointerEvent) {
    const box = handle.current?.parentElement?.getBoundingClientRect();
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box === undefined) return;
    resize(edge === 'start' ? box.right - event.clientX : box.bottom - event.clientY);
  }

  function onKeyDown(event: KeyboardEvent) {
    const [bigger, smaller] = edge === 'start' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const step = event.key === bigger ? STEP : event.key === smaller ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    resize(current() + step);
  }

  return (
    <hr
      ref={handle}
      className={styles.handle}
      data-edge={edge}
      tabIndex={0}
      aria-orientation={edge === 'start' ? 'vertical' : 'horizontal'}
      aria-label="Size of the terminal"
      aria-valuenow={size ?? LEAST[edge]}
      aria-valuemin={LEAST[edge]}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => {
        forgetDockSize(edge);
        setSize(undefined);
      }}
    />
  );
}
