import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';

/**
 * The imports of a file, read by a parser: TypeScript 7 offers no API of its own, and oxc reads TypeScript and JSX
 * without it.
 */
export type Import = {
  specifier: string;
  line: number;
  /** Only types are taken: nothing is loaded at run time. */
  typeOnly: boolean;
};

export function importsOf(file: string, source: string): Import[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0 && errors[0]?.severity === 'Error') throw new Error(`${file}: ${errors[0].message}`);
  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;
  const found: Import[] = [];
  for (const { moduleRequest, entries, start } of module.staticImports) {
    const text = source.slice(start, moduleRequest.start);
    const typeOnly = /^import\s+type\b/.test(text) || (entries.length > 0 && entries.every((entry) => entry.isType));
    found.push({ specifier: moduleRequest.value, line: lineAt(start), typeOnly });
  }
  for (const { start, entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ specifier: moduleRequest.value, line: lineAt(start), typeOnly: isType });
    }
  }
  for (const { start, moduleRequest } of module.dynamicImports) {
    const literal = source.slice(moduleRequest.start, moduleRequest.end).match(/^(['"`])(.*)\1$/)?.[2];
    if (literal !== undefined) found.push({ specifier: literal, line: lineAt(start), typeOnly: false });
  }
  for (const match of source.matchAll(/\bnew URL\(\s*'(\.[^']+\.tsx?)'/g)) {
    found.push({ specifier: match[1] ?? '', line: lineAt(match.index), typeOnly: false });
  }
  return found;
}

const ENDINGS = ['', '.ts', '.tsx', '.mjs', '/index.ts', '/index.tsx'];

/** The file that a relative or `@/` specifier names, from the root; undefined for a package. */
export function resolveLocal(root: string, importer: string, specifier: string): string | undefined {
  const path = specifier.startsWith('@/')
    ? specifier.slice(2)
    : specifier.startsWith('.')
      ? normalize(join(dirname(importer), specifier))
      : undefined;
  if (path === undefined) return undefined;
  const ending = ENDINGS.find((end) => isFile(join(root, path + end)));
  return ending === undefined ? path : path + ending;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
