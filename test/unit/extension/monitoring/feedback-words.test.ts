import { expect, test } from 'vitest';
import type { FeedbackReport } from '../../../../src/protocol/monitoring';
import { importedWords, importLines } from '../../../../src/extension/monitoring/feedback-words';

const report = (over: Partial<FeedbackReport> = {}): FeedbackReport => ({
  file: 'labels.csv', rows: 100, joined: 95, changed: 0, same: 0, unknown: { count: 0, first: [] }, duplicates: { count: 0, first: [] }, future: 0, invalid: { count: 0, first: [] }, label: 'repaid', keys: ['request=ry_request'], dryRun: true, notes: [], ...over,
});

test('what an import would do is told line by line, and only what there is', () => {
  expect(importLines(report())).toEqual(['labels.csv: 100 rows; the label is repaid, rows are found by request', '95 belong to rows of the log']);
  const lines = importLines(report({ changed: 3, same: 2, unknown: { count: 7, first: ['a', 'b', 'c', 'd', 'e', 'f'] }, duplicates: { count: 1, first: ['x'] }, invalid: { count: 1, first: ['?'] }, future: 4, notes: ['read as CSV'] }));
  expect(lines).toContain('7 belong to no row of the log: a, b, c, d, e, …');
  expect(lines).toContain('1 name a row that another one names too: x');
  expect(lines[1]).toBe('95 belong to rows of the log; 3 of them change a label that is there; 2 say what is known already');
  expect(lines.slice(-2)).toEqual(['4 are from the future', 'read as CSV']);
});

test('what it did is one sentence', () => {
  expect(importedWords('m@p', report({ joined: 1 }))).toBe('1 label for m@p is in.');
  expect(importedWords('m@p', report({ changed: 3, unknown: { count: 5, first: [] } }))).toBe('95 labels for m@p are in: 3 of them changed; 5 belong to no row.');
});
