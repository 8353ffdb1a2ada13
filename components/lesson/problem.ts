import type { Problem } from '@/lib/course';

/** A problem with the lines around it. */
export type ShownProblem = Problem & { excerpt: { line: number; text: string }[] };
