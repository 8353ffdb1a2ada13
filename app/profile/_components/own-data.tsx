'use client';

import { useState } from 'react';
import { forgetWaiting, learnerChanged } from '@/components/progress/client';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import { api, paths } from '@/lib/shared/paths';
import styles from '../profile.module.css';

export function OwnData({ account }: { account: boolean }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <p>
        Everything that is stored about you as one JSON file: lessons, answers, what you typed into terminals, teams.
      </p>
      <p className={styles.buttons}>
        <a href={api.export} download>
          Download my data
        </a>
      </p>
      <p className={styles.buttons}>
        <Button kind="danger" onClick={() => setAsking(true)}>
          Delete my data …
        </Button>
      </p>
      <DeleteDialog open={asking} close={() => setAsking(false)} account={account} />
    </>
  );
}

function DeleteDialog({ open, close, account }: { open: boolean; close: () => void; account: boolean }) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    const wrong = await deleteEverything();
    if (!wrong) return location.assign(paths.home);
    setProblem(wrong);
    setBusy(false);
  }

  const footer = (
    <>
      <Button onClick={close}>Keep everything</Button>
      <Button kind="danger" onClick={() => void remove()} disabled={busy}>
        {busy ? 'Deleting …' : 'Delete for good'}
      </Button>
    </>
  );
  return (
    <Dialog
      open={open}
      onClose={close}
      title={account ? 'Delete your account and all your data?' : 'Delete all your data?'}
      footer={footer}
    >
      <p>
        Progress, answers and terminals are removed from the server and from this browser at once. This cannot be
        undone.
      </p>
      {account && (
        <p>
          You leave your teams. Where you are the only manager, the member who has been there longest becomes one; a
          team in which nobody else is left is removed.
        </p>
      )}
      {problem && (
        <Notice tone="danger" live>
          {problem}
        </Notice>
      )}
    </Dialog>
  );
}

/** @returns what is wrong, or nothing when all is gone */
async function deleteEverything(): Promise<string | undefined> {
  try {
    const response = await fetch(api.deleteMyData, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"confirm":"delete"}',
    });
    if (!response.ok) return ((await response.json()) as { error: { message: string } }).error.message;
  } catch {
    return 'The server cannot be reached. Nothing was deleted. Check your connection, then try again.';
  }
  await forgetWaiting();
  learnerChanged();
  return undefined;
}
