import { type FormEvent, startTransition, useActionState } from 'react';
import type { FormState } from '@/lib/shared/forms';

type Action = (state: FormState, form: FormData) => Promise<FormState>;

const unreachable: FormState = {
  error: 'The server cannot be reached. Nothing was changed. Check your connection, then try again.',
};

/**
 * A form over a server action. Unlike `<form action>` it empties nothing: what was typed stays typed, passwords too, until
 * the action says `done`. A server that cannot be reached is said in words instead of breaking the page.
 */
export function useForm(action: Action, initial: FormState = {}) {
  const [state, run, busy] = useActionState(async (before: FormState, form: FormData) => {
    try {
      return await action(before, form);
    } catch {
      return { ...before, ...unreachable };
    }
  }, initial);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    startTransition(() => run(form));
  }

  return { state, busy, submit };
}
