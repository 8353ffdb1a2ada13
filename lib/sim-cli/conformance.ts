import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  compareTranscripts,
  describeDifference,
  renderTranscript,
  runTranscript,
  type Transcript,
} from '../sim/conformance/index.ts';
import { readTranscript } from './files.ts';
import { recordOnLinux } from './recorder.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `usage: npm run -s conformance -- record FILE…      answer FILE's commands by this computer's Linux, in place (root)
       npm run -s conformance -- compare [FILE…]   hold the simulator against recorded transcripts
       npm run -s conformance -- diff GOLDEN ACTUAL
`;

const RECORDED = join(import.meta.dirname, '../sim/conformance/linux');

const COMMANDS: Readonly<Record<string, (files: string[]) => number>> = { record, compare, diff };

function record(files: string[]): number {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new UsageError('transcripts are recorded by root on Linux');
  if (files.length === 0) throw new UsageError('no transcript is given');
  for (const file of files) {
    const recorded = recordOnLinux(readTranscript(file));
    writeFileSync(file, renderTranscript(recorded));
    process.stdout.write(`${basename(file)}: ${recorded.commands.length} commands recorded\n`);
  }
  return 0;
}

function compare(files: string[]): number {
  const all = files.length > 0 ? files : readdirSync(RECORDED).map((name) => join(RECORDED, name));
  const same = all.map((file) => {
    const golden = readTranscript(file);
    return tell(basename(file), golden, runTranscript(golden).transcript);
  });
  return same.every(Boolean) ? 0 : 1;
}

function diff(files: string[]): number {
  const [golden, actual, ...others] = files;
  if (golden === undefined || actual === undefined || others.length > 0)
    throw new UsageError('two transcripts must be given');
  return tell(basename(golden), readTranscript(golden), readTranscript(actual)) ? 0 : 1;
}

function tell(name: string, golden: Transcript, actual: Transcript): boolean {
  const { commands, matched, total, speakingMatched, speakingTotal } = compareTranscripts(golden, actual);
  process.stdout.write(
    `${name}: ${matched} of ${total} commands match (of those that say something ${speakingMatched} of ${speakingTotal})\n`,
  );
  for (const command of commands.filter((one) => !one.same))
    process.stdout.write(`${describeDifference(command, 40)}\n`);
  return matched === total;
}

function main([name = '', ...files]: string[]): number {
  const command = COMMANDS[name];
  try {
    if (command === undefined) throw new UsageError(name === '' ? 'what shall it do?' : `there is no "${name}"`);
    return command(files);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`conformance: ${error.message}\n${USAGE}`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
