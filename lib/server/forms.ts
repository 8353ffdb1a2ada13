import { unstable_rethrow } from 'next/navigation';
import { AppError } from '../shared/errors.ts';
import type { FormState } from '../shared/forms.ts';
import { isOutage } from './db/index.ts';

export type { FormState } from '../shared/forms.ts';

/**
 * Makes a server action of the form `(state, form) => state`. What the application refuses comes back as text beside the
 * form, with what was typed still in it; a redirect passes through.
 */
export function formAction<State extends FormState = FormState>(
  work: (form: FormData) => Promise<State | undefined> | Promise<void>,
): (state: State, form: FormData) => Promise<State> {
  return async (_state, form) => {
    try {
      return (await work(form)) ?? ({} as State);
    } catch (error) {
      unstable_rethrow(error);
      return { ...refusal(error), values: typed(form) } as State;
    }
  };
}

function refusal(error: unknown): FormState {
  if (error instanceof AppError) return { error: error.message, fields: error.detail.fields };
  if (isOutage(error))
    return { error: 'The server cannot reach its database right now. Nothing was changed. Try again in a moment.' };
  console.error(error);
  return {
    error:
      'Something went wrong on our side, and nothing was changed. Try again; if it stays so, tell whoever runs this site.',
  };
}

function typed(form: FormData): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of form)
    if (typeof value === 'string' && !/password/i.test(name) && !name.startsWith('$')) values[name] = value;
  return values;
}
