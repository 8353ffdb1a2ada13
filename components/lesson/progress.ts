// Stands in until components/progress is there.
import type { Me } from '@/lib/progress';
export function useMe(): { me?: Me } {
  return {};
}
export function record(_event: { type: string; lessonId: string; confidence?: number; anchor?: string; ratio?: number }) {}
