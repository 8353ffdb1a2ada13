'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Icon } from './icons';
import type { Screen } from './screen';
import styles from './terminal-panel.module.css';
import { ToolButton } from './tool-button';

/** Looks for text on the screen and above it. */
export function SearchBar({ screen, onClose }: { screen: Screen; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState(true);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    input.current?.focus();
    return () => void screen.endSearch();
  }, [screen]);

  async function find(text: string, direction: 'next' | 'previous') {
    setFound(text === '' || (await screen.find(text, direction)));
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    void find(query, 'previous');
  }

  return (
    <search className={styles.search}>
      <form
        onSubmit={onSubmit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose();
        }}
      >
        <input
          ref={input}
          type="search"
          value={query}
          aria-label="Search the terminal"
          placeholder="Search the output"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setQuery(event.target.value);
            void find(event.target.value, 'previous');
          }}
        />
        <span role="status" className={styles.found}>
          {found ? '' : 'Not found'}
        </span>
        <ToolButton label="Previous match" type="submit">
          <Icon name="up" />
        </ToolButton>
        <ToolButton label="Next match" onClick={() => void find(query, 'next')}>
          <Icon name="down" />
        </ToolButton>
        <ToolButton label="Close the search" onClick={onClose}>
          <Icon name="close" />
        </ToolButton>
      </form>
    </search>
  );
}
