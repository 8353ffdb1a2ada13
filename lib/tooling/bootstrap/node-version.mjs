// @ts-check
import { Problem } from './say.mjs';

/** The oldest Node that Prisma 7 and Vite 8 run on (Next.js 16 would take 20.9); `engines` in package.json says the same. */
const OLDEST = { major: 20, minor: 19 };

/**
 * Runs before anything is installed, so it is written for any Node that knows modules.
 * @param {string} version such as '20.9.0'
 */
export function requireNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return;
  throw new Problem(
    3,
    `Hopwise needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer; this is ${version}.`,
    'Install a current release from https://nodejs.org (or with nvm: nvm install --lts) and try again.',
  );
}
