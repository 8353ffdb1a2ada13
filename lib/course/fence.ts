/**
 * What stands after the three backticks: ```` ```sh run=pods title="On node 1" ````.
 *
 *   run, run=ID       a button runs it in the lesson's first terminal, or in the one named
 *   title="…"         a line above it
 *   fresh             (console) checked in a new world instead of continuing the one before
 *   static="reason"   (console) not checked against the simulator, and why
 */
export type FenceMeta = { run?: true | string; title?: string; fresh?: true; static?: string };

export type Fence = {
  lang: string;
  value: string;
  meta: FenceMeta;
  /** The line of the opening backticks. */
  line: number;
};

const RUNNABLE = new Set(['sh', 'bash', 'console']);

/** @returns the meta, or what is wrong with it: `word` and the fix */
export function parseFenceMeta(lang: string, meta: string): FenceMeta | { word: string; fix: string } {
  const result: FenceMeta = {};
  for (const [whole, name = '', quoted, bare] of meta.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|(\S*)))?/g)) {
    const value = quoted ?? bare;
    if (name === 'run' && RUNNABLE.has(lang)) result.run = value || true;
    else if (name === 'title' && value) result.title = value;
    else if (name === 'fresh' && lang === 'console' && value === undefined) result.fresh = true;
    else if (name === 'static' && lang === 'console' && value) result.static = value;
    else return { word: whole, fix: fixOf(name) };
  }
  return result;
}

function fixOf(name: string): string {
  switch (name) {
    case 'run':
      return 'Only sh, bash and console fences can run: change the language or remove `run`.';
    case 'title':
      return 'Write the title in double quotes: title="On node 1".';
    case 'static':
      return 'Say why it is not checked, on a console fence: static="needs the internet".';
    case 'fresh':
      return 'Write `fresh` alone, on a console fence.';
    default:
      return 'Known words are: run, run=ID, title="…", fresh, static="reason". Or remove it.';
  }
}

export type ConsolePart = { kind: 'command'; text: string } | { kind: 'output'; text: string };

/** Splits a console listing: lines with `$ ` (continued by `> `) are commands, without their prompts; the rest is output. */
export function consoleParts(value: string): ConsolePart[] {
  const parts: ConsolePart[] = [];
  for (const line of value.split('\n')) {
    const last = parts.at(-1);
    if (line.startsWith('$ ')) parts.push({ kind: 'command', text: line.slice(2) });
    else if (/^>( |$)/.test(line) && last?.kind === 'command') last.text += `\n${line.slice(2)}`;
    else if (last?.kind === 'output') last.text += `\n${line}`;
    else parts.push({ kind: 'output', text: line });
  }
  return parts;
}

/** What a reader copies or runs: of a console listing only its commands. */
export function commandsOf(lang: string, value: string): string {
  if (lang !== 'console') return value;
  return consoleParts(value)
    .filter((part) => part.kind === 'command')
    .map((part) => part.text)
    .join('\n');
}
