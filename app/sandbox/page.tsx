import type { Metadata } from 'next';
import { Terminal } from '@/components/terminal/terminal';
import styles from './sandbox.module.css';

export const metadata: Metadata = {
  title: 'Sandbox',
  description: 'A simulated Linux machine to try things on, in your browser.',
};

/** A terminal and no lesson. */
export default function Page() {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Sandbox</h1>
        <p>
          A simulated Linux machine of your own, with root’s shell. Build networks out of namespaces, bridges and veth
          pairs, send packets through them, break them. What you do here is forgotten when you leave the page.
        </p>
      </header>
      <div className={styles.terminal}>
        <Terminal id="sandbox" world="host" title="host" />
      </div>
    </div>
  );
}
