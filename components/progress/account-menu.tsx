'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useId } from 'react';
import { paths, withNext } from '@/lib/shared/paths';
import { LinkButton } from '../ui/button';
import styles from './account-menu.module.css';
import { useLearner } from './me-store';
import { signOutHere } from './sign-out';

/** At the end of the header: who is learning, or the way to sign in. The space is kept while that is not known yet. */
export function AccountMenu() {
  const learner = useLearner();
  const here = usePathname();
  const id = useId();
  if (learner === undefined) return <div className={styles.place} />;
  if (learner?.kind !== 'account') {
    return (
      <LinkButton
        kind="quiet"
        href={here.startsWith('/sign-') ? paths.signIn : withNext(paths.signIn, here)}
        title={learner ? 'Your progress so far is kept when you sign up' : undefined}
      >
        Sign in
      </LinkButton>
    );
  }
  const name = learner.name ?? 'Account';
  return (
    <div className={styles.place}>
      <button type="button" className={styles.button} popoverTarget={id} aria-label={`Account of ${name}`}>
        <span aria-hidden="true">{initials(name)}</span>
      </button>
      <div id={id} popover="auto" className={styles.menu}>
        <p className={styles.name}>{name}</p>
        <Link href={paths.profile} onClick={() => document.getElementById(id)?.hidePopover()}>
          Profile
        </Link>
        <Link href={paths.teams} onClick={() => document.getElementById(id)?.hidePopover()}>
          Teams
        </Link>
        <button type="button" onClick={() => void signOutHere()}>
          Sign out
        </button>
      </div>
    </div>
  );
}

function initials(name: string): string {
  const words = name.split(/[\s.@_-]+/).filter(Boolean);
  return (
    words
      .slice(0, 2)
      .map((word) => [...word][0]?.toUpperCase())
      .join('') || '?'
  );
}
