/** What is wrong with content, as data: shown by the build, in the page during development, and by the author's tools. */

/** Each rule and what it protects. */
export const RULES = {
  'root-missing': 'A content folder that is named exists.',
  'yaml-syntax': 'A YAML file or the frontmatter can be parsed.',
  'frontmatter-missing': 'lesson.mdx begins with frontmatter between two --- lines.',
  'field-missing': 'Every required field is there.',
  'field-invalid': 'Every field has the form that its description says.',
  'field-unknown': 'No field is misspelt or made up.',
  'covers-unknown': 'covers uses the words that the course promises to teach.',
  'mdx-syntax': 'The MDX can be parsed.',
  'mdx-code': 'Lessons are data: they import, export and compute nothing.',
  'component-unknown': 'Only components that lessons may use are used.',
  'component-place': 'A component stands where it belongs, with the children it needs.',
  'prop-unknown': 'A component is given no property that it does not have.',
  'prop-missing': 'A component is given every property that it needs.',
  'prop-invalid': 'A property has a value that the component understands.',
  'fence-meta': 'The words after a code fence’s language are ones that mean something.',
  'heading-level': 'Headings begin at ## and skip no level.',
  'duplicate-id': 'An id is used once.',
  'link-dead': 'An internal link leads to a page that exists.',
  'anchor-dead': 'An internal link leads to a heading that exists.',
  'quiz-unknown': 'A question that the lesson asks is in its quiz.yaml.',
  'quiz-unused': 'A question in quiz.yaml is asked by the lesson.',
  'quiz-invalid': 'quiz.yaml says what each question needs.',
  'term-unknown': 'A term is in the glossary.',
  'terminal-unknown': 'Code that runs by a click names a terminal of its lesson.',
  'setup-missing': 'The start script of a terminal exists.',
  'figure-missing': 'The file of a figure exists.',
  'figure-unsafe': 'A figure holds drawing only: no script, no reference to elsewhere, of bearable size.',
  'image-alt': 'Every picture says in words what it shows.',
  'prerequisite-unknown': 'A prerequisite is a lesson that exists.',
  'prerequisite-cycle': 'No lesson is its own prerequisite, however far around.',
  'folder-name': 'Folders of modules and lessons are named NN-words, each number once.',
  'file-missing': 'Each folder has the file that makes it a course, a module or a lesson.',
  'planned-written': 'A lesson that is written is no longer announced.',
  'minutes-off': 'The minutes that a lesson promises fit its length.',
} as const;

export type Rule = keyof typeof RULES;

export type Problem = {
  /** As the content root was given, joined with the path below it. */
  file: string;
  /** From 1. */
  line: number;
  column?: number;
  rule: Rule;
  /** What is wrong, in one sentence. */
  message: string;
  /** What to write instead, in one sentence. */
  fix: string;
};

export function formatProblem({ file, line, column, rule, message, fix }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}  ${message} [${rule}]\n    Fix: ${fix}`;
}

/** All of them under one heading, for a build that stops here. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return `${count} in the course content:\n\n${problems.map(formatProblem).join('\n\n')}\n`;
}
