/**
 * What the application refuses, with its HTTP status in one place. `message` is for the person: what is wrong and what
 * to do. (What the simulated machine reports is a Result with an errno; our own bugs are `invariant`.)
 */
export const statusOf = {
  'invalid-input': 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'other-learner': 409,
  expired: 410,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof statusOf;

/** The body of every refused API request. */
export type ErrorBody = { error: { code: ErrorCode | 'internal'; message: string; fields?: Record<string, string> } };

export class AppError extends Error {
  override name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** `fields`: what is wrong with each input of a form. `retryAfter`: seconds, for `too-many` and `unavailable`. */
    readonly detail: { fields?: Record<string, string>; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
  }

  get status(): number {
    return statusOf[this.code];
  }

  toBody(): ErrorBody {
    return {
      error: { code: this.code, message: this.message, ...(this.detail.fields && { fields: this.detail.fields }) },
    };
  }
}
