import { describe, expect, it } from 'vitest';
import { actionOf, lettersOf } from '../../../../../webview/review/model/keys';

const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) => actionOf({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held }, lettersOf(['default', 'late', 'repaid']));

describe('keys', () => {
  it('say right, wrong and unsure by number, and what is right by its letter', () => {
    expect(['1', '2', '3'].map((one) => key(one)?.kind)).toEqual(['right', 'wrong', 'unsure']);
    expect([key('d'), key('L'), key('r')]).toEqual([{ kind: 'answer', name: 'default' }, { kind: 'answer', name: 'late' }, { kind: 'answer', name: 'repaid' }]);
    expect(['j', 'k', 'ArrowDown', 'ArrowUp', 'u', 'c', '?'].map((one) => key(one)?.kind)).toEqual(['next', 'previous', 'next', 'previous', 'undo', 'comment', 'help']);
    expect(key('z')).toBeNull();
  });

  it('that are held with others are the editor\'s', () => {
    expect([key('1', { ctrlKey: true }), key('d', { metaKey: true }), key('u', { altKey: true })]).toEqual([null, null, null]);
  });
});

it('each class has a letter of its own, of its name where one is free, and never one that means something else', () => {
  const classes = ['cat', 'cut', 'jack', 'kuck', 'cuj', 'aa'];
  const letters = lettersOf(classes);
  expect(new Set(letters.values()).size).toBe(classes.length);
  expect([...letters.values()].some((letter) => 'jkuc?'.includes(letter))).toBe(false);
  expect(letters.get('cat')).toBe('a');
  expect(lettersOf(Array.from({ length: 40 }, (_, at) => `class ${at}`)).size).toBeLessThanOrEqual(22);
});
