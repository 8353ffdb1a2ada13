import { MISSING } from './builtins/mathematics.ts';
import { type Host, nativeStep } from './builtins/natives.ts';
import { PRELUDE } from './builtins/prelude.ts';
import { compile, type Library } from './run/compile.ts';
import type { Code } from './run/machine.ts';
import type { Definition } from './syntax/ast.ts';
import { build, buildDefinitions } from './syntax/build.ts';
import { type Complaint, parse, type Tree } from './syntax/parse.ts';
import type { Json } from './values/json.ts';

/** A program ready to run; or what is wrong with it, as jq prints it; or what of jq it wants that is not here. */
export type Compiled = { readonly code: Code } | { readonly errors: string } | { readonly missing: string };

export function compileProgram(source: string, variables: ReadonlyMap<string, Json>, host: Host): Compiled {
  const complaints: Complaint[] = [];
  const tree = parse(source, complaints);
  if (tree === undefined || complaints.length > 0) return { errors: report(source, complaints) };
  const { body, modules } = build(tree, source, complaints);
  if (modules) return { missing: 'modules' };
  if (complaints.length > 0) return { errors: report(source, complaints) };
  const code = compile(body, variables, libraryFor(host), complaints);
  if (complaints.length === 0) return { code };
  const missing = complaints
    .map(({ message }) => message.replace(' is not defined', ''))
    .find((name) => MISSING.has(name));
  complaints.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  return missing === undefined ? { errors: report(source, complaints) } : { missing };
}

let definitions: ReadonlyMap<string, Definition> | undefined;

function ownDefinitions(): ReadonlyMap<string, Definition> {
  definitions ??= new Map(
    buildDefinitions(parse(PRELUDE, []) as Tree, PRELUDE).map((definition) => [
      `${definition.name}/${definition.parameters.length}`,
      definition,
    ]),
  );
  return definitions;
}

function libraryFor(host: Host): Library {
  return {
    definition: (name, arity) => ownDefinitions().get(`${name}/${arity}`),
    step: (name, arity) => nativeStep(name, arity, host),
  };
}

/** Each error with the line of the program it is in, and below that blanks up to its place, as jq has them. */
function report(source: string, complaints: readonly Complaint[]): string {
  const texts = complaints.map(({ message, at = 0 }) => {
    const start = source.lastIndexOf('\n', at - 1) + 1;
    const newline = source.indexOf('\n', start);
    const line = source.slice(start, newline < 0 ? undefined : newline);
    const number = source.slice(0, start).split('\n').length;
    return `jq: error: ${message} at <top-level>, line ${number}:\n${line}${' '.repeat(at - start)}\n`;
  });
  return `${texts.join('')}jq: ${complaints.length} compile ${complaints.length > 1 ? 'errors' : 'error'}\n`;
}
