import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { onBothDatabases } from '../../tooling/on-databases/databases.ts';

const program = fileURLToPath(new URL('../../tooling/on-databases/write-forever.ts', import.meta.url));

/** @returns what the program said was acknowledged before it was killed in the middle of its writes */
async function writeUntilKilled(url: string, acknowledgements: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', program, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > acknowledgements) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return output.split('\n').slice(0, -1);
}

onBothDatabases('kill -9 in the middle of writes', (database) => {
  test('every acknowledged write is there afterwards', async () => {
    for (const count of [30, 200, 333]) {
      const acknowledged = await writeUntilKilled(database().url, count);
      expect(acknowledged.length).toBeGreaterThanOrEqual(count);
      const stored = await database().db.quizAttempt.findMany({ select: { id: true } });
      const ids = new Set(stored.map(({ id }) => id));
      expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    }
  }, 60_000);
});
