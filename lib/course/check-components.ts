/** Checks a lesson's tree against the table of components. */
import type { Nodes, Parent, Root } from 'mdast';
import type { MdxJsxAttribute } from 'mdast-util-mdx-jsx';
import { visitParents } from 'unist-util-visit-parents';
import { COMPONENTS, type ComponentSpec, PLAIN_ELEMENTS, type PropSpec } from './components.ts';
import { isComment, isJsx, type JsxNode, literalOf, pointOf } from './mdx-nodes.ts';
import type { Problem, Rule } from './problem.ts';
import { suggestion } from './suggest.ts';

/** Everything a component or a piece of code does wrong; a component that is unknown is not looked into further. */
export function checkComponents(tree: Root, file: string): Problem[] {
  const problems: Problem[] = [];
  visitParents(tree, (node, ancestors) => {
    problems.push(...checkNode(node, ancestors as Parent[]).map((problem) => ({ file, ...problem })));
  });
  return problems;
}

type Found = Omit<Problem, 'file'>;

function found(node: Parameters<typeof pointOf>[0], rule: Rule, message: string, fix: string): Found {
  return { ...pointOf(node), rule, message, fix };
}

function checkNode(node: Nodes, ancestors: Parent[]): Found[] {
  if (node.type === 'mdxjsEsm') {
    const word = node.value.startsWith('import') ? 'import' : 'export';
    return [
      found(
        node,
        'mdx-code',
        `A lesson cannot ${word} anything.`,
        'Remove it: the components of lessons are there without it.',
      ),
    ];
  }
  if (node.type === 'mdxFlowExpression' || node.type === 'mdxTextExpression') {
    if (isComment(node)) return [];
    return [
      found(
        node,
        'mdx-code',
        'Braces hold code, and lessons run no code.',
        'Write \\{ and \\} for braces, or put the text in `backticks`.',
      ),
    ];
  }
  return isJsx(node) ? checkElement(node, ancestors) : [];
}

function checkElement(node: JsxNode, ancestors: Parent[]): Found[] {
  const name = node.name ?? '';
  if (PLAIN_ELEMENTS.has(name)) return node.attributes.map((attribute) => plainAttribute(name, attribute));
  const spec = Object.hasOwn(COMPONENTS, name) ? COMPONENTS[name] : undefined;
  if (!spec) {
    const known = [...Object.keys(COMPONENTS), ...PLAIN_ELEMENTS];
    const fix = suggestion(name, /^[a-z]/.test(name) ? PLAIN_ELEMENTS : known, 'Remove it.');
    return [
      found(
        node,
        'component-unknown',
        name ? `<${name}> is not a component that lessons have.` : 'Tags without a name mean nothing here.',
        fix,
      ),
    ];
  }
  return [...checkPlace(node, name, spec, ancestors), ...checkProps(node, name, spec)];
}

function plainAttribute(name: string, attribute: JsxNode['attributes'][number]): Found {
  const word = attribute.type === 'mdxJsxAttribute' ? attribute.name : '…';
  return found(
    attribute as MdxJsxAttribute,
    'prop-unknown',
    `<${name}> is used without attributes here, so not with ${word}.`,
    'Remove the attribute.',
  );
}

function checkPlace(node: JsxNode, name: string, spec: ComponentSpec, ancestors: Parent[]): Found[] {
  const parent = ancestors.findLast((ancestor) => isJsx(ancestor));
  const parentName = parent && isJsx(parent) ? parent.name : undefined;
  if (spec.parent && parentName !== spec.parent) {
    return [
      found(
        node,
        'component-place',
        `<${name}> stands outside of <${spec.parent}>.`,
        `Put it between <${spec.parent}> and </${spec.parent}>.`,
      ),
    ];
  }
  const children = node.children.filter(
    (child) => !isComment(child) && !(child.type === 'text' && child.value.trim() === ''),
  );
  const first = children[0];
  if (spec.children === 'none' && first) {
    return [
      found(first, 'component-place', `<${name}> has no content.`, `Write <${name} … /> and put the content outside.`),
    ];
  }
  if (typeof spec.children === 'object') return checkOnly(node, name, spec.children.only, children);
  if (spec.children !== 'none' && !first) {
    return [
      found(node, 'component-place', `<${name}> is empty.`, `Write its content between <${name}> and </${name}>.`),
    ];
  }
  return [];
}

function checkOnly(node: JsxNode, name: string, only: string, children: Nodes[]): Found[] {
  const stranger = children.find((child) => !(isJsx(child) && child.name === only));
  if (stranger)
    return [
      found(
        stranger,
        'component-place',
        `Only <${only}> may stand directly in <${name}>.`,
        `Put this inside a <${only}>, or outside of <${name}>.`,
      ),
    ];
  if (children.length === 0)
    return [found(node, 'component-place', `<${name}> is empty.`, `Put at least one <${only}> inside.`)];
  return [];
}

function checkProps(node: JsxNode, name: string, spec: ComponentSpec): Found[] {
  const given = new Set<string>();
  const problems: Found[] = [];
  for (const attribute of node.attributes) {
    if (attribute.type !== 'mdxJsxAttribute') {
      problems.push(found(node, 'mdx-code', 'Properties cannot be spread from code.', 'Write each as name="value".'));
      continue;
    }
    given.add(attribute.name);
    problems.push(...checkProp(attribute, name, spec));
  }
  for (const [prop, propSpec] of Object.entries(spec.props)) {
    if (!propSpec.required || given.has(prop)) continue;
    const rule = prop === 'alt' ? 'image-alt' : 'prop-missing';
    problems.push(
      found(
        node,
        rule,
        `<${name}> needs ${prop}: ${propSpec.description}.`,
        `Add it, for example ${propSpec.example}.`,
      ),
    );
  }
  return problems;
}

function checkProp(attribute: MdxJsxAttribute, name: string, spec: ComponentSpec): Found[] {
  const propSpec = Object.hasOwn(spec.props, attribute.name) ? spec.props[attribute.name] : undefined;
  if (!propSpec) {
    const fix = suggestion(attribute.name, Object.keys(spec.props), 'Remove it.');
    return [found(attribute, 'prop-unknown', `<${name}> has no property "${attribute.name}".`, fix)];
  }
  const wrong = wrongValue(attribute, propSpec);
  return wrong ? [found(attribute, wrong.rule, `${attribute.name} of <${name}> ${wrong.words}.`, wrong.fix)] : [];
}

function wrongValue(
  attribute: MdxJsxAttribute,
  spec: PropSpec,
): { rule: Rule; words: string; fix: string } | undefined {
  const value = literalOf(attribute);
  const fix = `Write it as ${spec.example}.`;
  if (value === undefined) return { rule: 'mdx-code', words: 'is code, and lessons run no code', fix };
  if (spec.type === 'number' && Number.isNaN(Number(value || Number.NaN)))
    return { rule: 'prop-invalid', words: 'must be a number', fix };
  if (spec.type === 'string' && typeof value !== 'string') return { rule: 'prop-invalid', words: 'must be text', fix };
  if (spec.required && String(value).trim() === '')
    return { rule: attribute.name === 'alt' ? 'image-alt' : 'prop-invalid', words: 'is empty', fix };
  if (spec.oneOf && !spec.oneOf.includes(String(value))) {
    return { rule: 'prop-invalid', words: `cannot be "${value}"`, fix: suggestion(String(value), spec.oneOf, fix) };
  }
  return undefined;
}
