import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelFiguresToResample } from '../../../../../src/core/evaluation/intervals/label-figures';
import { numberFiguresToResample } from '../../../../../src/core/evaluation/intervals/number-figures';
import { gaussian } from './worlds';
import { bootstrapAll, intervalsOf, joined, paired, replicatesOf, type RowFigures } from '../../../../../src/core/evaluation/intervals/resampled';
import { binaryFiguresToResample, multiclassFiguresToResample } from '../../../../../src/core/evaluation/intervals/score-figures';
import { deLong } from '../../../../../src/core/evaluation/intervals/delong';
import { classificationFigures, column } from '../../../../../src/core/evaluation/metrics/classification';
import { costCells } from '../../../../../src/core/evaluation/metrics/cost';
import { confusion } from '../../../../../src/core/evaluation/metrics/confusion';
import { cumulated } from '../../../../../src/core/evaluation/metrics/ranking';
import { regressionFigures } from '../../../../../src/core/evaluation/metrics/regression';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { near, refused } from '../support';

/** What a resample gives, by name; weights are by row. */
function drawn(figures: RowFigures | null, weights: readonly number[]): Record<string, number | null> {
  if (!figures) throw new Error('nothing to resample');
  const values = figures.statistic(Uint16Array.from(weights, (_, at) => weights[figures.order ? (figures.order[at] ?? 0) : at] ?? 0));
  return Object.fromEntries(figures.names.map((name, at) => [name, values[at] ?? null]));
}

function agree(found: Record<string, number | null>, wanted: object, tolerance = 1e-9): void {
  const known = Object.entries(found).filter(([name]) => name in wanted);
  expect(known.length).toBeGreaterThan(3);
  for (const [name, value] of known) near(value, (wanted as Record<string, number | null>)[name], tolerance);
}

const weightsOf = (rows: number) => fc.array(fc.nat(3), { minLength: rows, maxLength: rows });

describe('a resample has the figures of its rows', () => {
  test('of a confusion matrix, by cells', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(2), fc.integer({ min: -1, max: 2 })), { minLength: 1, maxLength: 40 }), (rows) => {
      const columns = { truth: Int32Array.from(rows, ([t]) => t), predicted: Int32Array.from(rows, ([, p]) => p) };
      const figures = labelFiguresToResample(confusion(columns, 3));
      const values = figures.statistic(figures.counts);
      const found = Object.fromEntries(figures.names.map((name, at) => [name, values[at] ?? null]));
      const wanted = classificationFigures(columns, { classes: ['a', 'b', 'c'] });
      agree(found, wanted);
      near(found['f1_class_1'], wanted.per_class['b']?.f1);
      // With costs of two classes what they cost a row, rows outside the classes among the rows.
      const two = { truth: columns.truth.map((t) => Math.min(1, t)), predicted: columns.predicted.map((p) => Math.min(1, p)) };
      const costly = labelFiguresToResample(confusion(two, 2), costCells({ tp: -1, fn: 10, fp: 3, tn: 0 }, 1));
      const price = (t: number, p: number): number => (t === 1 ? (p === 1 ? -1 : p === 0 ? 10 : 0) : p === 1 ? 3 : 0);
      near(costly.statistic(costly.counts)[costly.names.indexOf('cost')] ?? null, two.truth.reduce((sum, t, row) => sum + price(t, two.predicted[row] ?? 0), 0) / rows.length);
    }));
  });

  test('of binary probabilities', () => {
    // Many near a half, where the two classes are told apart.
    const rows = fc.array(fc.tuple(fc.nat(1), fc.oneof(fc.nat(40), fc.integer({ min: 19, max: 21 }))), { minLength: 1, maxLength: 40 });
    fc.assert(fc.property(rows.chain((all) => fc.tuple(fc.constant(all), weightsOf(all.length), fc.nat(1))), ([all, weights, positive]) => {
      const truth = Int8Array.from(all, ([y]) => y);
      const probabilities = Float64Array.from(all.flatMap(([, s]) => [1 - s / 40, s / 40]));
      const found = drawn(binaryFiguresToResample({ truth, scores: column(probabilities, 2, positive), positive }), weights);
      agree(found, classificationFigures({ truth, predicted: truth, probabilities, weights: Uint16Array.from(weights) }, { classes: ['a', 'b'], positive }));
    }));
  });

  test('of several classes\' probabilities', () => {
    const row = fc.tuple(fc.nat(2), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }));
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 30 }).chain((all) => fc.tuple(fc.constant(all), weightsOf(all.length))), ([all, weights]) => {
      const truth = Int8Array.from(all, ([y]) => y);
      const probabilities = Float64Array.from(all.flatMap(([, parts]) => parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0))));
      agree(drawn(multiclassFiguresToResample({ truth, probabilities, k: 3 }), weights), classificationFigures({ truth, predicted: truth, probabilities, weights: Uint16Array.from(weights) }, { classes: ['a', 'b', 'c'] }));
    }));
  });

  test('of numbers', () => {
    const value = fc.integer({ min: -40, max: 40 }).map((number) => number / 4);
    fc.assert(fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 }).chain((all) => fc.tuple(fc.constant(all), weightsOf(all.length))), ([all, weights]) => {
      const columns = { truth: Float64Array.from(all, ([y]) => y), predicted: Float64Array.from(all, ([, p]) => p) };
      agree(drawn(numberFiguresToResample(columns), weights), regressionFigures({ ...columns, weights: Uint16Array.from(weights) }), 1e-8);
    }));
  });

  test('a NaN leaves nothing to resample', () => {
    expect(binaryFiguresToResample({ truth: Int8Array.of(0, 1), scores: Float64Array.of(NaN, 1), positive: 1 })).toBeNull();
    expect(multiclassFiguresToResample({ truth: Int8Array.of(0), probabilities: Float64Array.of(NaN, 1), k: 2 })).toBeNull();
    expect(numberFiguresToResample({ truth: Float64Array.of(1), predicted: Float64Array.of(NaN) })).toBeNull();
  });
});

const next = random(12);
const truth = Int8Array.from({ length: 400 }, (_, row) => (row % 3 === 0 ? 1 : 0));
const scores = Float64Array.from(truth, (y) => Math.min(1, Math.max(0, 0.35 + 0.25 * y + 0.2 * gaussian(next))));
const figures = binaryFiguresToResample({ truth, scores, positive: 1 });

describe('the intervals', () => {
  test('are the same from one thread as from parts put together', () => {
    if (!figures) throw new Error('nothing to resample');
    const whole = bootstrapAll(figures, { seed: 3, count: 200 });
    const parts = [[0, 70], [70, 71], [71, 200]].map(([from, to = 0]) => replicatesOf(figures, { seed: 3, from, to }));
    expect(intervalsOf(figures, joined(parts))).toEqual(whole);
    expect(whole.pr_auc?.method).toBe('bca');
  });

  test('of the AUC is near to DeLong\'s', () => {
    if (!figures) throw new Error('nothing to resample');
    const curve = cumulated({ truth, scores, positive: 1 });
    const sure = curve && deLong(curve);
    const found = bootstrapAll(figures, { seed: 1, count: 2000 }).roc_auc;
    near(found?.low, sure?.interval[0], 0.01);
    near(found?.high, sure?.interval[1], 0.01);
  });

  test('of a perfect model\'s accuracy has no width and says how it was made; an undefined figure has none', () => {
    const found = bootstrapAll(labelFiguresToResample(confusion({ truth: new Int8Array(9), predicted: new Int8Array(9) }, 2)), { seed: 1, count: 50 });
    expect(found.accuracy).toMatchObject({ low: 1, high: 1 });
    expect(found.cohen_kappa).toBeNull();
  });

  test('of two models on the same rows is narrow where they err alike', () => {
    const shifted = binaryFiguresToResample({ truth, scores: scores.map((score) => Math.min(1, score + 0.01 * unit(next))), positive: 1 });
    if (!figures || !shifted) throw new Error('nothing to resample');
    const [alone, difference] = [bootstrapAll(figures, { seed: 2, count: 400 }), bootstrapAll(paired(figures, shifted), { seed: 2, count: 400 })];
    const width = (found: { low: number; high: number } | null) => (found ? found.high - found.low : NaN);
    expect(width(difference.pr_auc)).toBeLessThan(width(alone.pr_auc) / 4);
    expect(bootstrapAll(paired(figures, figures), { seed: 2, count: 50 }).brier).toMatchObject({ low: 0, high: 0 });
    refused(() => paired(figures, { ...figures, rows: 3 }), /400 rows and the candidate 3/);
  });
});
