import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { findCycles } from './cycles.ts';
import { type Import, importsOf, resolveLocal } from './imports.ts';
import { FOR_TESTS, type Layer, layerOf } from './layers.ts';

export type Violation = { file: string; line: number; message: string };

const FOLDERS = ['app', 'components', 'lib', 'e2e'];
const SKIPPED = /(^|\/)(node_modules|\.[^/]+|generated)$/;

/** Every import of every source file against the allowlist, then the cycles. */
export function checkBoundaries(root: string): { files: number; violations: Violation[] } {
  const files = FOLDERS.flatMap((folder) => sourcesBelow(root, folder));
  const graph = new Map<string, string[]>();
  const violations: Violation[] = [];
  for (const file of files) {
    const targets: string[] = [];
    for (const found of importsOf(file, readFileSync(join(root, file), 'utf8'))) {
      const target = resolveLocal(root, file, found.specifier);
      const problem = target === undefined ? packageProblem(file, found.specifier) : localProblem(file, target, found);
      if (problem) violations.push({ file, line: found.line, message: problem });
      // A cycle of types alone loads nothing twice and orders nothing: the compiler erases it.
      if (target !== undefined && !found.typeOnly) targets.push(target);
    }
    if (/(^|\/)index\.tsx?$/.test(file) && !isDoor(file)) {
      violations.push({ file, line: 1, message: 'an index file that is no layer’s door; import the files themselves' });
    }
    graph.set(
      file,
      targets.filter((target) => target !== file),
    );
  }
  for (const cycle of findCycles(graph)) {
    violations.push({ file: cycle[0] ?? '', line: 1, message: `import cycle: ${cycle.join(' · ')}` });
  }
  return { files: files.length, violations };
}

/** The folder that is entered by an index.ts and holds the file: a layer, or an area of a layer that has areas. */
function houseOf(file: string): string | undefined {
  const layer = layerOf(file);
  if (layer?.door) return layer.folder;
  if (!layer?.areas) return undefined;
  const path = file.slice(layer.folder.length + 1).split('/');
  return path.length > 1 ? `${layer.folder}/${path[0]}` : undefined;
}

function isDoor(file: string): boolean {
  return file === `${houseOf(file)}/index.ts`;
}

const isTest = (file: string) => /\.(test|bench)\.tsx?$/.test(file);

function localProblem(file: string, target: string, { typeOnly }: Import): string | undefined {
  const from = layerOf(file);
  const to = layerOf(target);
  if (from === to) return doorProblem(file, target);
  if (!from) return `${file} lies in no layer; name it in lib/tooling/boundaries/layers.ts`;
  if (!to) return target.includes('/') ? `${target} lies in no layer` : undefined;
  if (isTest(file) && FOR_TESTS.some((folder) => folder === to.folder)) return undefined;
  if (!from.may.includes(to.folder)) {
    const types = from.mayTypes?.includes(to.folder);
    if (!types) return `${from.folder} may not import ${to.folder} (${allowed(from)})`;
    if (!typeOnly) return `${from.folder} may import only types of ${to.folder}: write import type`;
  }
  return doorProblem(file, target);
}

function doorProblem(file: string, target: string): string | undefined {
  const house = houseOf(target);
  if (!house || house === houseOf(file) || isDoor(target) || house === layerOf(file)?.within) return undefined;
  // The doors of the server are 'server-only'; tools run outside of it and take the file they need.
  if (layerOf(target)?.areas && layerOf(file)?.folder === 'lib/tooling') return undefined;
  return `${house} is entered by its door: import ${house}/index.ts, not ${target}`;
}

function allowed(layer: Layer): string {
  const names = [...layer.may, ...(layer.mayTypes ?? []).map((name) => `types of ${name}`)];
  return names.length > 0 ? `it may import ${names.join(', ')}` : 'it may import no other layer';
}

function packageProblem(file: string, specifier: string): string | undefined {
  const rule = layerOf(file)?.packages;
  if (!rule) return undefined;
  if ('never' in rule) return rule.never.test(specifier) ? `${specifier}: ${rule.why}` : undefined;
  if (rule.only.test(specifier)) return undefined;
  if (isTest(file) && (specifier === 'vitest' || isBuiltin(specifier))) return undefined;
  return `${specifier}: ${rule.why}`;
}

function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (SKIPPED.test(path)) return [];
    if (entry.isDirectory()) return sourcesBelow(root, path);
    return /\.(ts|tsx)$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}
