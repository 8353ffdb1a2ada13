'use client';

import { type FormEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import styles from './compose-bar.module.css';
import { Icon } from './icons';

const ESC = '\u001b';
const ARROWS = [
  { name: 'Up: earlier command', keys: `${ESC}[A`, icon: 'arrowUp' },
  { name: 'Down: later command', keys: `${ESC}[B`, icon: 'arrowDown' },
  { name: 'Left', keys: `${ESC}[D`, icon: 'arrowLeft' },
  { name: 'Right', keys: `${ESC}[C`, icon: 'arrowRight' },
] as const;
const SIGNS = ['|', '/', '-'] as const;

export type ComposeHandle = { focus(): void };

/**
 * Typing on a phone: keyboards there compose words before they send keys, so a line is written in a real input, where
 * suggestions and corrections of the hand work as everywhere, and sent whole. Keys that phones lack are buttons; a key
 * first sends what is written, so that Tab completes it on the machine.
 */
export function ComposeBar({ onKeys, ref }: { onKeys: (keys: string) => void; ref: Ref<ComposeHandle> }) {
  const [text, setText] = useState('');
  const [control, setControl] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => input.current?.focus() }), []);

  function press(keys: string) {
    onKeys(text + keys);
    setText('');
    input.current?.focus();
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    press('\r');
  }

  function onChange(value: string) {
    const added = control && value.length > text.length ? value.at(-1) : undefined;
    if (added === undefined) return setText(value);
    setControl(false);
    press(controlKey(added));
  }

  function onSign(sign: string) {
    const { selectionStart, selectionEnd } = input.current ?? {};
    const from = selectionStart ?? text.length;
    setText(text.slice(0, from) + sign + text.slice(selectionEnd ?? from));
    input.current?.focus();
  }

  return (
    <div className={styles.bar}>
      <div className={styles.keys} role="toolbar" aria-label="Keys">
        <button type="button" onClick={() => press('\t')}>
          Tab
        </button>
        <button type="button" aria-label="Control C: stop what runs" onClick={() => press('\u0003')}>
          ^C
        </button>
        {ARROWS.map(({ name, keys, icon }) => (
          <button key={name} type="button" aria-label={name} onClick={() => press(keys)}>
            <Icon name={icon} />
          </button>
        ))}
        {SIGNS.map((sign) => (
          <button key={sign} type="button" aria-label={`Insert ${sign}`} onClick={() => onSign(sign)}>
            {sign}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={control}
          onClick={() => {
            setControl(!control);
            input.current?.focus();
          }}
        >
          Ctrl
        </button>
        <button type="button" aria-label="Escape" onClick={() => press(ESC)}>
          Esc
        </button>
      </div>
      <form className={styles.line} onSubmit={onSubmit}>
        <input
          ref={input}
          value={text}
          aria-label="Command"
          placeholder={control ? 'Ctrl and …' : 'Type a command'}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="send"
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Backspace' && text === '') onKeys('\u007f');
          }}
        />
        <button type="submit">Send</button>
      </form>
    </div>
  );
}

/** `c` becomes Ctrl-C: the letter without its upper three bits. */
function controlKey(character: string): string {
  const code = character.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : character;
}
