import { expect, test } from 'vitest';
import { splitCommands } from './split-commands.ts';

test('a block is cut into its commands', () => {
  expect(
    splitCommands(
      'ip link\nip addr # all\n\nfor i in 1 2; do\n  echo $i\ndone\ncat <<EOF > f\na\nEOF\necho "x\ny"; true\n',
    ),
  ).toEqual([
    'ip link',
    'ip addr # all',
    'for i in 1 2; do\n  echo $i\ndone',
    'cat <<EOF > f\na\nEOF',
    'echo "x\ny"; true',
  ]);
  expect(splitCommands('echo a\necho )\necho b')).toEqual(['echo a', 'echo )\necho b']);
  expect(splitCommands('a \\\n  b\nc')).toEqual(['a \\\n  b', 'c']);
  expect(splitCommands('\n  \n')).toEqual([]);
});
