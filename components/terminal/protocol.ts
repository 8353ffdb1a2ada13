import type { LogEntry, SessionEvent, TranscriptBlock } from '@/lib/sim/session';

/** What opens a session: the same values give the same world, and with the same log the same screens. */
export type SessionSpec = {
  readonly world: string;
  readonly seed: number;
  readonly setup: string | undefined;
  readonly log: readonly LogEntry[];
  readonly columns: number;
  readonly rows: number;
};

/** From the page to the worker. */
export type ToWorker =
  | { readonly kind: 'open'; readonly spec: SessionSpec }
  | { readonly kind: 'type'; readonly tty: number; readonly keys: string }
  | { readonly kind: 'run'; readonly tty: number; readonly command: string }
  | { readonly kind: 'clear'; readonly tty: number }
  | { readonly kind: 'resize'; readonly tty: number; readonly columns: number; readonly rows: number }
  | { readonly kind: 'open-tty'; readonly tty: number }
  | { readonly kind: 'close-tty'; readonly tty: number }
  /** The page may go away: note how far the world has come. */
  | { readonly kind: 'tick' }
  /** Tell of every packet at a device from now on, for a picture. */
  | { readonly kind: 'watch-packets' }
  /** So many characters of output are on the screen: more may come. */
  | { readonly kind: 'shown'; readonly characters: number }
  | { readonly kind: 'files'; readonly request: number }
  | { readonly kind: 'read-file'; readonly request: number; readonly path: string }
  | { readonly kind: 'transcript'; readonly request: number; readonly tty: number }
  | { readonly kind: 'are-you-there'; readonly request: number };

/** From the worker to the page. */
export type FromWorker =
  /** First of all: which behaviour this simulator has. */
  | { readonly kind: 'hello'; readonly simVersion: number }
  | { readonly kind: 'output'; readonly tty: number; readonly text: string }
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'packets'; readonly packets: readonly SeenPacket[] }
  | { readonly kind: 'restoring'; readonly done: number; readonly of: number }
  /** Virtual time stands still because nobody has typed for long. Any key moves it again. */
  | { readonly kind: 'paused'; readonly paused: boolean }
  | { readonly kind: 'files'; readonly request: number; readonly files: readonly SimulatedFile[] }
  | { readonly kind: 'file'; readonly request: number; readonly bytes: Uint8Array<ArrayBuffer> | undefined }
  | { readonly kind: 'transcript'; readonly request: number; readonly blocks: readonly TranscriptBlock[] }
  | { readonly kind: 'here'; readonly request: number }
  | { readonly kind: 'crashed'; readonly message: string; readonly stack: string };

/** A packet that left (`tx`) or reached (`rx`) a device, at a virtual time in µs. `id` stays the same along its way. */
export type SeenPacket = {
  readonly at: number;
  readonly id: number;
  /** Inode of the namespace in which the device is. */
  readonly netns: number;
  readonly dev: string;
  readonly way: 'tx' | 'rx';
  readonly protocol: 'arp' | 'icmp' | 'icmp6' | 'udp' | 'tcp' | 'other';
};

export type SimulatedFile = { readonly path: string; readonly size: number };
