import type { Components } from 'hast-util-to-jsx-runtime';
import type { ComponentProps, ComponentType, ReactNode } from 'react';
import type { PublicQuestion } from '@/lib/quiz';
import type { PageTerminal } from '../terminal/bus';
import { LessonTerminal } from '../terminal/lesson-terminal';
import { Callout } from './callout';
import { CodeBlock } from './code-block';
import { Figure } from './figure';
import { ProseHeading } from './prose-heading';
import { ProseLink } from './prose-link';
import { Question } from './question';
import { Step, Steps } from './steps';
import { Tab, Tabs } from './tabs';
import { Term } from './term';

/** What the components of one lesson know of it. */
export type LessonContext = {
  lessonId: string;
  questions: ReadonlyMap<string, PublicQuestion>;
  terms: ReadonlyMap<string, { term: string; short: string }>;
  /** In the order of the text: code that names none runs in the first. */
  terminals: readonly PageTerminal[];
};

/**
 * The registry: what stands behind each name that lib/course allows. Properties have been checked there, so here they
 * are what the table of components says.
 */
export function lessonComponents(context: LessonContext): Partial<Components> {
  const registry: Record<string, ComponentType<never>> = {
    Callout,
    Steps,
    Step,
    Tabs,
    Tab,
    Figure,
    Term: ({ id, children }: { id: string; children: ReactNode }) => (
      <Term id={id} definition={context.terms.get(id)}>
        {children}
      </Term>
    ),
    Quiz: ({ id }: { id: string }) => (
      <Question lessonId={context.lessonId} id={id} question={context.questions.get(id)} />
    ),
    Terminal: ({ id }: { id: string }) => {
      const terminal = context.terminals.find((one) => one.id === id);
      return terminal && <LessonTerminal id={id} world={terminal.world} title={terminal.title} />;
    },
    CodeBlock: (props: ComponentProps<typeof CodeBlock>) => (
      <CodeBlock terminal={context.terminals[0]?.id} {...props} />
    ),
    a: ProseLink,
    h2: (props: HeadingProps) => <ProseHeading level="h2" {...props} />,
    h3: (props: HeadingProps) => <ProseHeading level="h3" {...props} />,
    h4: (props: HeadingProps) => <ProseHeading level="h4" {...props} />,
    table: ({ children }: { children: ReactNode }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      <section className="table-frame" aria-label="Table" tabIndex={0}>
        <table>{children}</table>
      </section>
    ),
  };
  return registry as Partial<Components>;
}

type HeadingProps = { id?: string; children?: ReactNode };
