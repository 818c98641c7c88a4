import { describe, expect, it } from 'vitest';
import { sliceLines } from '../../../../../webview/evaluation/model/slices';
import { sliceTable } from '../../../../../webview/evaluation/model/slice-table';
import { sampleEvaluation } from '../../../../support/evaluation-doc';

describe('the slice table for other programs', () => {
  const doc = sampleEvaluation();
  const table = (part: string | null = null) => sliceTable(sliceLines(doc, 'accuracy', part), { metric: 'accuracy', main: 'accuracy', split: part ?? '' });
  const record = (name: string, part: string | null = null): Record<string, unknown> => {
    const { header, rows } = table(part);
    const row = rows.find(([slice]) => slice === name) ?? [];
    return Object.fromEntries(header.map((key, at) => [key, row[at]]));
  };
  it('has as many cells in each record as names in the header, none twice', () => {
    const { header, rows } = table();
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => header.length));
    expect(new Set(header).size).toBe(header.length);
  });
  it('keeps every digit, the predicate, and both differences with their intervals', () => {
    expect(record('north')).toMatchObject({
      where: "region = 'north'", owner: 'ana', n: 100, accuracy: 0.8, accuracy_low: 0.71, accuracy_high: 0.87, accuracy_method: 'wilson',
      accuracy_against_rest: -0.12, accuracy_against_rest_low: -0.2, accuracy_against_rest_high: -0.04, accuracy_against_rest_p_holm: 0.002, accuracy_against_rest_word: 'worse',
      accuracy_against_baseline: -0.08, accuracy_against_baseline_word: 'worse', accuracy_harm: 12, outcome: 'fail',
    });
  });
  it('leaves empty what isn\u2019t there', () => {
    expect(record('empty')).toMatchObject({ n: 0, accuracy: null, accuracy_low: null, accuracy_against_rest: null, accuracy_harm: null });
    expect(record('all rows', 'spring')).toMatchObject({ split: 'spring', n: 200, accuracy: 0.9, accuracy_low: null });
  });
});
