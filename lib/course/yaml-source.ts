/** YAML with places: what a schema finds wrong is said with the line on which it stands. */
import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem, Rule } from './problem.ts';
import type { FieldMeta } from './schema.ts';
import { nearest, suggestion } from './suggest.ts';

type Path = readonly PropertyKey[];
type Place = { line: number; column: number };

/**
 * @param firstLine the line of the file on which `text` begins (frontmatter begins on line 2)
 * @returns the value as the schema types it, or every problem with its place
 */
export function parseYaml<T extends z.ZodType>(
  text: string,
  schema: T,
  { file, firstLine = 1 }: { file: string; firstLine?: number },
): { value: z.infer<T>; problems: [] } | { value?: undefined; problems: Problem[]; raw: unknown } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: line + firstLine - 1, column: col };
  };
  const error = document.errors[0];
  if (error) {
    const problem = {
      file,
      ...placeAt(error.pos[0]),
      rule: 'yaml-syntax',
      message: `This is not valid YAML: ${error.message}.`,
      fix: yamlHint(error.code),
    };
    return { raw: undefined, problems: [problem as Problem] };
  }
  const raw: unknown = document.toJS();
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const place = (path: Path, ofKey: boolean) => placeAt(offsetOf(document.contents, path, ofKey));
  const issues = withoutMisspelt(parsed.error.issues, raw);
  return { raw, problems: issues.flatMap((issue) => toProblems(issue, schema, raw, file, place)) };
}

/** A misspelt field is one mistake, not two: that the right one is missing goes without saying. */
function withoutMisspelt(issues: readonly Issue[], raw: unknown): Issue[] {
  return issues.filter((issue) => {
    const name = String(issue.path.at(-1));
    const siblings = issues.find(
      (other) => other.code === 'unrecognized_keys' && nameOf(other.path) === nameOf(issue.path.slice(0, -1)),
    );
    const isMissing = valueAt(raw, issue.path) === undefined;
    return !(
      isMissing &&
      siblings?.code === 'unrecognized_keys' &&
      siblings.keys.some((key) => nearest(key, [name]) === name)
    );
  });
}

function yamlHint(code: string): string {
  if (code === 'BAD_INDENT' || code === 'TAB_AS_INDENT')
    return 'Indent with spaces, the same number for what belongs together.';
  if (code === 'DUPLICATE_KEY') return 'Keep one of the two.';
  return 'If a text contains ": ", "#" or begins with one of [ { * & ! | > % @, put it in quotes.';
}

/** The offset of the value at `path` (or of its key), of its nearest ancestor when it is not there. */
function offsetOf(contents: unknown, path: Path, ofKey: boolean): number {
  let node = contents;
  let offset = rangeStart(node);
  for (const [index, segment] of path.entries()) {
    const child = childOf(node, segment);
    if (!child) break;
    const last = index === path.length - 1;
    offset = rangeStart(last && ofKey ? child.key : child.value) ?? rangeStart(child.key) ?? offset;
    node = child.value;
  }
  return offset ?? 0;
}

function childOf(node: unknown, segment: PropertyKey): { key: unknown; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === segment);
    return pair && { key: pair.key, value: pair.value };
  }
  const items = (node as { items?: unknown[] } | undefined)?.items;
  const item = typeof segment === 'number' ? items?.[segment] : undefined;
  return item === undefined ? undefined : { key: item, value: item };
}

function rangeStart(node: unknown): number | undefined {
  return (node as { range?: [number, number, number] } | null | undefined)?.range?.[0];
}

type Issue = z.core.$ZodIssue;

function toProblems(
  issue: Issue,
  schema: z.ZodType,
  raw: unknown,
  file: string,
  place: (path: Path, ofKey: boolean) => Place,
): Problem[] {
  const name = nameOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysOf(schemaAt(schema, issue.path));
    return issue.keys.map((key) => ({
      file,
      ...place([...issue.path, key], true),
      rule: 'field-unknown' as const,
      message: `"${key}" is not a field${name ? ` of ${name}` : ''}.`,
      fix: suggestion(key, known, 'Remove it.'),
    }));
  }
  const meta = metaOf(schema, issue.path);
  const value = valueAt(raw, issue.path);
  const missing = value === undefined || value === null;
  return [
    {
      file,
      ...place(issue.path, missing),
      rule: missing ? 'field-missing' : ruleOf(issue),
      message: missing ? `${name ? `"${name}"` : 'Everything'} is missing.` : `"${name}" ${wordsOf(issue)}.`,
      fix: fixOf(issue, value, meta, missing),
    },
  ];
}

function ruleOf(issue: Issue): Rule {
  return issue.code === 'invalid_value' && issue.path[0] === 'covers' ? 'covers-unknown' : 'field-invalid';
}

function wordsOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.startsWith('Invalid') ? `must be ${article(issue.expected)}` : issue.message;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'too_small':
      return issue.message.startsWith('Too') ? `must be at least ${issue.minimum}` : issue.message;
    case 'invalid_value':
      return 'has a word that is not known here';
    default:
      return issue.message;
  }
}

function article(expected: string): string {
  const names: Record<string, string> = {
    string: 'text',
    array: 'a list',
    object: 'a group of fields',
    int: 'a whole number',
  };
  return names[expected] ?? `a ${expected}`;
}

function fixOf(issue: Issue, value: unknown, meta: FieldMeta | undefined, missing: boolean): string {
  if (issue.code === 'invalid_value') return suggestion(String(value), issue.values.map(String), 'Remove it.');
  if (!meta) return 'Look at the same field in a lesson that works.';
  return `${missing ? 'Add' : 'Write'} ${meta.description}, for example \`${meta.example}\`.`;
}

/** `sources.0.url` → `sources[1].url`, counted as people count. */
function nameOf(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : `${index ? '.' : ''}${String(part)}`))
    .join('');
}

function valueAt(raw: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], raw);
}

type Definition = { type: string; shape?: Record<string, z.ZodType>; element?: z.ZodType; innerType?: z.ZodType };

function definition(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/** Through `.optional()` and `.default()` to what they wrap. */
function unwrap(schema: z.ZodType): z.ZodType {
  const inner = definition(schema).innerType;
  return inner ? unwrap(inner) : schema;
}

function step(schema: z.ZodType, segment: PropertyKey): z.ZodType | undefined {
  const { shape, element } = definition(unwrap(schema));
  return typeof segment === 'number' ? element : shape?.[String(segment)];
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, segment) => at && step(at, segment), schema);
}

function keysOf(schema: z.ZodType | undefined): string[] {
  return schema ? Object.keys(definition(unwrap(schema)).shape ?? {}) : [];
}

/** The description nearest to the path's end: a list's item is described by its list. */
function metaOf(schema: z.ZodType, path: Path): FieldMeta | undefined {
  let at: z.ZodType | undefined = schema;
  let found: FieldMeta | undefined;
  for (const segment of path) {
    at = at && step(at, segment);
    const meta = at?.meta() as FieldMeta | undefined;
    if (meta?.description) found = meta;
  }
  return found;
}
