import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import type { FormState } from '@/lib/shared/forms';

/** The button of a form, and what became of it. */
export function FormEnd({ state, busy, children }: { state: FormState; busy: boolean; children: string }) {
  const elsewhere = Object.keys(state.fields ?? {}).length > 0;
  return (
    <>
      {state.error && !elsewhere && (
        <Notice tone="danger" live>
          {state.error}
        </Notice>
      )}
      <Button type="submit" disabled={busy}>
        {children}
      </Button>
      <p role="status">{busy ? '' : state.done}</p>
    </>
  );
}
