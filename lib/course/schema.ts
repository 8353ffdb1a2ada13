/**
 * What authors may write, field by field. The schema is the documentation: every field has a description and an example,
 * and the messages of `problem`s and the author's reference are made from them, so neither can drift from the other.
 *
 *   content/courses/<course>/course.yaml                                  courseSchema
 *   content/courses/<course>/<NN-module>/module.yaml                      moduleSchema
 *   content/courses/<course>/<NN-module>/<NN-lesson>/lesson.mdx           frontmatterSchema (between the --- lines)
 *   content/glossary/<any name>.yaml                                      glossaryFileSchema
 */
import { z } from 'zod';
import { COVERS } from './covers.ts';

/** What each field tells an author: shown in problems and in the reference. */
export type FieldMeta = { description: string; example: string };

function field<T extends z.ZodType>(schema: T, meta: FieldMeta): T {
  return schema.meta(meta) as T;
}

const idPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const id = z.string().regex(idPattern, 'must be lower-case words joined by hyphens');
const line = z.string().trim().min(1, 'must not be empty');
const text = z.string().trim().min(1, 'must not be empty');

export const sourceSchema = z.strictObject({
  title: field(line, {
    description: 'what the source calls itself',
    example: 'title: Cluster Networking – Kubernetes',
  }),
  url: field(z.url({ protocol: /^https?$/, error: 'must be an http or https address' }), {
    description: 'the address of a primary source (Kubernetes docs, an RFC, a man page, kernel docs)',
    example: 'url: https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  }),
});

export const frontmatterSchema = z.strictObject({
  id: field(id, {
    description: 'the permanent name of the lesson: progress refers to it, so it never changes and is never used again',
    example: 'id: one-pod-one-ip',
  }),
  title: field(line, { description: 'the title of the lesson', example: 'title: One Pod, one IP' }),
  summary: field(line, {
    description: 'one sentence: the question that the lesson answers',
    example: 'summary: Why do all containers of a Pod share one address?',
  }),
  minutes: field(z.int('must be a whole number').min(1).max(90), {
    description: 'how many minutes it takes with its commands and questions, 15 to 25 for a good lesson',
    example: 'minutes: 20',
  }),
  objectives: field(z.array(line).min(1, 'must name at least one'), {
    description: 'what one can do afterwards, each beginning with a verb',
    example: 'objectives: [Explain why two containers of a Pod reach each other at localhost]',
  }),
  prerequisites: field(z.array(id).default([]), {
    description: 'ids of the lessons that this one builds on',
    example: 'prerequisites: [one-pod-one-ip]',
  }),
  covers: field(z.array(z.enum(COVERS)).min(1, 'must name at least one'), {
    description: 'which of the systems that the course promises are taught here',
    example: 'covers: [ip-per-pod, network-namespace]',
  }),
  sources: field(z.array(sourceSchema).min(1, 'must name at least one'), {
    description: 'primary sources, listed at the end of the lesson',
    example: 'sources: [{ title: Pods, url: "https://kubernetes.io/docs/concepts/workloads/pods/" }]',
  }),
});

/** A lesson that is announced but not written. Its number is its place among the numbered lesson folders. */
export const plannedLessonSchema = z.strictObject({
  number: field(z.int('must be a whole number').min(1).max(99), {
    description: 'the number that its folder will have',
    example: 'number: 3',
  }),
  title: field(line, { description: 'the title of the lesson to come', example: 'title: Services, a stable address' }),
});

export const moduleSchema = z.strictObject({
  id: field(id, { description: 'the permanent name of the module', example: 'id: network-model' }),
  title: field(line, { description: 'the title of the module', example: 'title: The network model' }),
  summary: field(line, {
    description: 'one sentence: what the module is about',
    example: 'summary: Three rules that every cluster keeps, and what follows from them.',
  }),
  unlocks: field(line, {
    description: 'what one can do after it, to be read after "Then you can"',
    example: 'unlocks: predict which address a Pod sees, whoever calls it',
  }),
  planned: field(z.array(plannedLessonSchema).default([]), {
    description: 'lessons in preparation; an entry is removed when its folder appears',
    example: 'planned: [{ number: 3, title: Services }]',
  }),
});

export const courseSchema = z.strictObject({
  id: field(id, {
    description: 'the permanent name of the course, also its address',
    example: 'id: kubernetes-networking',
  }),
  title: field(line, { description: 'the title of the course', example: 'title: Kubernetes networking, hop by hop' }),
  summary: field(line, {
    description: 'one sentence: what one learns',
    example: 'summary: From one Pod to a cluster you can debug with tcpdump.',
  }),
  description: field(text, {
    description:
      'a paragraph or two for the start page, in plain words (no Markdown); begin it with `description: >-` and leave a line empty between paragraphs',
    example: 'description: The network model is simple. What plugins add to it is not…',
  }),
});

export const glossaryEntrySchema = z.strictObject({
  id: field(id, { description: 'what <Term id="…"> and #anchors refer to', example: 'id: veth' }),
  term: field(line, { description: 'the term as it is written in prose', example: 'term: veth pair' }),
  short: field(line, {
    description: 'one or two sentences that stand alone, shown where the term is used',
    example: 'short: Two virtual network devices joined like the ends of a cable.',
  }),
  more: field(text.optional(), {
    description: 'more about it, shown in the glossary only, in plain words; begin it with `more: >-`',
    example: 'more: Each end can live in another namespace…',
  }),
  see: field(z.array(id).default([]), {
    description: 'ids of related terms',
    example: 'see: [network-namespace, bridge]',
  }),
});

export const glossaryFileSchema = z.strictObject({
  terms: field(z.array(glossaryEntrySchema), {
    description: 'the terms of this file',
    example: 'terms: [{ id: veth, term: veth pair, short: … }]',
  }),
});

export type Source = z.infer<typeof sourceSchema>;
export type Frontmatter = z.infer<typeof frontmatterSchema>;
export type PlannedLesson = z.infer<typeof plannedLessonSchema>;
export type ModuleFile = z.infer<typeof moduleSchema>;
export type CourseFile = z.infer<typeof courseSchema>;
export type GlossaryEntry = z.infer<typeof glossaryEntrySchema>;
