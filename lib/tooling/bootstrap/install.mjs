// @ts-check
import { spawn } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';
import { Problem, step } from './say.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean }} LockedPackage
 * @typedef {Record<string, LockedPackage>} LockedPackages keyed by path, such as `node_modules/next`
 */

/**
 * The packages of a lock file, or undefined when it cannot be read.
 * @param {string} file
 * @returns {LockedPackages | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what the lock file asks for. npm writes what it installed to node_modules/.package-lock.json;
 * comparing the two, rather than times of files, survives git checkouts, copies and `npm install` by hand.
 * @param {LockedPackages | undefined} wanted
 * @param {LockedPackages | undefined} installed
 * @param {{ withoutDev?: boolean }} [options] withoutDev: packages for development may be missing
 */
export function isInstalled(wanted, installed, { withoutDev = false } = {}) {
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed[path];
    // A package for another platform is in the lock file and rightly not on this disk.
    return found
      ? found.version === locked.version
      : locked.optional === true || (withoutDev && (locked.dev === true || locked.devOptional === true));
  });
}

/**
 * Installs the packages of package-lock.json unless they are there.
 * @param {{ withoutDev?: boolean }} [options] withoutDev: what is there may have been pruned, as in a container
 */
export async function ensureInstalled(options) {
  const locked = () => lockedPackages(join(ROOT, 'package-lock.json'));
  const installed = () => lockedPackages(join(ROOT, 'node_modules/.package-lock.json'));
  if (isInstalled(locked(), installed(), options)) return;
  if (isLink(join(ROOT, 'node_modules'))) {
    // npm ci would empty the folder that another tree lives on.
    throw new Problem(
      4,
      'node_modules is a link, and what it leads to is not what package-lock.json names.',
      'Run npm ci where it leads to, or remove the link.',
    );
  }
  step('Installing packages with npm (about half a minute, once)');
  // Building needs the development packages too, whatever NODE_ENV says. Nothing here relies on packages' install
  // scripts: npm may be set to refuse them.
  const quietly = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  let code = await npm(['ci', ...quietly]);
  if (code !== 0) {
    // npm ci refuses when the registry serves fewer or more optional packages for other platforms than the lock file
    // names. This does not, and leaves the lock file alone; whether all is there as locked is checked again.
    step('npm ci refused (its words stand above); trying npm install');
    code = await npm(['install', '--no-save', ...quietly]);
  }
  if (code === 0 && isInstalled(locked(), installed())) return;
  throw new Problem(
    4,
    code === 0
      ? 'npm installed other versions than package-lock.json names.'
      : `npm ended with exit code ${code}; its own words stand above.`,
    'Most often the network or a proxy is in the way (npm config get registry, npm ping), or the disk is full.',
  );
}

/** @param {string} path */
function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/**
 * @param {string[]} args
 * @returns {Promise<number>} npm's exit code
 */
function npm(args) {
  // Under `npm start` this names npm's own script, which spares looking for npm (npm.cmd on Windows).
  const script = process.env.npm_execpath;
  const command = script?.endsWith('.js') ? process.execPath : 'npm';
  const all = script?.endsWith('.js') ? [script, ...args] : args;
  return new Promise((resolve) => {
    const child = spawn(command, all, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', () => resolve(127));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
