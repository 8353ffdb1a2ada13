'use client';

import { useEffect, useState } from 'react';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import type { TerminalController } from './controller';
import type { SimulatedFile } from './protocol';
import styles from './terminal-panel.module.css';

/** Files of the machine to keep, such as a capture to open in Wireshark. */
export function FilesDialog({ controller, onClose }: { controller: TerminalController; onClose: () => void }) {
  const [files, setFiles] = useState<readonly SimulatedFile[]>();

  useEffect(() => {
    let gone = false;
    void controller.files().then((found) => {
      if (!gone) setFiles(found);
    });
    return () => {
      gone = true;
    };
  }, [controller]);

  return (
    <Dialog open onClose={onClose} title="Files on this machine">
      <p className={styles.about}>
        What lies in <code>/root</code> and <code>/tmp</code>. A capture made with <code>tcpdump -w file.pcap</code>{' '}
        opens in Wireshark.
      </p>
      {files?.length === 0 && <p className={styles.about}>There are none yet.</p>}
      <ul className={styles.files}>
        {files?.map((file) => (
          <li key={file.path}>
            <code>{file.path}</code>
            <span>{sizeText(file.size)}</span>
            <Button size="small" onClick={() => void download(controller, file.path)}>
              Download
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

async function download(controller: TerminalController, path: string): Promise<void> {
  const bytes = await controller.readFile(path);
  if (bytes === undefined) return;
  const url = URL.createObjectURL(
    new Blob([bytes], { type: path.endsWith('.pcap') ? 'application/vnd.tcpdump.pcap' : 'application/octet-stream' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = path.slice(path.lastIndexOf('/') + 1);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

const sizeText = (bytes: number): string =>
  bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
