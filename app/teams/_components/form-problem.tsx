import { Notice } from '@/components/ui/notice';
import type { FormState } from '@/lib/shared/forms';

/** What the server refused, unless a field of the form says it already. */
export function FormProblem({ state }: { state: FormState }) {
  if (!state.error || Object.keys(state.fields ?? {}).length > 0) return null;
  return (
    <Notice tone="danger" live>
      {state.error}
    </Notice>
  );
}
