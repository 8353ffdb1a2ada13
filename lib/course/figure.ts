/** Reads a lesson's pictures. SVG becomes part of the page, so it is taken apart and only drawing is let through. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Element, ElementContent } from 'hast';
import { fromHtml } from 'hast-util-from-html';
import { visit } from 'unist-util-visit';

export type FigureFile = { kind: 'svg'; svg: Element } | { kind: 'image'; dataUrl: string };

const MAX_BYTES = 300_000;
const IMAGE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

const DRAWING = new Set(
  (
    'svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath marker ' +
    'clipPath mask pattern linearGradient radialGradient stop filter feGaussianBlur feOffset feMerge feMergeNode feFlood feComposite feBlend'
  ).split(' '),
);

export type FigureResult = FigureFile | { kind: 'missing' } | { kind: 'unsafe'; what: string };

/** @param src as written in the lesson, relative to `dir`, which it cannot leave */
export async function readFigure(dir: string, src: string): Promise<FigureResult> {
  const file = path.resolve(dir, src);
  if (!file.startsWith(path.resolve(dir) + path.sep))
    return { kind: 'unsafe', what: 'lies outside of the lesson’s folder' };
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return { kind: 'missing' };
  if (bytes.length > MAX_BYTES) return { kind: 'unsafe', what: `is larger than ${MAX_BYTES / 1000} KB` };
  const extension = path.extname(file).toLowerCase();
  if (extension === '.svg') return readSvg(bytes.toString('utf8'), path.basename(src, extension));
  const type = IMAGE_TYPES[extension];
  if (!type) return { kind: 'unsafe', what: 'is not an svg, png, jpg or webp file' };
  return { kind: 'image', dataUrl: `data:${type};base64,${bytes.toString('base64')}` };
}

function readSvg(text: string, name: string): FigureResult {
  const root = fromHtml(text.replace(/<\?xml.*?\?>/s, '').replace(/<!DOCTYPE[^>]*>/i, ''), {
    fragment: true,
    space: 'html',
  });
  const svg = root.children.find((child) => child.type === 'element' && child.tagName === 'svg');
  if (svg?.type !== 'element') return { kind: 'unsafe', what: 'has no <svg> in it' };
  const what = firstUnsafe(svg);
  if (what) return { kind: 'unsafe', what };
  prefixIds(svg, `fig-${name.replace(/[^\w-]/g, '-')}-`);
  svg.children = svg.children.filter(visible);
  return { kind: 'svg', svg };
}

function visible(child: ElementContent): boolean {
  return child.type === 'element' || (child.type === 'text' && child.value.trim() !== '');
}

function firstUnsafe(svg: Element): string | undefined {
  let what: string | undefined;
  visit(svg, 'element', (node) => {
    if (!DRAWING.has(node.tagName)) what ??= `holds <${node.tagName}>, which is not drawing`;
    for (const [name, value] of Object.entries(node.properties)) {
      if (/^on/i.test(name)) what ??= `holds ${name}, which is script`;
      else if (refersElsewhere(name, String(value)))
        what ??= `refers to elsewhere: ${name}="${String(value).slice(0, 60)}"`;
    }
  });
  return what;
}

function refersElsewhere(name: string, value: string): boolean {
  if (/^xmlns/i.test(name)) return false;
  if (/href$/i.test(name) || name === 'src') return !value.startsWith('#');
  return /url\(\s*['"]?(?!#)/i.test(value) || /@import|javascript:|expression\(/i.test(value);
}

/** Several figures share a page: what their parts are called must not clash. */
function prefixIds(svg: Element, prefix: string) {
  visit(svg, 'element', (node) => {
    for (const [name, value] of Object.entries(node.properties)) {
      if (name === 'id') node.properties.id = prefix + value;
      else if (typeof value === 'string') {
        node.properties[name] = /href$/i.test(name)
          ? value.replace(/^#/, `#${prefix}`)
          : value.replace(/url\((['"]?)#/g, `url($1#${prefix}`);
      }
    }
  });
}
