/** Sizes in bytes of JSON. The browser keeps to them; the server refuses what does not. */
export const limits = {
  /** One event. */
  event: 256 * 1024,
  /** One request of events. */
  batch: 1024 * 1024,
  /** Events in one request. */
  events: 100,
  /** All entries of one terminal's log. */
  log: 2 * 1024 * 1024,
  /** A log up to this size travels with /api/me; a longer one is asked for by itself. */
  logInline: 32 * 1024,
} as const;
