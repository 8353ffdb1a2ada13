import { Normaliser } from './normalise.ts';
import type { Transcript, TranscriptCommand } from './transcript.ts';

/** Two transcripts of the same commands, command by command: what Linux printed against what the simulator printed. */
export type Comparison = {
  readonly commands: readonly ComparedCommand[];
  readonly matched: number;
  readonly total: number;
  /** Of those that printed something or failed: a silent success is easily matched. */
  readonly speakingMatched: number;
  readonly speakingTotal: number;
};

export type ComparedCommand = {
  readonly command: string;
  readonly same: boolean;
  /** Normalised. */
  readonly expected: string;
  readonly actual: string;
  readonly expectedStatus: number;
  readonly actualStatus: number;
};

const ABSENT = { output: '(no such command in the actual transcript)', status: 255 };

export function compareTranscripts(golden: Transcript, actual: Transcript): Comparison {
  const ofGolden = new Normaliser();
  const ofActual = new Normaliser();
  const commands = golden.commands.map((expected, i): ComparedCommand => {
    const counterpart = actual.commands[i];
    const found = counterpart?.command === expected.command ? counterpart : { ...ABSENT, command: expected.command };
    return compareCommand(expected, found, ofGolden, ofActual);
  });
  const speaking = commands.filter((command) => command.expected !== '' || command.expectedStatus !== 0);
  return {
    commands,
    matched: commands.filter((command) => command.same).length,
    total: commands.length,
    speakingMatched: speaking.filter((command) => command.same).length,
    speakingTotal: speaking.length,
  };
}

function compareCommand(
  golden: TranscriptCommand,
  actual: TranscriptCommand,
  ofGolden: Normaliser,
  ofActual: Normaliser,
): ComparedCommand {
  const expected = ofGolden.normalise(golden.output);
  const got = ofActual.normalise(actual.output);
  return {
    command: golden.command,
    same: expected === got && golden.status === actual.status,
    expected,
    actual: got,
    expectedStatus: golden.status,
    actualStatus: actual.status,
  };
}

/** A difference as a person reads it: the command, both exit statuses, lines only Linux (-) or the simulator (+) has. */
export function describeDifference(compared: ComparedCommand, limit = 14): string {
  const statuses = `[exit ${compared.expectedStatus} / ${compared.actualStatus}]`;
  const lines = diffLines(compared.expected.split('\n'), compared.actual.split('\n'));
  const shown = lines.slice(0, limit).map((line) => `  ${line}`);
  if (lines.length > limit) shown.push(`  … ${lines.length - limit} more lines`);
  return [`$ ${compared.command}  ${statuses}`, ...shown].join('\n');
}

/** The lines that differ, `-` of the first, `+` of the second, found by their longest common subsequence. */
export function diffLines(a: readonly string[], b: readonly string[]): string[] {
  const common = a.map(() => new Array<number>(b.length + 1).fill(0));
  common.push(new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      (common[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const out: string[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) out.push(`-${a[i++]}`);
    else out.push(`+${b[j++]}`);
  }
  return out;
}
