import type { AndOr, Command, Cond, Item, Pipeline, Redirect, Script } from '../syntax/ast.ts';

/** A function as `type` and `declare -f` print it: bash's own layout of its grammar. */
export function functionText(name: string, body: Command): string {
  const group =
    body.type === 'group'
      ? body.body
      : {
          items: [
            {
              list: { first: { commands: [body], negated: false, timed: 'no', text: '' }, rest: [], text: '' },
              background: false,
            },
          ] satisfies Item[],
        };
  const redirects = body.type === 'group' ? redirectsText(body.redirects) : '';
  return `${name} () \n{ \n${scriptText(group, 1)}\n}${redirects}\n`;
}

const indent = (depth: number): string => '    '.repeat(depth);

function scriptText(script: Script, depth: number, terminator = ''): string {
  return script.items
    .map((item, i) => {
      const end = item.background ? ' &' : i < script.items.length - 1 ? ';' : terminator;
      return `${indent(depth)}${andOrText(item.list, depth)}${end}`;
    })
    .join('\n');
}

const andOrText = (list: AndOr, depth: number): string =>
  [
    pipelineText(list.first, depth),
    ...list.rest.map(({ op, pipeline }) => `${op} ${pipelineText(pipeline, depth)}`),
  ].join(' ');

function pipelineText(pipeline: Pipeline, depth: number): string {
  const prefix = `${pipeline.timed === 'no' ? '' : 'time '}${pipeline.negated ? '! ' : ''}`;
  return prefix + pipeline.commands.map((command) => commandText(command, depth)).join(' | ');
}

const redirectsText = (redirects: readonly Redirect[]): string =>
  redirects
    .map((one) => {
      const fd = one.fd === undefined ? '' : typeof one.fd === 'number' ? String(one.fd) : `{${one.fd.variable}}`;
      return ` ${fd}${one.op}${one.op === '>&' || one.op === '<&' ? '' : ' '}${one.target.text}`;
    })
    .join('');

function commandText(command: Command, depth: number): string {
  return bodyText(command, depth) + (command.type === 'simple' ? '' : redirectsText(command.redirects));
}

/** Words as they were typed, one blank between them, redirections behind. */
export function simpleText(command: Command & { readonly type: 'simple' }): string {
  const assignments = command.assignments.map(({ name, append, value }) =>
    'array' in value ? undefined : `${name}${append ? '+' : ''}=${value.text}`,
  );
  if (assignments.includes(undefined) || command.redirects.some((one) => one.op === '<<')) return command.text;
  return [...assignments, ...command.words.map((word) => word.text)].join(' ') + redirectsText(command.redirects);
}

function bodyText(command: Command, depth: number): string {
  const inner = (script: Script) => scriptText(script, depth + 1, ';');
  const pad = indent(depth);
  switch (command.type) {
    case 'simple':
      return simpleText(command);
    case 'group':
      return `{ \n${scriptText(command.body, depth + 1)}\n${pad}}`;
    case 'subshell':
      return `( ${scriptText(command.body, depth).trimStart()} )`;
    case 'if': {
      const branches = command.branches.map(
        (branch, i) =>
          `${i === 0 ? 'if' : 'elif'} ${scriptText(branch.condition, depth, ';').trimStart()} then\n${inner(branch.body)}\n${pad}`,
      );
      return `${branches.join('')}${command.otherwise === undefined ? '' : `else\n${inner(command.otherwise)}\n${pad}`}fi`;
    }
    case 'for':
    case 'select':
      return `${command.type} ${command.name}${command.words === undefined ? ' in "$@"' : ` in ${command.words.map((word) => word.text).join(' ')}`};\n${pad}do\n${inner(command.body)}\n${pad}done`;
    case 'while':
    case 'until':
      return `${command.type} ${scriptText(command.condition, depth, ';').trimStart()} do\n${inner(command.body)}\n${pad}done`;
    case 'case':
      return `case ${command.subject.text} in \n${command.clauses.map((clause) => `${indent(depth + 1)}${clause.patterns.map((pattern) => pattern.text).join(' | ')})\n${scriptText(clause.body, depth + 2)}\n${indent(depth + 1)}${clause.end}\n`).join('')}${pad}esac`;
    case 'cond':
      return `[[ ${condText(command.test)} ]]`;
    case 'arith':
      return `((${command.source}))`;
    case 'function':
      return functionText(command.name, command.body).trimEnd();
    default:
      return command.text;
  }
}

function condText(test: Cond): string {
  switch (test.type) {
    case 'and':
      return `${condText(test.left)} && ${condText(test.right)}`;
    case 'or':
      return `${condText(test.left)} || ${condText(test.right)}`;
    case 'not':
      return `! ${condText(test.operand)}`;
    case 'unary':
      return `${test.op} ${test.operand.text}`;
    case 'binary':
      return `${test.left.text} ${test.op} ${test.right.text}`;
  }
}
