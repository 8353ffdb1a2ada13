import type { EventResult, ProgressEvent } from '@/lib/progress';

/**
 * Branches of terminals that the server has no room for any more. What is typed there goes on working, but is recorded
 * no further: an append after the refused one would be a conflict, and a copy of the branch would be too long as well.
 */
const full = new Set<string>();

export function isFull(branch: string): boolean {
  return full.has(branch);
}

/** @returns whether any branch has just become full */
export function noteFull(results: readonly EventResult[], events: readonly ProgressEvent[]): boolean {
  const before = full.size;
  for (const [index, event] of events.entries()) {
    const result = results[index];
    const refused = result?.status === 'rejected' && (result.reason === 'log-full' || result.reason === 'too-large');
    if (refused && event.type === 'terminal.appended') full.add(event.branch);
  }
  return full.size > before;
}
