// @ts-check
/** What the tools say to the person in front of them: one line a step; problems in full, on standard error. */

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (/** @type {number} */ code, /** @type {string} */ text) =>
  colour ? `\u001b[${code}m${text}\u001b[0m` : text;

/** @param {string} text one step, as it begins or as it ended */
export function step(text) {
  console.log(`${paint(36, '›')} ${text}`);
}

/** @param {string} text indented output of a step */
export function detail(text) {
  console.log(text.replace(/^(?=.)/gm, '    '));
}

/**
 * A problem that the person can do something about. Each carries the exit code that scripts can tell apart
 * (see start.mjs), what happened, and what to do.
 */
export class Problem extends Error {
  /**
   * @param {number} exitCode
   * @param {string} what one sentence: what went wrong
   * @param {string} [remedy] what to do about it
   */
  constructor(exitCode, what, remedy = '') {
    super(what);
    this.exitCode = exitCode;
    this.remedy = remedy;
  }
}

/**
 * Prints what went wrong and returns the exit code. Only our own bugs show a stack.
 * @param {unknown} error
 * @returns {number}
 */
export function explain(error) {
  if (error instanceof Problem) {
    console.error(`\n${paint(31, 'Stopped:')} ${error.message}`);
    if (error.remedy) console.error(error.remedy.replace(/^(?=.)/gm, '  '));
    return error.exitCode;
  }
  console.error(error);
  return 1;
}
