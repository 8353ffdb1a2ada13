import { SECOND } from '../base/index.ts';

/**
 * What bounds a session. Virtual time is cheap where nothing happens, so it is events that are counted: one is a step of
 * a process, a packet's hop, a timer.
 */
export const BUDGETS = {
  /** A setup script that is not done by then has failed. */
  setupTime: 600 * SECOND,
  setupEvents: 5_000_000,
  /** What one command may cost after a person's last key, all tabs together; then the foreground is interrupted. */
  eventsWithoutInput: 2_500_000,
  /** If it goes on after the interrupt, it is killed after this many more. */
  eventsAfterInterrupt: 500_000,
  /** Characters that programs may write to one tab after the person's last key there. */
  charactersWithoutInput: 4_000_000,
  /** Characters after which `advance` returns early, whatever its budget: the screen must keep up. */
  charactersPerAdvance: 100_000,
  /** How far a replay goes on when a recorded line finds no prompt. */
  patience: 120 * SECOND,
} as const;

export type Budgets = { readonly [name in keyof typeof BUDGETS]: number };
