import { expect, it } from 'vitest';
import { nextName, previousChoices } from '../../../../src/extension/panels/review-names';

it('the next version is called after the one before', () => {
  expect([nextName('data/holdout.csv', 'm'), nextName('data/holdout-v2.parquet', 'm'), nextName('holdout-v9', 'm'), nextName(null, 'car loan@production')]).toEqual(['data/holdout-v2.parquet', 'data/holdout-v3.parquet', 'holdout-v10.parquet', 'car-loan-reviewed.parquet']);
});

it('sets are the single files that models were evaluated on, each once, the newest evaluation first', () => {
  const one = (id: string, data: string, created: number) => ({ id, name: `of ${id}`, data, rows: 10, created });
  expect(previousChoices([one('1', 'a.csv', 1), one('2', 'b.csv', 2), one('3', 'a.csv', 3), one('4', 'a.csv, b.csv', 4), one('5', 'data/*.csv', 5)])).toEqual([
    { file: 'a.csv', evaluation: '3', names: ['of 3', 'of 1'], rows: 10 }, { file: 'b.csv', evaluation: '2', names: ['of 2'], rows: 10 },
  ]);
});
