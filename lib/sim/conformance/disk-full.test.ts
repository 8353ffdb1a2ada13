import { expect, test } from 'vitest';
import { runTranscript } from './run.ts';
import { parseTranscript } from './transcript.ts';

test.each([
  ['cat /dev/zero > /dev/full', 'cat: write error: No space left on device', 1],
  ['head -c 5 /dev/zero > /dev/full', 'head: write error: No space left on device', 1],
  ['echo x | head -1 > /dev/full', 'head: write error: No space left on device', 1],
])('%s says so and ends', (command, output, status) => {
  const { transcript } = runTranscript(parseTranscript(`$ ${command}\n`));
  expect(transcript.commands).toMatchObject([{ output, status }]);
});
