// The bag of little bootstraps, and calibration errors by cells: what very many rows are resampled by.
import { describe, expect, test } from 'vitest';
import { bootstrapAll, type RowFigures } from '../../../../../src/core/evaluation/intervals/resampled';
import { calibrationCounts, calibrationFiguresToResample, confidenceCells } from '../../../../../src/core/evaluation/intervals/calibration-cells';
import { labelFiguresToResample } from '../../../../../src/core/evaluation/intervals/label-figures';
import { labelPair, labelPairFigures } from '../../../../../src/core/evaluation/intervals/label-pair';
import { littleInterval, littleParts, littleReplicates, poissonTable } from '../../../../../src/core/evaluation/intervals/little';
import { weightedSum } from '../../../../../src/core/evaluation/intervals/passes';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { binned, ece, mce, positiveConfidence } from '../../../../../src/core/evaluation/metrics/calibration';
import { confusion } from '../../../../../src/core/evaluation/metrics/confusion';
import { gaussian } from './worlds';

describe('subsets', () => {
  test('are disjoint, ascending, of rows that exist, and the same for the same seed', () => {
    const parts = littleParts(60_000, 1);
    expect(parts.map((part) => part.length)).toEqual(Array.from({ length: 10 }, () => 5000));
    expect(new Set(parts.flatMap((part) => [...part])).size).toBe(50_000);
    for (const part of parts) expect([...part]).toEqual([...part].sort((a, b) => a - b));
    expect(parts.flatMap((part) => [...part]).every((row) => row >= 0 && row < 60_000)).toBe(true);
    expect(littleParts(60_000, 1)).toEqual(parts);
    expect(littleParts(60_000, 2)).not.toEqual(parts);
  });

  test('of few rows are all of them, and of extremely many they grow', () => {
    expect(littleParts(30, 1)).toEqual([Int32Array.from({ length: 30 }, (_, row) => row)]);
    expect(littleParts(12_000, 1)).toHaveLength(2);
    expect(littleParts(10_000_000, 1, { subsets: 2 }).map((part) => part.length)).toEqual([20_000, 20_000]);
  });
});

test.each([0.5, 4, 200, 500])("weights have Poisson's mean and variance: %d", (mean) => {
  const table = poissonTable(mean);
  const average = table.reduce((sum, count) => sum + count, 0) / table.length;
  const variance = table.reduce((sum, count) => sum + (count - average) ** 2, 0) / table.length;
  expect(Math.abs(average - mean)).toBeLessThan(0.002 * mean + 0.001);
  expect(Math.abs(variance - mean)).toBeLessThan(0.02 * mean);
});

test('covers the root mean squared error of 10,000 rows in 93 to 97 of 100 worlds', () => {
  let held = 0;
  const worlds = 500;
  for (let world = 0; world < worlds; world++) {
    const next = random(77, world);
    const rows = 10_000;
    const squares = Float64Array.from({ length: rows }, () => gaussian(next) ** 2);
    const root = (values: Float64Array) => (weights: Uint16Array): number[] => [Math.sqrt(weightedSum(values, weights) / weights.reduce((sum, weight) => sum + weight, 0))];
    const subsets = littleParts(rows, world, { rows: 1000, subsets: 4 }).map((places, at) => {
      const figures: RowFigures = { names: ['rmse'], rows: places.length, statistic: root(Float64Array.from(places, (row) => squares[row] ?? NaN)) };
      return { own: figures.statistic(new Uint16Array(figures.rows).fill(1))[0] ?? null, values: littleReplicates(figures, { total: rows, seed: world, from: at * 100, to: (at + 1) * 100 })[0] ?? new Float64Array() };
    });
    const found = littleInterval(Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / rows), subsets);
    if (found && found.low <= 1 && 1 <= found.high) held++;
  }
  expect(held / worlds).toBeGreaterThan(0.93);
  expect(held / worlds).toBeLessThan(0.97);
}, 60_000);

test('an interval without an estimate, or of undefined figures only, is null', () => {
  expect(littleInterval(null, [])).toBeNull();
  expect(littleInterval(1, [{ own: null, values: new Float64Array(50) }, { own: 1, values: new Float64Array(50).fill(NaN) }])).toBeNull();
});

describe('calibration errors by cells', () => {
  const next = random(5);
  const rows = 4000;
  const scores = Float64Array.from({ length: rows }, (_, row) => (row < 30 ? (row % 11) / 10 : unit(next)));
  const truth = Int8Array.from(scores, (p) => (unit(next) < p * p ? 1 : 0));
  const confidence = positiveConfidence({ truth, scores, positive: 1 });

  test('are those of the rows', () => {
    const figures = calibrationFiguresToResample(calibrationCounts(confidenceCells(confidence, [10, 15]), null), 'pos', [10, 15]);
    const found = figures.statistic(figures.counts);
    const wanted = [10, 15].flatMap((bins) => {
      const sums = binned(confidence, bins);
      return sums ? [ece(sums), mce(sums)] : [];
    });
    expect(figures.names).toEqual(['ece_pos_10', 'mce_pos_10', 'ece_pos_15', 'mce_pos_15']);
    found.forEach((value, at) => expect(value).toBeCloseTo(wanted[at] ?? NaN, 12));
  });

  test('of some rows are those of these rows alone', () => {
    const places = Int32Array.from({ length: 500 }, (_, at) => at * 7);
    const alone = { probabilities: Float64Array.from(places, (row) => scores[row] ?? NaN), hits: Uint8Array.from(places, (row) => confidence.hits[row] ?? 0) };
    const some = calibrationFiguresToResample(calibrationCounts(confidenceCells(confidence, [10]), places), 'pos', [10]);
    const sums = binned(alone, 10);
    expect(some.statistic(some.counts)[0]).toBeCloseTo(sums ? (ece(sums) ?? NaN) : NaN, 12);
  });

  test('have intervals as wide as those by rows', () => {
    const cells = calibrationFiguresToResample(calibrationCounts(confidenceCells(confidence, [10]), null), 'pos', [10]);
    const byCells = bootstrapAll(cells, { seed: 1, count: 800 })['ece_pos_10'];
    const gap = { names: ['ece_pos_10'] as const, rows, statistic: (weights: Uint16Array) => {
      const sums = binned({ ...confidence, weights }, 10);
      return [sums && ece(sums)];
    } };
    const byRows = bootstrapAll(gap, { seed: 2, count: 800 })['ece_pos_10'];
    const ratio = ((byCells?.high ?? 0) - (byCells?.low ?? 0)) / ((byRows?.high ?? 1) - (byRows?.low ?? 0));
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.18);
  });
});

test("two models' labels by cells differ as their own figures do", () => {
  const next = random(9);
  const codes = () => Int32Array.from({ length: 300 }, () => Math.floor(unit(next) * 3));
  const [truth, baseline, candidate] = [codes(), codes(), codes()];
  // One label outside the classes on each side.
  baseline[5] = 3;
  candidate[8] = 3;
  const pair = labelPairFigures(labelPair({ truth, baseline, candidate, k: 3 }));
  const own = (predicted: Int32Array) => {
    const figures = labelFiguresToResample(confusion({ truth, predicted }, 3));
    return figures.statistic(figures.counts);
  };
  const before = own(baseline);
  const wanted = own(candidate).map((value, at) => (value ?? NaN) - (before[at] ?? NaN));
  pair.statistic(pair.counts).forEach((value, at) => expect(value).toBeCloseTo(wanted[at] ?? NaN, 12));
});
