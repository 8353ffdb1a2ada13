import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a production build is made of. Tests, tools and generated code do not change what is served. */
const FOLDERS = ['app', 'components', 'content', 'lib', 'prisma', 'public'];
const ROOT_FILES = /^(package-lock\.json|tsconfig\.json|[\w.-]+\.(mjs|ts))$/;
const LEFT_OUT =
  /(^|\/)(\.[^/]*|node_modules|[^/]+\.test\.tsx?|[^/]*\.tsbuildinfo|next-env\.d\.ts)$|^lib\/(tooling|sim-cli|server\/db\/generated)$/;

/** One hash over the names and contents of all sources: equal hashes, equal builds. A few megabytes, some 50 ms. */
export function hashSources(root: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(root, { withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && ROOT_FILES.test(entry.name)).map((entry) => entry.name);
  for (const folder of FOLDERS) files.push(...filesBelow(root, folder));
  for (const file of files.filter((name) => !LEFT_OUT.test(name)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(root: string, folder: string): string[] {
  let entries: import('node:fs').Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (LEFT_OUT.test(path)) return [];
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}
