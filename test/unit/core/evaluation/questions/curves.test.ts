import { expect, test } from 'vitest';
import { curvesOf, histogramOf } from '../../../../../src/core/evaluation/questions/curves';
import { partOf, type Part } from '../../../../../src/core/evaluation/run/part';
import { prepare } from '../../../../../src/core/evaluation/run/prepared';
import { usableRows, type Scored } from '../../../../../src/core/evaluation/run/scored';

const rows = Int32Array.from({ length: 4 }, (_, row) => row);

function binary(probabilities: number[], truth: number[], ranking = false): Part {
  const scores = Float64Array.from(probabilities);
  const scored: Scored = {
    rows: truth.length, task: ranking ? 'ranking' : 'binary', classes: ['no', 'yes'], positive: 1, ids: [], truth: Int32Array.from(truth), truthNumbers: null, unlabelled: new Map(), baseline: null, split: null, slices: [],
    model: { predicted: null, numbers: null, probabilities: ranking ? null : Float64Array.from(probabilities.flatMap((p) => [1 - p, p])), scores: ranking ? scores : null, unscored: new Map() },
  };
  return partOf(prepare(scored, scored.model, usableRows(scored, false)), null, null);
}

test('a histogram counts each value once, the largest in the last bin, and marks what it is told', () => {
  const found = histogramOf(Float64Array.of(0, 0.5, 1, NaN), rows, { unit: true, marked: (row) => row === 1 });
  expect(found?.edges).toHaveLength(31);
  expect([found?.edges[0], found?.edges[30]]).toEqual([0, 1]);
  expect(found?.counts.flatMap((count, bin) => (count ? [[bin, count]] : []))).toEqual([[0, 1], [15, 1], [29, 1]]);
  expect(found?.marked?.indexOf(1)).toBe(15);
});

test('edges are those of all values, whichever are counted', () => {
  const all = Float64Array.of(-3, 0, 1, 7);
  expect(histogramOf(all, Int32Array.of(1, 2))?.edges).toEqual(histogramOf(all, rows)?.edges);
  expect(histogramOf(Float64Array.of(2, 2, 2, 2), rows)?.edges[0]).toBe(1.5);
  expect(histogramOf(Float64Array.of(NaN), Int32Array.of(0))).toBeNull();
});

test('curves of a score go from no row called positive to all of them', () => {
  const { roc, pr, calibration, sweep } = curvesOf(binary([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0]), undefined);
  expect(roc).toEqual({ fpr: [0, 0, 0.5, 0.5, 1], tpr: [0, 0.5, 0.5, 1, 1] });
  expect(pr?.recall).toEqual([0, 0.5, 0.5, 1, 1]);
  expect(pr?.precision[0]).toBe(1);
  expect(calibration?.count.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(sweep?.threshold).toHaveLength(101);
  expect([sweep?.threshold[0], sweep?.recall[0], sweep?.threshold[100], sweep?.recall[100], sweep?.precision[100]]).toEqual([0, 1, 1, 0, null]);
  expect(sweep?.threshold.indexOf(0.5)).toBe(50);
  expect([sweep?.precision[50], sweep?.recall[50], sweep?.cost[50]]).toEqual([0.5, 0.5, 0.5]);
});

test('a sweep is told in the costs that were given', () => {
  const { sweep } = curvesOf(binary([0.9, 0.8, 0.3, 0.1], [1, 0, 1, 0]), { tp: -10, fp: 2, fn: 5, tn: 0 });
  expect(sweep?.cost[50]).toBe((-10 + 2 + 5) / 4);
});

test('a ranking is swept at its own scores and has no calibration; one class has no ROC', () => {
  const { calibration, sweep } = curvesOf(binary([12, 7, 3, -4], [1, 0, 1, 0], true), undefined);
  expect(calibration).toBeNull();
  expect([sweep?.threshold[0], sweep?.threshold.at(-1)]).toEqual([-4, 12]);
  expect(curvesOf(binary([0.9, 0.8], [1, 1]), undefined)).toMatchObject({ roc: null, pr: null });
});
