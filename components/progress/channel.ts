import type { EventsAnswer, ProgressEvent } from '@/lib/progress';

/** What the tabs of one browser tell each other. */
export type Message =
  | { type: 'answered'; answer: EventsAnswer; events: ProgressEvent[] }
  /** Somebody signed in or out. */
  | { type: 'learner' }
  /** Who made this event? Its branch was continued elsewhere. */
  | { type: 'conflict'; event: ProgressEvent }
  | { type: 'claimed'; eventId: string };

type Listener = (message: Message) => void;
type Channel = { post: (message: Message) => void; on: (listener: Listener) => () => void };

let opened: Channel | undefined;

export function channel(): Channel {
  opened ??= open();
  return opened;
}

function open(): Channel {
  const tabs = typeof BroadcastChannel === 'function' ? new BroadcastChannel('hopwise-progress') : undefined;
  const listeners = new Set<Listener>();
  tabs?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    for (const listener of listeners) listener(data);
  });
  return {
    post: (message) => tabs?.postMessage(message),
    on: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
