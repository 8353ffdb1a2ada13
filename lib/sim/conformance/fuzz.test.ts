import { beforeAll, describe, expect, it } from 'vitest';
import { Random, SECOND } from '../base/index.ts';
import { catalog, loadAll } from '../commands/index.ts';
import { runScript } from './bench.ts';

/** Words, operators and half-finished constructs from which command lines are thrown together. */
const PIECES = [
  'echo', 'cat', 'ls', '-l', '-a', 'grep', 'a', 'sed', "'s/a/b/g'", 'awk', "'{print $1}'", 'sort', 'uniq', '-c', 'wc', 'head', '-n', '2', 'tail', 'cut', '-d:', '-f1', 'tr', 'a-z', 'A-Z', 'seq', '3',
  'find', '.', '-name', "'*'", 'test', '[', ']', '[[', ']]', '-f', '-z', '=', '==', '=~', '!', 'if', 'then', 'else', 'fi', 'for', 'x', 'in', 'do', 'done', 'while', 'until', 'case', 'esac', 'select',
  'function', 'f()', '{', '}', '(', ')', '((', '))', ';', ';;', '&&', '||', '|', '|&', '&', '\n', '<', '>', '>>', '2>&1', '<<<', '<<EOF', 'EOF', '>&-', '<(', '>(', '$(', '`', '"', "'", '\\', '$x', '${x}',
  '${x:-d}', '${x#a}', '${x//a/b}', '${#x}', '${!x}', '${x[@]}', '${x', '$((1+', '$((2))', '$?', '$$', '$!', '$@', '"$*"', '*', '?', '[a-z]', '{1..3}', '{a,b}', '~', '#', '!!', 'x=1', 'x+=2', 'x=(a b)', 'declare', '-A',
  'local', 'export', 'unset', 'read', 'printf', "'%s\\n'", "'%d'", 'eval', 'exec', 'set', '-e', '-u', '-x', 'shift', 'trap', 'EXIT', 'return', 'break', 'continue', 'exit', '3', 'cd', '/tmp', '/etc/passwd', 'nosuch', 'wait',
  'kill', '%1', 'jobs', 'fg', 'bg', 'sleep', '0.01', 'xargs', 'tee', 'out', 'mkdir', 'd', 'rm', '-r', 'cp', 'mv', 'touch', 'true', 'false', ':', 'time', 'let', 'getopts', 'ab:', 'mapfile', 'timeout', '1', 'env', 'bash', '-c',
  '\t', 'é', '\u0000', '\u{1f600}', '-', '--', '--help', '-Z', '9999999999999999999999', '..', '/', '//', '/dev/null', '/proc/self/fd/1', 'date', 'ps', 'basename', 'dirname', 'expr', '+', '%',
];

function commandLine(random: Random): string {
  const count = random.int(1, 14);
  return Array.from({ length: count }, () => PIECES[random.int(0, PIECES.length - 1)]).join(random.int(0, 9) === 0 ? '' : ' ');
}

const ROUNDS = 400;

beforeAll(async () => {
  await loadAll(catalog);
});

describe('command lines made by chance', () => {
  it('neither break the simulator nor hold it up', { timeout: 120_000 }, () => {
    const random = new Random('fuzz 1');
    for (let round = 0; round < ROUNDS; round++) {
      const line = commandLine(random);
      const outcome = runScript(line, { events: 4_000, until: 5 * SECOND }, round);
      expect({ line, bugs: outcome.bugs.map(String) }).toEqual({ line, bugs: [] });
      expect({ line, slow: outcome.slowest > 4_000 }).toEqual({ line, slow: false });
    }
  });

  it('do the same twice', { timeout: 60_000 }, () => {
    const random = new Random('fuzz 2');
    for (let round = 0; round < 20; round++) {
      const line = commandLine(random);
      const [a, b] = [1, 2].map(() => runScript(line, { events: 2_000, until: SECOND }, 7));
      expect(b?.output).toBe(a?.output);
      expect(b?.events).toBe(a?.events);
    }
  });
});
