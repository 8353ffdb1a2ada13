/** One hop: from a node, over an arc, to the next. */
export function Wordmark() {
  return (
    <>
      <svg viewBox="0 0 32 24" width="30" height="22.5" aria-hidden="true">
        <path
          d="M5 17.5C7.5 5 24.5 5 27 17.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
        <circle cx="5" cy="18.5" r="3.6" fill="var(--surface)" stroke="currentColor" strokeWidth="2.4" />
        <circle cx="27" cy="18.5" r="4.4" fill="var(--accent)" />
      </svg>
      <span>hopwise</span>
    </>
  );
}
