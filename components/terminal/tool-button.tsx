import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import styles from './tool-button.module.css';

/** A square button with an icon; its name is spoken, and shown as a tooltip. */
export function ToolButton({ label, className, ...props }: ComponentProps<'button'> & { label: string }) {
  return <button type="button" aria-label={label} title={label} className={clsx(styles.tool, className)} {...props} />;
}
