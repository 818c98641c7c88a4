// Which words stand: the last of each person that they didn't take back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majority, standingWords } from '../../../../../src/core/monitoring/feedback/standing';
import type { ReviewLine, Word } from '../../../../../src/core/monitoring/feedback/reviews';

const word = (by: string, label: string | null, more: Partial<Word> = {}): Word => ({ request: 'a', row: 0, judgement: label === null ? 'unsure' : 'right', answer: null, label, comment: '', source: null, seed: 0, by: { name: by, email: '' }, t: 0, prediction: null, version: null, time: null, ...more });
const undo = (by: string): ReviewLine => ({ request: 'a', row: 0, by: { name: by, email: '' }, t: 0, undone: true });
const labels = (lines: ReviewLine[]): (string | null)[] => [...standingWords(lines).values()].flat().map(({ label }) => label);

describe('words on a row', () => {
  it('are one a person, the last; taking it back brings up the one before', () => {
    expect(labels([word('Ana', 'x'), word('Bo', 'y'), word('Ana', 'z')])).toEqual(['y', 'z']);
    expect(labels([word('Ana', 'x'), word('Ana', 'z'), undo('Ana')])).toEqual(['x']);
    expect(labels([word('Ana', 'x'), undo('Ana'), undo('Ana')])).toEqual([]);
    expect(labels([undo('Bo'), word('Ana', 'x')])).toEqual(['x']);
  });

  it('are of one person where the address is, whatever the name', () => {
    const as = (name: string, label: string): Word => word(name, label, { by: { name, email: 'Ana@Example.org' } });
    expect(labels([as('Ana', 'x'), { ...as('Ana Gil', 'y'), by: { name: 'Ana Gil', email: 'ana@example.org' } }])).toEqual(['y']);
  });

  it('a word and its taking back leave what was there before, in any history', () => {
    const line = fc.record({ by: fc.constantFrom('Ana', 'Bo', 'Cy'), label: fc.option(fc.constantFrom('x', 'y')), undone: fc.boolean() }).map(({ by, label, undone }) => (undone ? undo(by) : word(by, label)));
    fc.assert(fc.property(fc.array(line), fc.constantFrom('Ana', 'Bo'), (lines, by) => {
      expect(standingWords([...lines, word(by, 'new'), undo(by)])).toEqual(standingWords(lines));
    }));
  });
});

it('most people\'s answer is the label; of as many each there is none, and who is unsure has no vote', () => {
  expect(majority([word('a', 'x'), word('b', 'y'), word('c', 'x')])).toBe('x');
  expect(majority([word('a', 'x'), word('b', 'y')])).toBeNull();
  expect(majority([word('a', 'x'), word('b', null)])).toBe('x');
  expect(majority([word('a', null)])).toBeNull();
  expect(majority([])).toBeNull();
});
