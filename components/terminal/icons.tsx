import type { ReactNode } from 'react';

/** Line icons of the terminal's tools, 20 × 20, in the colour of their text. */
const PATHS = {
  add: <path d="M10 4v12M4 10h12" />,
  close: <path d="M5 5l10 10M15 5L5 15" />,
  search: (
    <>
      <circle cx="9" cy="9" r="5" />
      <path d="M13 13l4 4" />
    </>
  ),
  maximise: <path d="M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4" />,
  restore: <path d="M8 4v4H4M12 4v4h4M8 16v-4H4M12 16v-4h4" />,
  more: (
    <g fill="currentColor" stroke="none">
      <circle cx="4.5" cy="10" r="1.4" />
      <circle cx="10" cy="10" r="1.4" />
      <circle cx="15.5" cy="10" r="1.4" />
    </g>
  ),
  up: <path d="M5 12l5-5 5 5" />,
  down: <path d="M5 8l5 5 5-5" />,
  arrowUp: <path d="M10 16V4M5.5 8.5L10 4l4.5 4.5" />,
  arrowDown: <path d="M10 4v12M5.5 11.5L10 16l4.5-4.5" />,
  arrowLeft: <path d="M16 10H4M8.5 5.5L4 10l4.5 4.5" />,
  arrowRight: <path d="M4 10h12M11.5 5.5L16 10l-4.5 4.5" />,
  terminal: <path d="M4 6l4 4-4 4M10 14h6" />,
  run: <path d="M6 4l10 6-10 6z" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}
