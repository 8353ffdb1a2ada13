/**
 * A transcript: commands and what they printed, as plain text.
 *
 *     # Creating a namespace twice.            header, one line may be `# world: host`
 *     $ ip netns add red
 *     $ for i in 1 2; do                       a command …
 *     >   echo $i                              … and its further lines
 *     > done
 *     1                                        its output, standard output and error as they came
 *     2
 *     $ ip netns add red
 *     Cannot create namespace file "/run/netns/red": File exists
 *     [exit 1]                                 where the exit status is not 0
 */
export type Transcript = {
  /** The lines before the first command, as they stand. */
  readonly header: readonly string[];
  readonly commands: readonly TranscriptCommand[];
};

export type TranscriptCommand = {
  /** May have several lines. */
  readonly command: string;
  /** Without the newlines at its end. */
  readonly output: string;
  readonly status: number;
};

export function parseTranscript(text: string): Transcript {
  const header: string[] = [];
  const blocks: { command: string[]; output: string[] }[] = [];
  for (const line of text.split('\n')) {
    const block = blocks.at(-1);
    if (line.startsWith('$ ')) blocks.push({ command: [line.slice(2)], output: [] });
    else if (block === undefined) header.push(line);
    else if (block.output.length === 0 && (line === '>' || line.startsWith('> '))) block.command.push(line.slice(2));
    else block.output.push(line);
  }
  while (header.at(-1) === '') header.pop();
  return { header, commands: blocks.map(finish) };
}

function finish(block: { command: string[]; output: string[] }): TranscriptCommand {
  const { output } = block;
  while (output.at(-1) === '') output.pop();
  const exit = /^\[exit (\d+)\]$/.exec(output.at(-1) ?? '');
  if (exit !== null) output.pop();
  return { command: block.command.join('\n'), output: output.join('\n'), status: Number(exit?.[1] ?? 0) };
}

export function renderTranscript(transcript: Transcript): string {
  const lines = [...transcript.header];
  for (const { command, output, status } of transcript.commands) {
    const [first = '', ...further] = command.split('\n');
    lines.push(`$ ${first}`, ...further.map((line) => `> ${line}`));
    const trimmed = output.replace(/\n+$/, '');
    if (trimmed !== '') lines.push(trimmed);
    if (status !== 0) lines.push(`[exit ${status}]`);
  }
  return `${lines.join('\n')}\n`;
}

/** The world that the header asks for; `host` when it asks for none. */
export function worldOf(transcript: Transcript): string {
  for (const line of transcript.header) {
    const match = /^# world:\s*(.+?)\s*$/.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  return 'host';
}
