import type { Metadata } from 'next';
import Link from 'next/link';
import { type GlossaryItem, glossary } from '@/lib/server/content';
import styles from './glossary.module.css';

export const metadata: Metadata = {
  title: 'Glossary',
  description: 'The words of Kubernetes networking, each said once in plain words.',
};

export const revalidate = 30;

export default async function Page() {
  const terms = await glossary();
  const letters = byLetter(terms);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Glossary</h1>
        <p>
          The words that the lessons use, each said once in plain words. In a lesson, a dotted line below a word opens
          its entry.
        </p>
        <nav aria-label="Letters" className={styles.letters}>
          {[...letters.keys()].map((letter) => (
            <a key={letter} href={`#letter-${letter}`}>
              {letter}
            </a>
          ))}
        </nav>
      </header>
      {[...letters].map(([letter, entries]) => (
        <section key={letter} className={styles.section} aria-labelledby={`letter-${letter}`}>
          <h2 id={`letter-${letter}`}>{letter}</h2>
          <dl>
            {entries.map((entry) => (
              <div key={entry.id} id={entry.id} className={styles.entry}>
                <dt>
                  <a href={`#${entry.id}`}>{entry.term}</a>
                </dt>
                <dd>
                  <p>{entry.short}</p>
                  {entry.more?.split(/\n+/).map((paragraph) => (
                    <p key={paragraph} className={styles.more}>
                      {paragraph}
                    </p>
                  ))}
                  {(entry.seeAlso.length > 0 || entry.usedBy.length > 0) && (
                    <p className={styles.links}>
                      {entry.seeAlso.length > 0 && (
                        <span>
                          See also{' '}
                          {entry.seeAlso.map(({ id, term }, index) => (
                            <span key={id}>
                              {index > 0 && ', '}
                              <a href={`#${id}`}>{term}</a>
                            </span>
                          ))}
                        </span>
                      )}
                      {entry.usedBy.length > 0 && (
                        <span>
                          Used in{' '}
                          {entry.usedBy.map(({ title, href }, index) => (
                            <span key={href}>
                              {index > 0 && ', '}
                              <Link href={href} prefetch={false}>
                                {title}
                              </Link>
                            </span>
                          ))}
                        </span>
                      )}
                    </p>
                  )}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function byLetter(terms: GlossaryItem[]): Map<string, GlossaryItem[]> {
  const letters = new Map<string, GlossaryItem[]>();
  for (const term of terms) {
    const letter = term.term.charAt(0).toUpperCase();
    letters.set(letter, [...(letters.get(letter) ?? []), term]);
  }
  return letters;
}
