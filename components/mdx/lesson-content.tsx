import type { Root } from 'hast';
import { toJsxRuntime } from 'hast-util-to-jsx-runtime';
import { Fragment, jsx, jsxs } from 'react/jsx-runtime';
import { type LessonContext, lessonComponents } from './components';
import styles from './prose.module.css';

/** A compiled lesson as React. Elements that bear a component's name become that component. */
export function LessonContent({ tree, context }: { tree: Root; context: LessonContext }) {
  return (
    <div className={styles.prose}>
      {toJsxRuntime(tree, { Fragment, jsx, jsxs, components: lessonComponents(context), ignoreInvalidStyle: true })}
    </div>
  );
}
