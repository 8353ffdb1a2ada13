import type { Wait } from '../../os/index.ts';

/** Error codes of the CNI specification, "Error", and 999, which the reference plugins use for all else. */
export const CODE = {
  incompatibleVersion: 1,
  unknownContainer: 3,
  invalidEnvironment: 4,
  ioFailure: 5,
  decodingFailure: 6,
  invalidConfig: 7,
  internal: 999,
} as const;

/** Ends a plugin with an error object on its standard output. */
export class CniError extends Error {
  constructor(
    message: string,
    readonly code: number = CODE.internal,
    readonly details = '',
  ) {
    super(message);
  }

  /** What another error says that wraps this one. */
  get text(): string {
    return this.details === '' ? this.message : `${this.message}; ${this.details}`;
  }
}

/** Says before an error what was being done, as fmt.Errorf("…: %v", err) does; a plain error comes of it. */
const wrap = (what: string, error: unknown): CniError => new CniError(`${what}: ${textOf(error)}`);

/** Only errors that a plugin reports; our own mistakes go on. */
export function textOf(error: unknown): string {
  if (error instanceof CniError) return error.text;
  throw error;
}

/** Runs `work`, and puts words before what is wrong. */
export function trying<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw wrap(what, error);
  }
}

/** The same for work that waits. */
export function* tryingSteps<T>(what: string, work: Generator<Wait, T, void>): Generator<Wait, T, void> {
  try {
    return yield* work;
  } catch (error) {
    throw wrap(what, error);
  }
}

/** Work of which nobody looks whether it works; undefined when it does not. */
export function* attempt<T>(work: Generator<Wait, T, void>): Generator<Wait, T | undefined, void> {
  try {
    return yield* work;
  } catch (error) {
    if (error instanceof CniError) return undefined;
    throw error;
  }
}

/** Something the real plugin does and this one cannot. */
export class NotSimulated extends Error {}

/** The real plugin crashes here: it writes to standard error and ends with status 2. */
export class GoPanic extends Error {}
