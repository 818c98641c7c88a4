import { describe, expect, test } from 'vitest';
import { cumulated } from '../../../../../src/core/evaluation/metrics/ranking';
import { thresholdSweep } from '../../../../../src/core/evaluation/metrics/thresholds';
import { refused } from '../support';

const curve = (truth: number[], scores: number[]) => {
  const found = cumulated({ truth: Int8Array.from(truth), scores: Float64Array.from(scores), positive: 1 });
  if (!found) throw new Error('no curve');
  return found;
};
const sample = curve([1, 1, 0, 1, 0, 0], [0.9, 0.8, 0.7, 0.6, 0.5, 0.5]);

describe('a threshold sweep', () => {
  test('tells what each threshold would do, from nobody to everybody', () => {
    const sweep = thresholdSweep(sample);
    expect(Array.from(sweep.threshold)).toEqual([Infinity, 0.9, 0.8, 0.7, 0.6, 0.5]);
    expect(Array.from(sweep.tp)).toEqual([0, 1, 2, 2, 3, 3]);
    expect(Array.from(sweep.fp)).toEqual([0, 0, 0, 1, 1, 3]);
    expect(Array.from(sweep.fn)).toEqual([3, 2, 1, 1, 0, 0]);
    expect(Array.from(sweep.tn)).toEqual([3, 3, 3, 2, 2, 0]);
    expect(Array.from(sweep.cost)).toEqual([3, 2, 1, 2, 1, 3].map((errors) => errors / 6));
    expect(sweep.precision[0]).toBeNaN();
    expect([sweep.precision[4], sweep.recall[4], sweep.specificity[4], sweep.f1[4]]).toEqual([3 / 4, 1, 2 / 3, 6 / 7]);
  });

  test('of equal costs the highest threshold is best, and a dear miss moves it down', () => {
    expect(thresholdSweep(sample).best).toBe(2);
    expect(thresholdSweep(sample, { cost: { tp: 0, fp: 1, fn: 10, tn: 0 } }).best).toBe(4);
    expect(thresholdSweep(sample, { cost: { tp: -1, fp: 100, fn: 0, tn: 0 } }).best).toBe(2);
  });

  test('thresholds of one\'s own need no score at them: at or above is positive', () => {
    const sweep = thresholdSweep(sample, { at: [0.55, 0.8, 0.55, 2] });
    expect(Array.from(sweep.threshold)).toEqual([Infinity, 2, 0.8, 0.55]);
    expect(Array.from(sweep.tp)).toEqual([0, 0, 2, 3]);
    expect(Array.from(sweep.fp)).toEqual([0, 0, 0, 1]);
  });

  test('one class only has no recall; without rows there is no best', () => {
    const sweep = thresholdSweep(curve([0, 0], [0.1, 0.2]));
    expect(sweep.recall.every(Number.isNaN)).toBe(true);
    expect(sweep.best).toBe(0);
    expect(thresholdSweep(curve([], [])).best).toBe(-1);
  });

  test('what is not a number is refused', () => {
    refused(() => thresholdSweep(sample, { at: [NaN] }), /threshold/);
    refused(() => thresholdSweep(sample, { cost: { tp: 0, fp: NaN, fn: 1, tn: 0 } }), /cost matrix/);
  });
});
