/**
 * Console listings of a lesson, held against the simulator: what the prose says that commands print is what a learner's
 * terminal prints. All listings of a lesson are one story, told in order in one world: that of its first terminal, after
 * its set-up. `console fresh` begins a new one; `console static="…"` is no part of any.
 */
import type { Fence, ReadyLesson } from '../course/index.ts';
import {
  compareTranscripts,
  describeDifference,
  parseTranscript,
  runTranscript,
  type Transcript,
  type TranscriptCommand,
} from '../sim/conformance/index.ts';

/** A command of a listing that the simulator answers otherwise. */
export type ListingProblem = {
  file: string;
  /** The line of the listing's opening backticks. */
  line: number;
  /** The command, and the lines that differ: - as the lesson has it, + as the simulator prints it. */
  difference: string;
};

export type Story = {
  world: string;
  setup?: string;
  commands: { line: number; command: TranscriptCommand }[];
};

export function storiesOf(lesson: ReadyLesson): Story[] {
  const [terminal] = lesson.body.terminals;
  const setup = terminal?.setup === undefined ? undefined : lesson.setups.get(terminal.setup);
  const stories: Story[] = [];
  for (const fence of lesson.body.fences) {
    if (fence.lang !== 'console' || fence.meta.static !== undefined) continue;
    let story = stories.at(-1);
    if (story === undefined || fence.meta.fresh) {
      story = { world: terminal?.world ?? 'host', setup, commands: [] };
      stories.push(story);
    }
    story.commands.push(...commandsIn(fence));
  }
  return stories;
}

function commandsIn(fence: Fence): Story['commands'] {
  return parseTranscript(fence.value).commands.map((command) => ({ line: fence.line, command }));
}

/** @param seed another gives other MAC addresses and times: a listing must hold for each */
export function checkListings(lesson: ReadyLesson, seed = 1): ListingProblem[] {
  return storiesOf(lesson).flatMap((story) => checkStory(lesson.file, story, seed));
}

function checkStory(file: string, story: Story, seed: number): ListingProblem[] {
  const written: Transcript = {
    header: [`# world: ${story.world}`],
    commands: story.commands.map(({ command }) => command),
  };
  const { transcript } = runTranscript(written, { seed, setup: story.setup });
  return compareTranscripts(withStatusesOf(transcript, written), transcript).commands.flatMap((compared, i) => {
    const line = story.commands[i]?.line ?? 1;
    return compared.same ? [] : [{ file, line, difference: describeDifference(compared) }];
  });
}

/** A terminal shows no exit status, so a listing has none to compare. */
function withStatusesOf(actual: Transcript, written: Transcript): Transcript {
  return {
    ...written,
    commands: written.commands.map((command, i) => ({
      ...command,
      status: actual.commands[i]?.status ?? command.status,
    })),
  };
}
