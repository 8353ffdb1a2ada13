/** Where the text came from: the command line, or a file that was read. */
export type Source = {
  /** What errors begin with; undefined: the command line, which needs none. */
  readonly name: string | undefined;
  readonly text: string;
  /** Where a file was included. */
  readonly includedAt?: Location;
};

/** A part of one line: columns from 1, the last one included. */
export type Location = {
  readonly source: Source;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** The line that a complaint shows, where it is another. */
  readonly shown?: number;
};

/** From the beginning of one to the end of the other, on the first one's line. */
export const span = (a: Location, b: Location): Location =>
  a.line === b.line ? { ...a, to: b.to } : { ...a, to: b.line > a.line ? b.to : a.to };

/** One complaint of nft: what is wrong, where, and what else has to do with it. */
export class NftProblem extends Error {
  constructor(
    message: string,
    /** undefined: what the library says, not the evaluation. */
    readonly at: Location | undefined,
    readonly beside?: Location,
    /** What is said of the same text besides. */
    readonly second?: NftProblem,
    /** The kernel's answer: not told where nft finds something wrong by itself. */
    readonly isKernels = false,
  ) {
    super(message);
  }
}

/** The real tool does it, this one does not. */
export class NotSimulated extends Error {}

/** erec_print(): the complaint, the line, and carets below what is meant. */
export function problemText(problem: NftProblem): string {
  return oneText(problem) + (problem.second === undefined ? '' : problemText(problem.second));
}

function oneText({ message, at, beside }: NftProblem): string {
  if (at === undefined) return `netlink: Error: ${message}\n`;
  const line = at.source.text.split('\n')[(at.shown ?? at.line) - 1] ?? '';
  const end = Math.max(at.to, beside?.to ?? 0);
  const marks: string[] = [];
  for (let i = 0; i < end; i++) marks.push(line[i] === '\t' ? '\t' : ' ');
  if (beside !== undefined) for (let i = Math.max(beside.from, 1); i <= beside.to; i++) marks[i - 1] = '~';
  for (let i = Math.max(at.from, 1); i <= at.to; i++) marks[i - 1] = '^';
  return `${included(at.source)}${placeText(at)}Error: ${message}\n${line}\n${marks.join('')}\n`;
}

const placeText = ({ source, line, from, to }: Location): string =>
  source.name === undefined ? '' : `${source.name}:${line}:${from}-${to}: `;

function included({ includedAt }: Source): string {
  let text = '';
  let prefix = 'In file included from';
  for (let at = includedAt; at !== undefined; at = at.source.includedAt) {
    if (at.source.name === undefined) break;
    text += `${prefix} ${at.source.name}:${at.line}:${at.from}-${at.to}:\n`;
    prefix = '                 from';
  }
  return text;
}
