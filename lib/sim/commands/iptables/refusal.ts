/** Ends iptables with words on standard error and an exit status, as xtables_error() does. */
export class XtablesError extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** 'program' begins with `iptables v1.8.9 (nf_tables): `, 'plain' with `iptables: `, 'bare' with nothing. */
    readonly prefix: 'program' | 'plain' | 'bare',
    /** Followed by the hint at --help. */
    readonly hint: boolean,
  ) {
    super(message);
  }
}

/** PARAMETER_PROBLEM */
export const badParameter = (message: string): XtablesError => new XtablesError(message, 2, 'program', true);

/** What the library says of an option's value. */
export const badValue = (
  extension: string,
  option: string,
  kind: 'value' | 'integer value',
  range?: string,
): XtablesError =>
  badParameter(
    `${extension}: bad ${kind} for option "--${option}", or out of range${range === undefined ? '' : ` (${range})`}.\n`,
  );

export const missingOption = (extension: string, option: string): XtablesError =>
  badParameter(`${extension}: option "--${option}" must be specified\n`);

/** nft_strerror() */
export const plain = (message: string): XtablesError => new XtablesError(message, 1, 'plain', false);
