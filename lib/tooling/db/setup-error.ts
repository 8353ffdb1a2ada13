/** Something a person can put right: said in plain words, without a stack. */
export class SetupError extends Error {
  override name = 'SetupError';

  constructor(
    message: string,
    readonly detail?: string,
  ) {
    super(message);
  }
}
