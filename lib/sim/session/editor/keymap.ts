import type { EditBuffer } from './edit-buffer.ts';

/** What a key may do to the line. 'refused' rings the bell. */
export type EditorActions = {
  readonly buffer: EditBuffer;
  accept(): void;
  interrupt(): void;
  endOfFile(): void;
  clear(): void;
  complete(): boolean;
  walk(step: 'older' | 'newer' | 'oldest' | 'back'): boolean;
  search(direction: 'reverse' | 'forward'): void;
  lastArgument(): boolean;
};

type Outcome = 'refused' | 'done';
type Command = (editor: EditorActions) => Outcome;

const outcome = (changed: boolean): Outcome => (changed ? 'done' : 'refused');
const always =
  (act: (editor: EditorActions) => void): Command =>
  (editor) => {
    act(editor);
    return 'done';
  };
const edit =
  (change: (buffer: EditBuffer) => boolean): Command =>
  ({ buffer }) =>
    outcome(change(buffer));
const go = (target: (buffer: EditBuffer) => number): Command => always(({ buffer }) => buffer.moveTo(target(buffer)));
const kill = (target: (buffer: EditBuffer) => number): Command => edit((buffer) => buffer.killTo(target(buffer)));
const walk =
  (step: 'older' | 'newer' | 'oldest' | 'back'): Command =>
  (editor) =>
    outcome(editor.walk(step));

/** In a pasted block of several lines, Home, End, C-u and C-k mean the line in which the cursor is. */
const lineStart = (buffer: EditBuffer): number => buffer.text.slice(0, buffer.cursor).lastIndexOf('\n') + 1;
const lineEnd = (buffer: EditBuffer): number => {
  const newline = buffer.text.indexOf('\n', buffer.cursor);
  return newline < 0 ? buffer.text.length : newline;
};

const recase = (change: (word: string) => string): Command =>
  edit((buffer) => {
    const { cursor, wordEnd, text } = buffer;
    if (wordEnd === cursor) return false;
    buffer.replaceRange(cursor, wordEnd, change(text.slice(cursor, wordEnd)));
    return true;
  });

const capitalised = (word: string): string => word.toLowerCase().replace(/\p{L}/u, (letter) => letter.toUpperCase());

/** What `bind -P` lists in a bash without an inputrc, as far as it edits one line. */
export const KEYMAP: Readonly<Record<string, Command>> = {
  Enter: always((editor) => editor.accept()),
  'C-c': always((editor) => editor.interrupt()),
  'C-d': (editor) => {
    const { buffer } = editor;
    if (buffer.text !== '') return outcome(buffer.deleteBetween(buffer.cursor, buffer.nextCell));
    editor.endOfFile();
    return 'done';
  },
  'C-l': always((editor) => editor.clear()),
  Tab: (editor) => outcome(editor.complete()),
  'C-a': go(lineStart),
  Home: go(lineStart),
  'C-e': go(lineEnd),
  End: go(lineEnd),
  'C-b': go((buffer) => buffer.previousCell),
  Left: go((buffer) => buffer.previousCell),
  'C-f': go((buffer) => buffer.nextCell),
  Right: go((buffer) => buffer.nextCell),
  'M-b': go((buffer) => buffer.wordStart),
  'C-Left': go((buffer) => buffer.wordStart),
  'M-Left': go((buffer) => buffer.wordStart),
  'M-f': go((buffer) => buffer.wordEnd),
  'C-Right': go((buffer) => buffer.wordEnd),
  'M-Right': go((buffer) => buffer.wordEnd),
  Backspace: edit((buffer) => buffer.deleteBetween(buffer.previousCell, buffer.cursor)),
  Delete: edit((buffer) => buffer.deleteBetween(buffer.cursor, buffer.nextCell)),
  'C-k': kill(lineEnd),
  'C-u': kill(lineStart),
  'C-w': kill((buffer) => buffer.blankWordStart),
  'M-Backspace': kill((buffer) => buffer.wordStart),
  'M-d': kill((buffer) => buffer.wordEnd),
  'C-Delete': kill((buffer) => buffer.wordEnd),
  'C-y': edit((buffer) => buffer.yank()),
  'M-y': edit((buffer) => buffer.yankPop()),
  'C-t': edit((buffer) => buffer.transpose()),
  'M-u': recase((word) => word.toUpperCase()),
  'M-l': recase((word) => word.toLowerCase()),
  'M-c': recase(capitalised),
  'C-_': edit((buffer) => buffer.undo()),
  'M-.': (editor) => outcome(editor.lastArgument()),
  'M-_': (editor) => outcome(editor.lastArgument()),
  'C-r': always((editor) => editor.search('reverse')),
  'C-s': always((editor) => editor.search('forward')),
  Up: walk('older'),
  'C-p': walk('older'),
  Down: walk('newer'),
  'C-n': walk('newer'),
  'M-<': walk('oldest'),
  'M->': walk('back'),
  'C-g': () => 'refused',
};
