import styles from './progress-bar.module.css';

/** How far along: `value` of `max`, said in words by `label`. */
export function ProgressBar({ value, max, label }: { value: number; max: number; label: string }) {
  return <progress className={styles.bar} value={value} max={Math.max(max, 1)} aria-label={label} />;
}
