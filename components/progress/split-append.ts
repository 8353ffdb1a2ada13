import type { EventOf } from '@/lib/progress';

type Append = Omit<EventOf<'terminal.appended'>, 'id' | 'at'>;

/** Well under the server's limits for one event (256 KB, 5000 entries), whatever UTF-8 makes of it. */
const PART_CHARACTERS = 60_000;
const PART_ENTRIES = 2_000;

/** One append as several that follow each other, each small enough for an event. */
export function splitAppend(append: Append): Append[] {
  const parts: Append[] = [];
  let entries: Append['entries'] = [];
  let from = append.from;
  let characters = 0;
  const close = () => {
    if (entries.length > 0) parts.push({ ...append, from, entries });
    from += entries.length;
    entries = [];
    characters = 0;
  };
  for (const entry of append.entries) {
    const size = JSON.stringify(entry).length;
    if (entries.length >= PART_ENTRIES || (entries.length > 0 && characters + size > PART_CHARACTERS)) close();
    entries.push(entry);
    characters += size;
  }
  close();
  return parts;
}
