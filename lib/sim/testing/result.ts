import { type Result, strerror } from '../base/index.ts';

/** The value of a result that must have succeeded. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { errno, extack } = result.error;
  throw new Error(`failed: ${errno} (${strerror(errno)})${extack === undefined ? '' : `: ${extack}`}`);
}

/** What a refused request answers: its extended acknowledgement, or else its errno. */
export function refusal(result: Result<unknown>): string {
  if (result.ok) throw new Error('expected a refusal, but it was done');
  return result.error.extack ?? result.error.errno;
}
