import type { ReactNode } from 'react';
import { CopyButton } from '../ui/copy-button';
import styles from './code-block.module.css';
import { RunButton } from './run-button';

/** A listing, coloured on the server. A console listing is copied and run without its prompts and output. */
export function CodeBlock({
  lang,
  text,
  run,
  title,
  terminal,
  children,
}: {
  lang: string;
  text: string;
  run?: true | string;
  title?: string;
  /** Where code runs that does not say where. */
  terminal?: string;
  children?: ReactNode;
}) {
  const target = run === true ? terminal : run;
  return (
    <figure className={styles.block} data-lang={lang}>
      {title && <figcaption>{title}</figcaption>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>{children}</code>
      </pre>
      <div className={styles.tools} data-print="hide">
        <CopyButton text={text} />
        {target && <RunButton terminal={target} text={text} />}
      </div>
    </figure>
  );
}
