import { describe, expect, it } from 'vitest';
import { CookedInput } from './cooked-input.ts';

describe('cooked input', () => {
  it('hands lines over and echoes them', () => {
    const { echo, events } = new CookedInput().feed('one\rtwo\r');
    expect(events).toEqual([
      { kind: 'line', text: 'one' },
      { kind: 'line', text: 'two' },
    ]);
    expect(echo).toBe('one\r\ntwo\r\n');
  });

  it('erases a character, a word, the line', () => {
    const input = new CookedInput();
    expect(input.feed('网a\x7f\x7f').echo).toBe('网a\b \b\b \b\b \b');
    input.feed('one two\x17three\x15four\r');
    expect(input.feed('x\r').events).toEqual([{ kind: 'line', text: 'x' }]);
    const again = new CookedInput();
    expect(again.feed('one two\x17x\r').events).toEqual([{ kind: 'line', text: 'one x' }]);
  });

  it('knows the signal keys, which drop the line', () => {
    const { echo, events } = new CookedInput().feed('abc\x03\x1c\x1a\r');
    expect(events).toEqual([
      { kind: 'signal', signal: 'INT' },
      { kind: 'signal', signal: 'QUIT' },
      { kind: 'signal', signal: 'TSTP' },
      { kind: 'line', text: '' },
    ]);
    expect(echo).toBe('abc^C^\\^Z\r\n');
  });

  it('ends the file with C-d on an empty line only', () => {
    expect(new CookedInput().feed('\x04').events).toEqual([{ kind: 'eof' }]);
    expect(new CookedInput().feed('a\x04').events).toEqual([]);
  });

  it('hands what is typed and not entered to the next reader', () => {
    const input = new CookedInput();
    input.feed('ip li');
    expect(input.takeRest()).toBe('ip li');
    expect(input.pending).toBe('');
  });

  it('bounds a line', () => {
    const { events } = new CookedInput().feed(`${'x'.repeat(1_000_000)}\r`);
    expect(events[0]).toEqual({ kind: 'line', text: 'x'.repeat(4095) });
  });
});
