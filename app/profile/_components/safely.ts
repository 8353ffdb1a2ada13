import type { FormState } from '@/lib/shared/forms';

type Action = (state: FormState, form: FormData) => Promise<FormState>;

/** A server action that also says in words when the server cannot be reached, instead of breaking the page. */
export function safely(action: Action): Action {
  return async (state, form) => {
    try {
      return await action(state, form);
    } catch {
      return { error: 'The server cannot be reached. Nothing was changed. Check your connection, then try again.' };
    }
  };
}
