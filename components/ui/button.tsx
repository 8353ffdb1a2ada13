import { clsx } from 'clsx';
import Link from 'next/link';
import type { ComponentProps } from 'react';
import styles from './button.module.css';

export type ButtonLook = {
  /** `primary` once a screen at most; `quiet` for what is always at hand. */
  kind?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'small' | 'medium' | 'large';
};

function look({ kind = 'secondary', size = 'medium' }: ButtonLook, className?: string) {
  return clsx(styles.button, styles[kind], styles[size], className);
}

export function Button({ kind, size, className, type = 'button', ...props }: ComponentProps<'button'> & ButtonLook) {
  return <button type={type} className={look({ kind, size }, className)} {...props} />;
}

export function LinkButton({ kind, size, className, ...props }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link className={look({ kind, size }, className)} {...props} />;
}
