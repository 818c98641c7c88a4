import { describe, expect, test } from 'vitest';
import { fixesAt, rangeOf } from '../../../../src/extension/editor/card-fixes';
import type { CardProblem } from '../../../../src/protocol/registry';

const problem = (over: Partial<CardProblem> = {}): CardProblem => ({ line: 12, column: 5, endLine: 12, endColumn: 9, kind: 'stale', section: 'evaluation', message: 'says 0.95, the evidence says 0.922', replacement: '0.922', ...over });
const cursor = (line: number, character: number) => ({ start: { line, character }, end: { line, character } });

const figure = problem();
const block = problem({ line: 20, column: 1, endLine: 30, endColumn: 12, replacement: '<!-- ry:a/b -->\n\n| x |\n\n<!-- /ry -->' });
const lacking = problem({ line: 40, column: 1, endLine: 40, endColumn: 1, replacement: '## Limits\n' });
const missing = problem({ line: 50, column: 1, endLine: 50, endColumn: 30, kind: 'missing', replacement: null });
const all = [figure, block, lacking, missing];

describe('a fix', () => {
  test('of the figure at the cursor says what it will say, and stands before the one for all', () => {
    expect(fixesAt(all, cursor(11, 4))).toEqual([{ title: 'Update this figure to 0.922', problems: [figure] }, { title: 'Update all figures of this card (3)', problems: [figure, block, lacking] }]);
  });
  test.each([[11, 4], [11, 8], [24, 0]])('is there from the first to the last character of what is stale: line %d, character %d', (line, character) => expect(fixesAt(all, cursor(line, character))).toHaveLength(2));
  test.each([[11, 3], [11, 9], [10, 5], [30, 0]])('is nowhere else: line %d, character %d', (line, character) => expect(fixesAt(all, cursor(line, character))).toEqual([]));
  test('of what only a person can write is never offered', () => expect(fixesAt(all, cursor(49, 3))).toEqual([]));
  test('is named by what it does', () => {
    const titles = (one: CardProblem): string[] => fixesAt([one], rangeOf(one)).map(({ title }) => title);
    expect([block, lacking, problem({ replacement: '' }), problem({ replacement: 'x'.repeat(80) })].flatMap(titles)).toEqual(['Update this figure', 'Put in what this card lacks', 'Take this figure out', 'Update this figure']);
  });
  test('of the only one is one', () => expect(fixesAt([figure, missing], cursor(11, 5))).toHaveLength(1));
});
