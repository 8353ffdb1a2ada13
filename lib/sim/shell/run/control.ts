/** How commands leave the place they are in. They are thrown, and caught by the loop, function or shell they mean. */
export class LoopControl {
  constructor(
    readonly kind: 'break' | 'continue',
    /** How many loops are still to be left. */
    public levels: number,
  ) {}
}

export class FunctionReturn {
  constructor(readonly status: number) {}
}

export class ShellExit {
  constructor(readonly status: number) {}
}

/** Ctrl-C at an interactive shell: what runs is dropped, the prompt comes back. */
export class Interrupted {}

/** An expansion failed: the command line is dropped; `fatal` ends a shell that is not interactive. */
export class ExpansionError extends Error {
  override name = 'ExpansionError';
  constructor(
    message: string,
    readonly status: number,
    readonly fatal: boolean,
  ) {
    super(message);
  }
}
