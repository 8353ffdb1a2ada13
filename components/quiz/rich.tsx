import type { ReactNode } from 'react';
import type { Block, Inline, Rich } from '@/lib/quiz';
import styles from './quiz.module.css';

/** Draws the plain data that lib/quiz makes of an author's markdown. The lists never change order, so places are keys. */
export function RichText({ blocks }: { blocks: Rich }) {
  return blocks.map((block, index) => <RichBlock key={index} block={block} />);
}

function RichBlock({ block }: { block: Block }): ReactNode {
  if ('p' in block) return <p><InlineText parts={block.p} /></p>;
  if ('pre' in block) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      <pre className={styles.pre} tabIndex={0}>
        <code>{block.pre}</code>
      </pre>
    );
  }
  const List = block.ordered ? 'ol' : 'ul';
  return (
    <List>
      {block.list.map((item, index) => (
        <li key={index}>
          <RichText blocks={item} />
        </li>
      ))}
    </List>
  );
}

export function InlineText({ parts }: { parts: Inline[] }): ReactNode {
  return parts.map((part, index) => <RichInline key={index} part={part} />);
}

function RichInline({ part }: { part: Inline }): ReactNode {
  if (typeof part === 'string') return part;
  if ('code' in part) return <code>{part.code}</code>;
  if ('em' in part) return <em><InlineText parts={part.em} /></em>;
  if ('strong' in part) return <strong><InlineText parts={part.strong} /></strong>;
  return <a href={part.link}><InlineText parts={part.children} /></a>;
}
