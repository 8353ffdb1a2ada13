import { describe, expect, it } from 'vitest';
import { PageKeys } from './screen-keys';

const key = (
  name: string,
  modifiers: { ctrlKey?: boolean; shiftKey?: boolean; altKey?: boolean; metaKey?: boolean } = {},
) => ({
  key: name,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  ...modifiers,
});

describe('keys that are the page’s', () => {
  it('leaves with Escape and Tab, also backwards, and completes with Tab alone', () => {
    const keys = new PageKeys();
    expect(keys.press(key('Tab'), false)).toBeUndefined();
    expect(keys.press(key('Escape'), false)).toBe('may-leave');
    expect(keys.press(key('Shift'), false)).toBeUndefined();
    expect(keys.press(key('Tab', { shiftKey: true }), false)).toBe('leave');
    expect(keys.press(key('Tab'), false)).toBeUndefined();
  });

  it('forgets the Escape after another key', () => {
    const keys = new PageKeys();
    keys.press(key('Escape'), false);
    keys.press(key('a'), false);
    expect(keys.press(key('Tab'), false)).toBeUndefined();
  });

  it('copies with Ctrl-C only when something is selected', () => {
    const keys = new PageKeys();
    expect(keys.press(key('c', { ctrlKey: true }), false)).toBeUndefined();
    expect(keys.press(key('c', { ctrlKey: true }), true)).toBe('copy');
    expect(keys.press(key('C', { ctrlKey: true, shiftKey: true }), false)).toBe('copy');
    expect(keys.press(key('v', { ctrlKey: true }), false)).toBe('paste');
    expect(keys.press(key('F6'), false)).toBe('out');
    expect(keys.press(key('r', { ctrlKey: true }), false)).toBeUndefined();
  });
});
