import { Fragment, type ReactNode } from 'react';
import type { Block, Inline, Rich } from '@/lib/quiz';
import styles from './quiz.module.css';

/** Draws the plain data that lib/quiz makes of an author's markdown. */
export function RichText({ blocks }: { blocks: Rich }): ReactNode {
  return inOrder(blocks, blockOf);
}

export function InlineText({ parts }: { parts: Inline[] }): ReactNode {
  return inOrder(parts, inlineOf);
}

function inOrder<T>(items: readonly T[], draw: (item: T) => ReactNode): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: the text of a question never changes its order while it is shown.
  return items.map((item, place) => <Fragment key={place}>{draw(item)}</Fragment>);
}

function blockOf(block: Block): ReactNode {
  if ('p' in block) return <p>{inOrder(block.p, inlineOf)}</p>;
  if ('pre' in block) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      <pre className={styles.pre} tabIndex={0}>
        <code>{block.pre}</code>
      </pre>
    );
  }
  const items = inOrder(block.list, (item) => <li>{inOrder(item, blockOf)}</li>);
  return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function inlineOf(part: Inline): ReactNode {
  if (typeof part === 'string') return part;
  if ('code' in part) return <code>{part.code}</code>;
  if ('em' in part) return <em>{inOrder(part.em, inlineOf)}</em>;
  if ('strong' in part) return <strong>{inOrder(part.strong, inlineOf)}</strong>;
  return <a href={part.link}>{inOrder(part.children, inlineOf)}</a>;
}
