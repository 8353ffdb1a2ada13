'use client';

import { Button } from '../ui/button';

/** Types the code into the lesson's terminal, as if by hand, and shows where it runs. */
export function RunButton({ terminal, text }: { terminal: string; text: string }) {
  return null;
}
