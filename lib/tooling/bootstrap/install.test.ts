import { expect, it } from 'vitest';
import { isInstalled } from './install.mjs';

const next = { 'node_modules/next': { version: '16.4.6' } };

it('asks for an install when there is no node_modules or no lock file', () => {
  expect(isInstalled({ '': {}, ...next }, undefined)).toBe(false);
  expect(isInstalled(undefined, next)).toBe(false);
});

it('asks for an install when a package is missing or of another version', () => {
  expect(isInstalled({ ...next, 'node_modules/react': { version: '19.3.1' } }, next)).toBe(false);
  expect(isInstalled(next, { 'node_modules/next': { version: '16.4.5' } })).toBe(false);
});

it('is content when all is there; packages for other platforms may be missing', () => {
  expect(isInstalled({ '': { version: '0.1.0' }, ...next }, next)).toBe(true);
  expect(
    isInstalled({ ...next, 'node_modules/@img/sharp-win32-x64': { version: '1.0.0', optional: true } }, next),
  ).toBe(true);
});
