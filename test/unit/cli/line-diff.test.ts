import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines, excerpt } from '../../../src/cli/line-diff';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });

test('leaving out what was added gives the left text, leaving out what was removed the right one', () => {
  fc.assert(fc.property(lines, lines, (left, right) => {
    const found = diffLines(left, right);
    expect(found.filter(({ kind }) => kind !== '+').map(({ text }) => text)).toEqual(left);
    expect(found.filter(({ kind }) => kind !== '-').map(({ text }) => text)).toEqual(right);
  }));
});

test('equal texts have no line that differs', () => {
  fc.assert(fc.property(lines, (text) => {
    expect(diffLines(text, text).filter(({ kind }) => kind !== ' ')).toEqual([]);
  }));
});

test('one changed line is one taken out and one put in, with what is around it', () => {
  const before = Array.from({ length: 20 }, (_, at) => `line ${at}`);
  const after = before.with(10, 'other');
  expect(excerpt(diffLines(before, after), 1)).toEqual(['  ...', '  line 9', '- line 10', '+ other', '  line 11']);
});

test('texts that have little in common are still both there', () => {
  const left = Array.from({ length: 3000 }, (_, at) => `left ${at}`);
  const right = Array.from({ length: 3000 }, (_, at) => `right ${at}`);
  expect(diffLines(left, right)).toHaveLength(6000);
});
