import { defineConfig } from 'vitest/config';
import { ROOT } from './bootstrap/root.mjs';

/** Tests stand beside what they test: `x.test.ts`. Run some: `npm run units -- lib/quiz`. */
export default defineConfig({
  root: ROOT,
  resolve: {
    alias: [
      { find: /^@\//, replacement: `${ROOT}/` },
      // What the bundler does with it on the server: nothing. Elsewhere it throws.
      { find: 'server-only', replacement: `${ROOT}/node_modules/server-only/empty.js` },
    ],
  },
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    include: ['{app,components,lib}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    env: { HOPWISE_TEST: '1' },
  },
});
