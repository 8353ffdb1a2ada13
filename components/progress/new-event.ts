import type { EventOf, EventType } from '@/lib/progress';

/** What a page tells; its id and time are added when it is recorded. */
export type NewEvent = { [T in EventType]: Omit<EventOf<T>, 'id' | 'at'> }[EventType];
