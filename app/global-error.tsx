'use client';

/** Stands in when even the root layout cannot be drawn, so it brings everything itself. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body
        style={{
          font: '1.0625rem/1.6 system-ui, sans-serif',
          maxWidth: '36rem',
          margin: '15vh auto',
          padding: '0 1.5rem',
        }}
      >
        <h1>Hopwise cannot show this page</h1>
        <p>What you have done is kept. Try again; if it stays like this, tell whoever runs this site.</p>
        <button type="button" onClick={reset} style={{ font: 'inherit', padding: '0.6rem 1rem' }}>
          Try again
        </button>
      </body>
    </html>
  );
}
