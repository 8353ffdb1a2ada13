import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './field.module.css';

type Words = {
  label: ReactNode;
  /** What helps before typing. */
  hint?: ReactNode;
  /** What is wrong and what to do; announced and tied to the control. */
  error?: ReactNode;
};

type Described = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };

/** A label, a control, its hint and its error, tied together for everyone. `control` gets the attributes to spread. */
export function FieldFrame({ label, hint, error, control }: Words & { control: (described: Described) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {control({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function Field({ label, hint, error, ...input }: Words & ComponentProps<'input'>) {
  const words = { label, hint, error };
  return (
    <FieldFrame {...words} control={(described) => <input className={styles.control} {...input} {...described} />} />
  );
}

export function SelectField({ label, hint, error, ...select }: Words & ComponentProps<'select'>) {
  const words = { label, hint, error };
  return (
    <FieldFrame {...words} control={(described) => <select className={styles.control} {...select} {...described} />} />
  );
}
