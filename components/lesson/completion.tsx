'use client';

import { useState } from 'react';
import { record } from '../progress/client';
import { useMe } from '../progress/me-store';
import { Button, LinkButton } from '../ui/button';
import styles from './completion.module.css';

const CONFIDENCE = ['Lost', 'Unsure', 'Getting there', 'Sure', 'Could teach it'];

/** Asks how sure one feels, then marks the lesson complete; afterwards says so and leads on. */
export function Completion({ lessonId, next }: { lessonId: string; next?: { title: string; href: string } }) {
  const { me } = useMe(lessonId);
  const [confidence, setConfidence] = useState<number>();
  const [justDone, setJustDone] = useState(false);
  // While the server cannot be asked, what was clicked here counts.
  const done = justDone || Boolean(me?.lesson?.completedAt);
  const chosen = confidence ?? me?.lesson?.confidence;

  function complete(value = confidence) {
    record({ type: 'lesson.completed', lessonId, ...(value && { confidence: value }) });
    setJustDone(true);
  }

  return (
    <div className={styles.completion} data-done={done || undefined}>
      <fieldset>
        <legend>How sure do you feel?</legend>
        <div className={styles.scale}>
          {CONFIDENCE.map((label, index) => (
            <label key={label}>
              <input
                type="radio"
                name="confidence"
                value={index + 1}
                checked={chosen === index + 1}
                onChange={() => {
                  setConfidence(index + 1);
                  if (done) complete(index + 1);
                }}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className={styles.actions}>
        <p role="status">{done ? 'Complete. Come back whenever you like.' : ''}</p>
        {!done && (
          <Button kind="primary" onClick={() => complete()}>
            Mark complete
          </Button>
        )}
        {done && next && (
          <LinkButton kind="primary" href={next.href}>
            Next: {next.title}
          </LinkButton>
        )}
      </div>
    </div>
  );
}
