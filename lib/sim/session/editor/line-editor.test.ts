import { describe, expect, it } from 'vitest';
import { Random } from '../../base/index.ts';
import { TestScreen } from '../../testing/screen.ts';
import type { Completion } from './candidates.ts';
import { type EditorEvent, LineEditor } from './line-editor.ts';
import { LONGEST_LINE } from './sanitise.ts';

const PROMPT = 'root@host:~# ';
const ESC = '\u001b';
const none = (): Completion => ({ from: 0, to: 0, candidates: [], suffix: ' ' });

type Options = {
  columns?: number;
  rows?: number;
  history?: string[];
  complete?: (line: string, cursor: number) => Completion;
};

/** An editor with a real terminal before it. */
function bench({ columns = 80, rows = 24, history = [], complete = none }: Options = {}) {
  const editor = new LineEditor();
  const screen = new TestScreen(columns, rows);
  let output = '';
  const events: EditorEvent[] = [];
  editor.resize(columns, rows);
  output += editor.begin({ text: PROMPT, history, complete }, 0);
  return {
    editor,
    screen,
    events,
    type(...inputs: string[]) {
      for (const input of inputs) {
        const fed = editor.feed(input);
        output += fed.output;
        events.push(...fed.events);
      }
      return editor.text;
    },
    again() {
      output += editor.begin({ text: PROMPT, history, complete }, 0);
    },
    raw(text: string) {
      output += text;
    },
    async lines() {
      await screen.write(output);
      output = '';
      return screen.lines;
    },
    async cursor() {
      await screen.write(output);
      output = '';
      return screen.cursor;
    },
  };
}

const words =
  (list: string[], suffix = ' ') =>
  (line: string, cursor: number): Completion => {
    const from = line.slice(0, cursor).lastIndexOf(' ') + 1;
    return { from, to: cursor, candidates: list.filter((word) => word.startsWith(line.slice(from, cursor))), suffix };
  };

describe('editing keys', () => {
  it.each<[string, string[], string]>([
    ['types', ['ip link'], 'ip link'],
    ['C-a and C-e', ['link', '\x01', 'ip ', '\x05', ' show'], 'ip link show'],
    ['Home and End', ['b', `${ESC}[H`, 'a', `${ESC}[F`, 'c'], 'abc'],
    ['Home and End in application mode', ['b', `${ESC}OH`, 'a', `${ESC}OF`, 'c'], 'abc'],
    ['arrows', ['ac', `${ESC}[D`, 'b', `${ESC}[C`, 'd'], 'abcd'],
    ['C-b and C-f', ['ac', '\x02', 'b', '\x06', 'd'], 'abcd'],
    ['Backspace', ['abx', '\x7f', 'c'], 'abc'],
    ['C-h is Backspace', ['abx', '\b', 'c'], 'abc'],
    ['Delete', ['xabc', '\x01', `${ESC}[3~`], 'abc'],
    ['C-d deletes in a line', ['xabc', '\x01', '\x04'], 'abc'],
    ['C-k', ['abc def', `${ESC}b`, '\x0b'], 'abc '],
    ['C-u', ['abc def', `${ESC}b`, '\x15'], 'def'],
    ['C-w', ['ip netns/foo-bar', '\x17'], 'ip '],
    ['M-Backspace', ['ip netns/foo-bar', `${ESC}\x7f`], 'ip netns/foo-'],
    ['M-d', ['ip netns exec', '\x01', `${ESC}f`, `${ESC}d`], 'ip exec'],
    ['M-b and M-f', ['one three', `${ESC}b`, 'two ', `${ESC}f`, ' four'], 'one two three four'],
    ['C-Left and C-Right', ['one three', `${ESC}[1;5D`, 'two ', `${ESC}[1;5C`, '!'], 'one two three!'],
    ['C-y brings back', ['abc def', '\x17', '\x01', '\x19'], 'defabc '],
    ['kills in a row gather', ['a b c', '\x17', '\x17', 'x', '\x19'], 'a xb c'],
    ['M-y goes further back', ['one', '\x15', 'two', '\x15', '\x19', `${ESC}y`], 'one'],
    ['C-t', ['sl', '\x14'], 'ls'],
    ['M-u, M-l, M-c', ['ab CD ef', '\x01', `${ESC}u`, `${ESC}l`, `${ESC}c`], 'AB cd Ef'],
    ['C-_ undoes', ['abc', '\x15', '\x1f'], 'abc'],
    ['an unknown sequence does nothing', ['a', `${ESC}[99~`, `${ESC}[1;2X`, 'b'], 'ab'],
    ['an incomplete sequence waits', ['ac', `${ESC}[`, 'D', 'b'], 'abc'],
    ['Escape alone does nothing', ['a', ESC, 'b'], 'ab'],
    ['control characters without a meaning do nothing', ['a\x00\x1db'], 'ab'],
  ])('%s', (_, inputs, text) => {
    expect(bench().type(...inputs)).toBe(text);
  });

  it('ends a line with Enter and keeps what follows', () => {
    const b = bench();
    b.type('echo 1\recho 2\r');
    expect(b.events).toEqual([{ kind: 'line', text: 'echo 1' }]);
    expect(b.editor.editing).toBe(false);
    expect(b.editor.takeRest()).toBe('echo 2\r');
  });

  it('interrupts with C-c, and ends an empty line with C-d', async () => {
    const b = bench();
    b.type('sleep 1', '\x03');
    b.again();
    b.type('\x04');
    expect(b.events).toEqual([{ kind: 'interrupt', text: 'sleep 1' }, { kind: 'eof' }]);
    expect((await b.lines())[0]).toBe(`${PROMPT}sleep 1^C`);
  });
});

describe('the screen', () => {
  const same = async (b: ReturnType<typeof bench>, text: string, columns: number) => {
    const all = PROMPT + text;
    const rows = all.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
    expect(await b.lines()).toEqual(rows.map((row) => row.trimEnd()));
  };

  it('wraps at the width and edits across rows', async () => {
    const b = bench({ columns: 20 });
    const line = 'ping -c 1 10.244.0.2 -I veth0 -W 2';
    b.type(...line);
    await same(b, line, 20);
    b.type('\x01', 'ip netns exec blue ');
    await same(b, `ip netns exec blue ${line}`, 20);
    expect(await b.cursor()).toEqual([1, 12]);
    b.type(`${ESC}f`, `${ESC}d`, `${ESC}d`);
    await same(b, b.editor.text, 20);
    b.type('\x05', '\x15');
    expect(await b.lines()).toEqual([PROMPT.trimEnd()]);
  });

  it('stands at the next row when the row is exactly full', async () => {
    const b = bench({ columns: 20 });
    b.type('1234567');
    expect(await b.cursor()).toEqual([1, 0]);
    b.type('8');
    expect(await b.lines()).toEqual([`${PROMPT}1234567`, '8']);
    b.type('\x7f', '\x7f');
    expect(await b.cursor()).toEqual([0, 19]);
    expect(await b.lines()).toEqual([`${PROMPT}123456`]);
  });

  it('counts wide characters and marks as the terminal does', async () => {
    const b = bench({ columns: 20 });
    b.type('echo 网络 ', 'e\u0301te\u0301', '🙂');
    expect((await b.lines()).join('|')).toBe(`${PROMPT}echo 网|络 e\u0301te\u0301🙂`);
    b.type(`${ESC}[D`);
    expect(await b.cursor()).toEqual([1, 6]);
    b.type(`${ESC}[D`, `${ESC}[3~`);
    expect(b.editor.text).toBe('echo 网络 e\u0301t🙂');
    b.type('\x01', 'x');
    expect((await b.lines()).join('|')).toBe(`${PROMPT}xecho|网络 e\u0301t🙂`);
    expect(await b.cursor()).toEqual([0, 14]);
  });

  it('redraws a mark that joins an earlier character', async () => {
    const b = bench();
    b.type('e', '\u0301', 'x');
    expect(await b.lines()).toEqual([`${PROMPT}e\u0301x`]);
  });

  it('follows a resize in the middle of a line', async () => {
    const b = bench({ columns: 40 });
    b.type('ping -c 1 10.244.0.2 -I veth0 -W 2');
    await b.lines();
    b.screen.resize(20, 24);
    b.raw(b.editor.resize(20, 24));
    await same(b, 'ping -c 1 10.244.0.2 -I veth0 -W 2', 20);
    b.screen.resize(60, 24);
    b.raw(b.editor.resize(60, 24));
    await same(b, 'ping -c 1 10.244.0.2 -I veth0 -W 2', 60);
  });

  it('steps aside for output and comes back below it', async () => {
    const b = bench({ columns: 20 });
    b.type('ping 10.0.0.1 -c 3', '\x02', '\x02');
    b.raw(`${b.editor.hide()}64 bytes\r\n`);
    b.raw(b.editor.show(0));
    expect(await b.lines()).toEqual(['64 bytes', `${PROMPT}ping 10`, '.0.0.1 -c 3']);
    expect(await b.cursor()).toEqual([2, 9]);
  });

  it('begins behind output that did not end its line', async () => {
    const b = bench({ columns: 20 });
    b.type('x\r');
    b.raw('no newline');
    b.raw(b.editor.begin({ text: '# ', history: [], complete: none }, 10));
    b.type('0123456789');
    expect(await b.lines()).toEqual([`${PROMPT}x`, 'no newline# 01234567', '89']);
    b.type('\x15');
    expect(await b.lines()).toEqual([`${PROMPT}x`, 'no newline#']);
  });

  it('draws a coloured prompt without counting its colours', async () => {
    const editor = new LineEditor();
    const screen = new TestScreen(20, 5);
    editor.resize(20, 5);
    await screen.write(editor.begin({ text: `${ESC}[1;32mhost${ESC}[0m# `, history: [], complete: none }, 0));
    await screen.write(editor.feed('0123456789abcdef').output);
    await screen.write(editor.feed('\x01').output);
    expect(screen.cursor).toEqual([0, 6]);
    expect(screen.lines).toEqual(['host# 0123456789abcd', 'ef']);
  });

  it('clears with C-l and keeps the line', async () => {
    const b = bench();
    b.type('one\r');
    b.again();
    b.type('two', '\x0c');
    expect(await b.lines()).toEqual([`${PROMPT}two`]);
  });

  it('stays on the screen with a line longer than the screen is high', async () => {
    const b = bench({ columns: 20, rows: 5 });
    const long = Array.from({ length: 300 }, (_, i) => String(i % 10)).join('');
    b.type(long);
    const before = (await b.lines()).length;
    b.type('\x01', 'x', '\x05', 'y');
    expect(b.editor.text).toBe(`x${long}y`);
    expect((await b.lines()).length).toBeLessThanOrEqual(before + 1);
    expect((await b.lines()).at(-1)?.endsWith('y')).toBe(true);
  });
});

describe('history', () => {
  const history = ['ip link', 'ping -c 1 10.0.0.1', 'ip addr', 'echo done'];

  it('walks up and down and comes back to what was typed', () => {
    const b = bench({ history });
    expect(b.type(`${ESC}[A`)).toBe('echo done');
    expect(b.type(`${ESC}[A`)).toBe('ip addr');
    expect(b.type(`${ESC}[B`, `${ESC}[B`)).toBe('');
  });

  it('keeps the typed prefix', () => {
    const b = bench({ history });
    expect(b.type('ip', `${ESC}[A`)).toBe('ip addr');
    expect(b.type(`${ESC}[A`)).toBe('ip link');
    expect(b.type(`${ESC}[A`)).toBe('ip link');
    expect(b.type('\x0e', '\x0e')).toBe('ip');
  });

  it('searches backwards with C-r, further with C-r again, and runs the match with Enter', async () => {
    const b = bench({ history });
    b.type('\x12', 'ip');
    expect(await b.lines()).toEqual(["(reverse-i-search)`ip': ip addr"]);
    b.type('\x12', '\r');
    expect(b.events).toEqual([{ kind: 'line', text: 'ip link' }]);
    expect(await b.lines()).toEqual([`${PROMPT}ip link`]);
  });

  it('says when the search fails, and C-g gives the line back', async () => {
    const b = bench({ history });
    b.type('draft', '\x12', 'nowhere');
    expect((await b.lines())[0]).toContain("(failed reverse-i-search)`nowhere': ");
    expect(b.type('\x07')).toBe('draft');
    expect(await b.lines()).toEqual([`${PROMPT}draft`]);
  });

  it('leaves the search with any other key and does what the key does', () => {
    const b = bench({ history });
    expect(b.type('\x12', 'ping', '\x05', ' -v')).toBe('ping -c 1 10.0.0.1 -v');
  });

  it('puts the last argument of earlier lines in with M-.', () => {
    const b = bench({ history });
    expect(b.type('echo ', `${ESC}.`)).toBe('echo done');
    expect(b.type(`${ESC}.`)).toBe('echo addr');
  });
});

describe('completion', () => {
  it('finishes the only candidate', () => {
    const b = bench({ complete: words(['netns', 'neigh', 'link']) });
    expect(b.type('ip l', '\t')).toBe('ip link ');
  });

  it('puts in what all share, then lists them', async () => {
    const b = bench({ complete: words(['netns', 'neigh', 'link']) });
    expect(b.type('ip n', '\t')).toBe('ip ne'.slice(0, 5));
    b.type('\t');
    expect(await b.lines()).toEqual([`${PROMPT}ip ne`, 'neigh  netns', `${PROMPT}ip ne`]);
    expect(b.events).toEqual([{ kind: 'list', text: 'ip ne', cursor: 5 }]);
    expect(b.type('t', '\t')).toBe('ip netns ');
  });

  it('does not add a blank after a directory', () => {
    expect(bench({ complete: words(['/etc/cni/']) }).type('ls /etc/c', '\t')).toBe('ls /etc/cni/');
  });

  it('completes in the middle of a line', () => {
    const b = bench({ complete: words(['blue']) });
    expect(b.type('ip -n b link', `${ESC}b`, '\x02', '\t')).toBe('ip -n blue  link');
  });

  it('bounds a long list', async () => {
    const b = bench({ complete: words(Array.from({ length: 1000 }, (_, i) => `f${i}`)) });
    b.type('ls f', '\t');
    expect((await b.lines()).join('\n')).toContain('(800 more)');
  });
});

describe('pastes', () => {
  const paste = (text: string) => `${ESC}[200~${text}${ESC}[201~`;

  it('keeps a block of lines as one line to run, until Enter', async () => {
    const b = bench();
    b.type(paste('ip netns add blue\r\nip netns add red'));
    expect(b.events).toEqual([]);
    expect(await b.lines()).toEqual([`${PROMPT}ip netns add blue`, 'ip netns add red']);
    b.type('\x01', '  ');
    expect(await b.lines()).toEqual([`${PROMPT}ip netns add blue`, '  ip netns add red']);
    b.type('\r');
    expect(b.events).toEqual([{ kind: 'line', text: 'ip netns add blue\n  ip netns add red' }]);
  });

  it('takes a paste that comes in pieces', () => {
    const whole = paste('echo a b c');
    for (let cut = 1; cut < whole.length; cut++) {
      if (cut === 1) continue; // An escape at the end of a piece is the Escape key.
      expect(bench().type(whole.slice(0, cut), whole.slice(cut))).toBe('echo a b c');
    }
  });

  it('drops what is not text', () => {
    const binary = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    const b = bench();
    b.type(paste(`a${binary}z\u202e\ud800`));
    expect(b.editor.text).toMatch(/^a\t\n\n ![ -~]*[\u00a0-\u00ff]+z\ufffd$/u);
  });

  it('takes no paste of 1 MB, and says so; one of 64 KB it takes quickly', async () => {
    const b = bench();
    const before = performance.now();
    b.type(paste('x'.repeat(1_000_000)));
    b.type('\x01', 'y', '\x05', '\x7f');
    expect(performance.now() - before).toBeLessThan(1000);
    b.type(paste('z'.repeat(LONGEST_LINE)));
    b.type('\x01', '\x0b');
    expect(performance.now() - before).toBeLessThan(3000);
    expect(b.editor.text).toBe('');
    expect((await b.lines()).join('\n')).toContain(
      'These 1000000 characters are too many for a command line, which holds 65536.',
    );
  });

  it('types 1 MB without brackets in one go', () => {
    const b = bench();
    const before = performance.now();
    b.type('echo x\n'.repeat(150_000));
    expect(b.events).toHaveLength(1);
    expect(b.editor.takeRest().length).toBe(7 * 149_999);
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('replay', () => {
  it('shows the same as the keys did', async () => {
    const complete = words(['netns', 'neigh']);
    const live = bench({ complete });
    live.type('ip n', '\t', '\t', 'x', '\x7f', 'tns', '\r');
    live.again();
    live.type('oops', '\x03');
    live.again();
    const again = bench({ complete });
    for (const event of live.events) {
      if (!again.editor.editing) again.again();
      again.raw(again.editor.replay(event));
    }
    again.again();
    expect(await again.lines()).toEqual(await live.lines());
    expect(await again.cursor()).toEqual(await live.cursor());
  });
});

describe('whatever is typed', () => {
  const KEYS = [
    'a',
    'bc ',
    '网',
    'e\u0301',
    '🙂',
    '\x01',
    '\x05',
    '\x02',
    '\x06',
    `${ESC}b`,
    `${ESC}f`,
    '\x7f',
    '\x04',
    '\x0b',
    '\x15',
    '\x17',
    '\x19',
    `${ESC}y`,
    '\x1f',
    '\x14',
    '\t',
    `${ESC}[A`,
    `${ESC}[B`,
    '\x12',
    '\x07',
    `${ESC}[3~`,
    `${ESC}[200~two\nlines\there${ESC}[201~`,
    '\u0301',
  ];

  it.each(Array.from({ length: 25 }, (_, seed) => seed))(
    'the screen shows the line, and the cursor stands in it (seed %i)',
    async (seed) => {
      const random = new Random(seed);
      const columns = random.int(10, 40);
      const b = bench({
        columns,
        rows: 60,
        history: ['ip link', '网络 network', 'x'.repeat(50)],
        complete: words(['bcd', 'bce']),
      });
      for (let i = 0; i < 60; i++) {
        const key = KEYS[random.int(0, KEYS.length - 1)] as string;
        if (key !== '\x04' || b.editor.text !== '') b.type(key);
      }
      b.type('\x07', '\x05');
      const fresh = bench({ columns, rows: 60 });
      fresh.type(`${ESC}[200~${b.editor.text}${ESC}[201~`);
      const expected = await fresh.lines();
      expect((await b.lines()).slice(-expected.length)).toEqual(expected);
      // C-e means the end of the line that the cursor is in, of several.
      if (!b.editor.text.includes('\n')) expect((await b.cursor())[1]).toBe((await fresh.cursor())[1]);
    },
  );
});
