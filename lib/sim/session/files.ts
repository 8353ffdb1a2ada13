import type { FileSystem } from '../os/index.ts';

export type FoundFile = { readonly path: string; readonly size: number };

const MOST_FILES = 200;
const DEEPEST = 4;

/** Regular files below `roots`, without those whose name begins with a dot, in the order of their paths. */
export function filesBelow(fs: FileSystem, roots: readonly string[]): FoundFile[] {
  const found: FoundFile[] = [];
  const visit = (folder: string, depth: number): void => {
    const names = fs.readdir(folder);
    if (!names.ok || depth > DEEPEST) return;
    for (const name of names.value) {
      if (name.startsWith('.') || found.length >= MOST_FILES) continue;
      const path = `${folder}/${name}`;
      const stat = fs.lstat(path);
      if (!stat.ok) continue;
      if (stat.value.kind === 'directory') visit(path, depth + 1);
      else if (stat.value.kind === 'file') found.push({ path, size: stat.value.size });
    }
  };
  for (const root of roots) visit(root, 0);
  return found;
}
