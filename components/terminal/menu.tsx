'use client';

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Icon } from './icons';
import styles from './menu.module.css';
import { ToolButton } from './tool-button';

/** A button that opens a menu after the ARIA pattern: arrows move, Escape and a click outside close. */
export function Menu({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const menu = root.current?.querySelector<HTMLElement>('[role="menu"]');
    const button = root.current?.querySelector('button');
    if (menu && button) showBeside(menu, button);
    menu?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
    const onPointer = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);

  function onKeyDown(event: KeyboardEvent) {
    if (!open) return;
    const items = [
      ...(root.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not([aria-disabled="true"])') ?? []),
    ];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length]?.focus();
    } else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
  }

  function close() {
    setOpen(false);
    root.current?.querySelector<HTMLElement>('button')?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and the menu inside are handled in one place.
    <div ref={root} className={styles.root} onKeyDown={onKeyDown}>
      <ToolButton
        label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </ToolButton>
      {open && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the items are buttons; a click that bubbles from one closes the menu.
        <div
          id={id}
          popover="manual"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          className={styles.menu}
          onClick={() => setOpen(false)}
        >
          {children}
        </div>
      )}
    </div>
  );
}

const GAP = 4;
const EDGE = 8;

/** In the top layer, so that no frame cuts it off: below the button, or above it where there is more room. */
function showBeside(menu: HTMLElement, button: Element): void {
  menu.showPopover();
  const box = button.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const down = below >= Math.min(menu.scrollHeight, above);
  menu.style.maxHeight = `${down ? below : above}px`;
  menu.style.right = `${Math.max(EDGE, document.documentElement.clientWidth - box.right)}px`;
  menu.style.top = down ? `${box.bottom + GAP}px` : 'auto';
  menu.style.bottom = down ? 'auto' : `${window.innerHeight - box.top + GAP}px`;
}

type ItemProps = { onSelect: () => void; hint?: string; disabled?: boolean; checked?: boolean; children: ReactNode };

export function MenuItem({ onSelect, hint, disabled, checked, children }: ItemProps) {
  const common = {
    type: 'button',
    tabIndex: -1,
    className: styles.item,
    'aria-disabled': disabled || undefined,
  } as const;
  const onClick = () => {
    if (!disabled) onSelect();
  };
  const content = (
    <>
      <span>{children}</span>
      {hint && <kbd>{hint}</kbd>}
    </>
  );
  return checked === undefined ? (
    <button role="menuitem" onClick={onClick} {...common}>
      {content}
    </button>
  ) : (
    <button role="menuitemcheckbox" aria-checked={checked} onClick={onClick} {...common}>
      {content}
    </button>
  );
}

export function MenuRule() {
  return <hr className={styles.rule} />;
}
