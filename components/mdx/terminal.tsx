type Props = { lessonId: string; id: string; world: string; title?: string; setup?: string };

/** A terminal of the lesson. */
export function LessonTerminal({ id }: Props) {
  return <section data-terminal={id} />;
}
