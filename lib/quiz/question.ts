import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Ids are permanent: attempts refer to them. */
const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, like q-shared-ip');

const option = z
  .strictObject({
    id: id.meta({ description: 'the option, permanent, once in its question', example: 'both-same' }),
    text: z.string().trim().min(1).max(500).meta({
      description: 'what one may choose; `code`, *emphasis* and links are markdown',
      example: 'Both have `10.244.1.2`',
    }),
    correct: z
      .boolean()
      .optional()
      .meta({ description: 'true for what is right; leave it out for what is not', example: 'true' }),
    feedback: z.string().trim().min(1).max(2000).meta({
      description: 'what to say to somebody who chose it: why it is right, or what is mistaken',
      example: 'A container was restarted, not the Pod.',
    }),
  })
  .meta({ description: 'one option', example: '{ id: yes, text: "Yes", correct: true, feedback: "…" }' });

const base = {
  id: id.meta({ description: 'the question, permanent, once in its lesson', example: 'q-shared-ip' }),
  prompt: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .meta({ description: 'the question, in markdown', example: 'Which address do the two containers have?' }),
  options: z
    .array(option)
    .min(2)
    .max(10)
    .meta({ description: 'two to ten options', example: '- { id: yes, text: "Yes", correct: true, feedback: "…" }' }),
  explanation: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .optional()
    .meta({ description: 'what to say to everybody once it is answered', example: 'Addresses belong to interfaces.' }),
};

/** The schema is the documentation of quiz.yaml: every field says what it is. One member for each kind. */
export const questionSchemas = {
  single: z.strictObject({ kind: z.literal('single'), ...base }),
  multiple: z.strictObject({ kind: z.literal('multiple'), ...base }),
} as const;

export const questionSchema = z.discriminatedUnion('kind', [questionSchemas.single, questionSchemas.multiple]);

export const quizSchema = z.strictObject({
  questions: z
    .array(questionSchema)
    .min(1)
    .meta({ description: 'the questions of the lesson', example: '- { id: q-shared-ip, kind: single, … }' }),
});

export type Question = z.infer<typeof questionSchema>;
export type Kind = Question['kind'];
export type QuestionOf<K extends Kind> = Extract<Question, { kind: K }>;
export type Option = Question['options'][number];
export type Quiz = z.infer<typeof quizSchema>;

/** Changes with anything that bears on what an answer means; an attempt remembers it. */
export function versionOf(question: Question): string {
  const { kind, prompt, options } = question;
  const meaning = [kind, prompt, options.map(({ id, text, correct }) => [id, text, correct === true])];
  return createHash('sha256').update(JSON.stringify(meaning)).digest('base64url').slice(0, 16);
}
