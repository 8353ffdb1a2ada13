/** What a form's server action answers. `values`: what was typed, so that a refused form keeps it (never passwords). */
export type FormState = {
  error?: string;
  fields?: Record<string, string>;
  values?: Record<string, string>;
  /** Said after success. */
  done?: string;
};
