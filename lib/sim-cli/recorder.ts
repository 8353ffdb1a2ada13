import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Transcript, TranscriptCommand } from '../sim/conformance/index.ts';

/**
 * Answers the commands of a transcript with this computer's own Linux: in fresh network, mount, process and host-name
 * namespaces, as root on a host named `host`, with empty folders where state would be left, and a resolver that is not
 * there. Nothing of it stays.
 */
export function recordOnLinux(transcript: Transcript): Transcript {
  // Not /tmp: the transcript gets one of its own.
  const folder = mkdtempSync('/var/tmp/hopwise-record-');
  try {
    writeFileSync(
      join(folder, 'hosts'),
      '127.0.0.1\tlocalhost\n127.0.1.1\thost\n::1\tlocalhost ip6-localhost ip6-loopback\n',
    );
    writeFileSync(join(folder, 'resolv.conf'), 'nameserver 127.0.0.53\n');
    writeFileSync(join(folder, 'all.sh'), scriptOf(transcript, folder));
    const { error } = spawnSync('unshare', [...NAMESPACES, 'bash', join(folder, 'all.sh')], {
      timeout: LIMIT_MS,
      stdio: 'ignore',
    });
    if (error !== undefined) throw error;
    return {
      header: transcript.header,
      commands: transcript.commands.map(({ command }, i) => resultOf(folder, command, i)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NAMESPACES = ['--net', '--mount', '--pid', '--uts', '--fork', '--mount-proc', '--kill-child'];
const LIMIT_MS = 120_000;

function scriptOf(transcript: Transcript, folder: string): string {
  const lines = [setup(folder)];
  for (const [i, { command }] of transcript.commands.entries()) {
    writeFileSync(join(folder, `${i}.sh`), `${command}\n`);
    lines.push(`. ${folder}/${i}.sh >${folder}/${i}.out 2>&1 </dev/null; echo $? >${folder}/${i}.code`);
  }
  return `${lines.join('\n')}\nexit 0\n`;
}

function resultOf(folder: string, command: string, i: number): TranscriptCommand {
  try {
    const output = readFileSync(join(folder, `${i}.out`), 'utf8').replaceAll(
      new RegExp(`${folder}/\\d+\\.sh: line \\d+: `, 'g'),
      'bash: ',
    );
    return {
      command,
      output: output.replace(/\n+$/, ''),
      status: Number(readFileSync(join(folder, `${i}.code`), 'utf8')),
    };
  } catch {
    return { command, output: '(not run)', status: 255 };
  }
}

/** sysfs shows the namespace that it was mounted in, so that it has to be mounted again. */
const setup = (folder: string): string => `
for directory in /run/netns /var/lib/cni /etc/cni/net.d /root /opt/cni /tmp; do mkdir -p $directory; mount -t tmpfs tmpfs $directory; done
ln -s /usr/lib/cni /opt/cni/bin
mount -t sysfs sysfs /sys
mount --bind ${folder}/hosts /etc/hosts; mount --bind ${folder}/resolv.conf /etc/resolv.conf
hostname host; ip link set lo up
sysctl -qw net.ipv4.ip_forward=0
cd /root
export HOME=/root LC_ALL=C.UTF-8 TERM=dumb COLUMNS=200 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`;
