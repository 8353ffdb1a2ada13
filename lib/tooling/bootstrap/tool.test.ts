import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ROOT } from './root.mjs';

it('ends with the code that the tool returned: a check that failed is not 0', () => {
  const { status, stdout } = spawnSync(process.execPath, ['lib/tooling/test.mjs', 'units', 'no/such/test'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(stdout.trimEnd()).toMatch(/\n0 passed, 1 failed$/);
  expect(status).toBe(1);
}, 60_000);
