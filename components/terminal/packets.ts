import type { SeenPacket } from './protocol';

/** Pictures of a page that follow what crosses a terminal's network, by the terminal's id. */
const watchers = new Map<string, Set<(packets: readonly SeenPacket[]) => void>>();

/** From the next start of the terminal on, tells every packet that leaves or reaches a device of its world. */
export function watchPackets(id: string, listener: (packets: readonly SeenPacket[]) => void): () => void {
  const listeners = watchers.get(id) ?? new Set();
  watchers.set(id, listeners.add(listener));
  return () => listeners.delete(listener);
}

export function arePacketsWatched(id: string): boolean {
  return (watchers.get(id)?.size ?? 0) > 0;
}

export function tellPackets(id: string, packets: readonly SeenPacket[]): void {
  for (const listener of watchers.get(id) ?? []) listener(packets);
}
