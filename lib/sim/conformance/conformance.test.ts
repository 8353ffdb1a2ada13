import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../tooling/bootstrap/root.mjs';
import { KNOWN_DIFFERENCES, parseKnownDifferences } from '../fidelity/index.ts';
import { type Comparison, compareTranscripts } from './compare.ts';
import { complaints } from './known-differences.ts';
import { runTranscript } from './run.ts';
import { parseTranscript } from './transcript.ts';

const FOLDER = join(import.meta.dirname, 'linux');
const known = parseKnownDifferences(readFileSync(join(ROOT, KNOWN_DIFFERENCES), 'utf8'), KNOWN_DIFFERENCES);
const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.transcript'))
  .map((file) => file.slice(0, -'.transcript'.length));

describe('what Linux printed', () => {
  it.each(names)('%s', { timeout: 120_000 }, (name) => {
    const golden = parseTranscript(readFileSync(join(FOLDER, `${name}.transcript`), 'utf8'));
    const comparison = compareTranscripts(golden, runTranscript(golden).transcript);
    expect(complaints(name, comparison, known)).toEqual([]);
  });

  it('is recorded for every difference that is known', () => {
    expect(known.map((entry) => entry.transcript).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('complaints', () => {
  const compared = (command: string, same: boolean) => ({
    command,
    same,
    expected: 'a',
    actual: same ? 'a' : 'b',
    expectedStatus: 0,
    actualStatus: 0,
  });
  const comparison = (...commands: Comparison['commands']): Comparison => ({
    commands,
    matched: 0,
    total: 0,
    speakingMatched: 0,
    speakingTotal: 0,
  });
  const entry = { transcript: 't', reason: 'later', commands: ['ss -tln'] };

  it('are made of a difference that nobody wrote down', () => {
    expect(complaints('t', comparison(compared('ip a', false), compared('ss -tln', false)), [entry])).toEqual([
      expect.stringContaining('$ ip a'),
    ]);
  });

  it('are made of an entry that is no difference any more, or of another transcript', () => {
    expect(complaints('t', comparison(compared('ss -tln', true)), [entry])).toEqual([
      expect.stringContaining('no difference: ss -tln'),
    ]);
    expect(complaints('u', comparison(compared('ss -tln', false)), [entry])).toHaveLength(1);
  });
});
