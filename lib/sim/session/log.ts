import type { Micros } from '../base/index.ts';

/**
 * The behaviour of the simulator as far as replays can tell: raised whenever the same log may give another world. A log
 * of another version is replayed all the same, and the learner is told.
 */
export const SIM_VERSION = 1;

/**
 * Something that a person did, at a virtual time. World, screen and trace hash follow from world, seed, setup and these.
 *
 * | kind   | data |
 * | ------ | --- |
 * | line   | the text of a command line that was entered, perhaps of several lines |
 * | abort  | the text that was in the line when Ctrl-C was pressed at the prompt |
 * | list   | `CURSOR:TEXT`: Tab showed what may follow |
 * | clear  | Ctrl-L at the prompt, or the Clear button |
 * | input  | a line for the program that reads the terminal |
 * | eof    | Ctrl-D |
 * | signal | INT, QUIT or TSTP: a key that interrupts the running program |
 * | open   | a shell was opened in this tab, which may be new |
 * | close  | the tab was closed |
 * | resize | `COLUMNSxROWS` |
 * | tick   | nothing was done: the world had come to this time; data is its trace hash |
 */
export type LogEntry = { readonly at: Micros; readonly tty: number; readonly kind: LogKind; readonly data: string };

export const LOG_KINDS = [
  'line',
  'abort',
  'list',
  'clear',
  'input',
  'eof',
  'signal',
  'open',
  'close',
  'resize',
  'tick',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** Tabs are numbered from 0; more than this many are not opened. */
export const MOST_TTYS = 8;

const MAX_AT = 1_000 * 86_400 * 1_000_000;

/** Reads a log that comes from outside (storage, the network). What is not an entry ends it: later ones depend on it. */
export function parseLog(value: unknown): LogEntry[] {
  if (!Array.isArray(value)) return [];
  const bad = value.findIndex((entry) => !isLogEntry(entry));
  return bad < 0 ? value : value.slice(0, bad);
}

export function isLogEntry(value: unknown): value is LogEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { at, tty, kind, data } = value as Record<string, unknown>;
  return (
    isWhole(at, MAX_AT) &&
    isWhole(tty, MOST_TTYS - 1) &&
    typeof data === 'string' &&
    LOG_KINDS.some((known) => known === kind)
  );
}

const isWhole = (value: unknown, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
