import { expect, it } from 'vitest';
import { runTranscript } from './run.ts';

const run = (...commands: string[]) =>
  runTranscript({ header: [], commands: commands.map((command) => ({ command, output: '', status: 0 })) });
const outputs = (...commands: string[]) => run(...commands).transcript.commands.map(({ output }) => output);

it('answers each command in one world and one shell', () => {
  expect(outputs('cd /tmp; x=1', 'pwd; echo $x', 'ip netns add a', 'ip netns')).toEqual(['', '/tmp\n1', '', 'a']);
});

it('gives the same trace for the same seed', () => {
  const story = ['ip link add br0 type bridge', 'ping -c 1 127.0.0.1'];
  expect(run(...story).traceHash).toBe(run(...story).traceHash);
  expect(run(...story).traceHash).not.toBe(run('true').traceHash);
});

it('stops a command that does not end, and goes on where it was', () => {
  const [, endless, next, gone] = outputs(
    'cd /tmp; export X=7',
    'while true; do :; done',
    'pwd; echo $X',
    'sleep 1000',
  );
  expect(endless).toMatch(/^\(stopped: not ended after \d+ events\)$/);
  expect(next).toBe('/tmp\n7');
  expect(gone).toMatch(/^\(stopped: not ended after 300 s of virtual time\)$/);
});

it('opens a new shell where one was left', () => {
  expect(run('exit 3', 'echo next').transcript.commands).toMatchObject([{ status: 3 }, { output: 'next', status: 0 }]);
});
