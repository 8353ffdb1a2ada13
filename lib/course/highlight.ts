/**
 * Colours code on the server. Colours are CSS variables, so that one rendering serves light and dark, and they are set as
 * classes (`tk-keyword`), which makes a listing a third of the size it has with styles.
 */
import type { Element, ElementContent, Root } from 'hast';
import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { visit } from 'unist-util-visit';
import { consoleParts } from './fence.ts';

const theme = createCssVariablesTheme({ name: 'hopwise', variablePrefix: '--tk-', fontStyle: false });

/** Names after the backticks, and the grammar that reads them. */
const GRAMMARS: Record<string, string> = {
  sh: 'shellscript',
  bash: 'shellscript',
  shell: 'shellscript',
  yaml: 'yaml',
  json: 'json',
  c: 'c',
  go: 'go',
  diff: 'diff',
  ini: 'ini',
  dockerfile: 'docker',
};

let highlighter: Promise<HighlighterCore> | undefined;

function open(): Promise<HighlighterCore> {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [
      import('shiki/langs/shellscript.mjs'),
      import('shiki/langs/yaml.mjs'),
      import('shiki/langs/json.mjs'),
      import('shiki/langs/c.mjs'),
      import('shiki/langs/go.mjs'),
      import('shiki/langs/diff.mjs'),
      import('shiki/langs/ini.mjs'),
      import('shiki/langs/docker.mjs'),
    ],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  return highlighter;
}

/** @returns the inside of a <code>; text as it is where no grammar is known */
export async function highlight(lang: string, value: string): Promise<ElementContent[]> {
  if (lang === 'console') return highlightConsole(value);
  const grammar = GRAMMARS[lang];
  if (!grammar) return [{ type: 'text', value }];
  return inside((await open()).codeToHast(value, { lang: grammar, theme: theme.name as string, structure: 'inline' }));
}

/** Commands as shell behind their prompt, output quiet. */
async function highlightConsole(value: string): Promise<ElementContent[]> {
  const result: ElementContent[] = [];
  for (const part of consoleParts(value)) {
    if (part.kind === 'output') result.push(span('tk-output', [{ type: 'text', value: `${part.text}\n` }]));
    else for (const [index, line] of part.text.split('\n').entries()) result.push(await commandLine(line, index));
  }
  return result;
}

async function commandLine(line: string, index: number): Promise<Element> {
  const prompt = span('tk-prompt', [{ type: 'text', value: index === 0 ? '$ ' : '> ' }]);
  return span('tk-command', [prompt, ...(await highlight('sh', line)), { type: 'text', value: '\n' }]);
}

function span(className: string, children: ElementContent[]): Element {
  return { type: 'element', tagName: 'span', properties: { className: [className] }, children };
}

function inside(root: Root): ElementContent[] {
  visit(root, 'element', (node) => {
    const colour = /color:var\(--tk-(?:token-)?([a-z-]+)\)/.exec(String(node.properties.style ?? ''))?.[1];
    node.properties = colour && colour !== 'foreground' ? { className: [`tk-${colour}`] } : {};
    if (node.tagName === 'br') Object.assign(node, { type: 'text', value: '\n' });
  });
  return root.children.map((child) => flatten(child as ElementContent));
}

/** A span that says nothing is its text. */
function flatten(node: ElementContent): ElementContent {
  if (node.type !== 'element') return node;
  const only = node.children[0];
  const plain = node.tagName === 'span' && Object.keys(node.properties).length === 0;
  return plain && node.children.length === 1 && only?.type === 'text' ? only : node;
}
