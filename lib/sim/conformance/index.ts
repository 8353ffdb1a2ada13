/**
 * The simulator held against Linux: transcripts recorded on a real kernel (in linux/), the comparer that takes out what
 * no two runs share, and the runner that lets the simulator answer the same commands. For tests and the command line;
 * nothing of it is in the product's pages.
 */

export { runScript } from './bench.ts';
export { type ComparedCommand, type Comparison, compareTranscripts, describeDifference } from './compare.ts';
export { Normaliser } from './normalise.ts';
export { type Run, type RunOptions, runTranscript } from './run.ts';
export { parseTranscript, renderTranscript, type Transcript, type TranscriptCommand, worldOf } from './transcript.ts';
