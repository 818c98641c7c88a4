import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absoluteErrors, mae, maxError, median } from '../../../../../src/core/evaluation/metrics/absolute-error';
import { percentageErrors } from '../../../../../src/core/evaluation/metrics/percentage-error';
import { quantileLoss } from '../../../../../src/core/evaluation/metrics/quantile-loss';
import { regressionFigures } from '../../../../../src/core/evaluation/metrics/regression';
import { residualHistogram } from '../../../../../src/core/evaluation/metrics/residuals';
import figures from '../../../../fixtures/evaluation.json';
import { allNear, near, refused } from '../support';

const columns = (truth: number[], predicted: number[], weights?: number[]) => ({ truth: Float64Array.from(truth), predicted: Float64Array.from(predicted), weights: weights && Float64Array.from(weights) });

describe.each(figures.regression.map((set, at) => ({ at, set })))("metrics of numbers agree with scikit-learn's, set $at", ({ set }) => {
  test.each(['plain', 'weighted'] as const)('%s', (kind) => {
    const { pinball, ...wanted } = set[kind];
    const input = columns(set.truth, set.predicted, kind === 'weighted' ? set.weights : undefined);
    const found = regressionFigures(input);
    for (const [name, value] of Object.entries(wanted) as [keyof typeof wanted, number][]) near(found[name], value, 1e-9);
    for (const [q, value] of Object.entries(pinball)) near(quantileLoss(input, Number(q)), value);
  });

  test('the t interval and the histogram are those of SciPy and NumPy', () => {
    const input = columns(set.truth, set.predicted);
    allNear(regressionFigures(input).mae_t95, set.mae_t95);
    const { counts, edges, excluded } = residualHistogram(input, 7);
    expect(Array.from(counts)).toEqual(set.histogram.counts);
    allNear(edges, set.histogram.edges);
    expect(excluded).toBe(0);
  });
});

describe('at the edges', () => {
  test('no rows: everything is undefined, nothing is 0', () => {
    expect(regressionFigures(columns([], []))).toEqual({
      n: 0, mae: null, mae_t95: null, mse: null, rmse: null, r2: null, explained_variance: null, mape_sklearn: null, mape_nonzero: null, n_zero_true: 0, smape: null, median_ae: null, max_error: null, bias: null,
    });
  });

  test('one row, or a constant label: errors, but no R² and no explained variance', () => {
    expect(regressionFigures(columns([3], [5]))).toMatchObject({ n: 1, mae: 2, mae_t95: null, rmse: 2, bias: 2, r2: null, explained_variance: null, median_ae: 2 });
    expect(regressionFigures(columns([0.1, 0.1, 0.1], [0, 1, 2]))).toMatchObject({ r2: null, explained_variance: null });
  });

  test('a NaN makes a figure undefined', () => {
    const found = regressionFigures(columns([1, 2, 3], [1, NaN, 3]));
    expect(Object.entries(found).filter(([name, value]) => value !== null && !['n', 'n_zero_true'].includes(name))).toEqual([]);
  });

  test('a label of 0 is counted, huge in one figure and left out of the other', () => {
    const found = percentageErrors(columns([0, 2, 0], [1, 3, 0]));
    expect(found).toMatchObject({ n_zero_true: 2, mape_nonzero: 0.5, smape: (2 + 0.4 + 0) / 3 });
    expect(found.mape_sklearn).toBeGreaterThan(1e15);
    expect(percentageErrors(columns([0], [1])).mape_nonzero).toBeNull();
  });

  test('the weighted median is the middle of the weight, between two where it falls there', () => {
    expect(median(Float64Array.of(5, 1, 3), Float64Array.of(1, 1, 1))).toBe(3);
    expect(median(Float64Array.of(5, 1, 3, 9), Float64Array.of(1, 1, 1, 1))).toBe(4);
    expect(median(Float64Array.of(5, 1, 3), Float64Array.of(9, 1, 1))).toBe(5);
    expect(median(Float64Array.of(5, NaN, 3), Float64Array.of(1, 0, 0))).toBe(5);
    expect(median(Float64Array.of(5, 1), Float64Array.of(0, 0))).toBeNull();
  });

  test('the median of many rows is that of all of them sorted, whatever their sizes and ties', () => {
    const value = fc.oneof(fc.constantFrom(-1, 0, 0, 1, 1.5), fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.double({ min: 1, max: 1.001, noNaN: true }));
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), fc.constantFrom(5000, 5001, 6007), (few, rows) => {
      const values = Float64Array.from({ length: rows }, (_, row) => few[(row * 7919) % few.length] ?? 0);
      const sorted = values.slice().sort();
      expect(median(values)).toBe(((sorted[(rows - 1) >> 1] ?? NaN) + (sorted[rows >> 1] ?? NaN)) / 2);
      values[rows - 3] = NaN;
      expect(median(values)).toBeNull();
    }));
    const spread = Float64Array.from({ length: 8000 }, (_, row) => ((row * 7919) % 8009) / 8009 - 0.3);
    const sorted = spread.slice().sort();
    expect(median(spread)).toBe(((sorted[3999] ?? NaN) + (sorted[4000] ?? NaN)) / 2);
    // The two middle ones far apart, in the first half and the second.
    expect(median(Float64Array.from({ length: 6000 }, (_, row) => (row % 2 ? 1000 : -3)))).toBe(498.5);
  });

  test('a bin of the histogram holds what lies from its lower edge up to below its upper one', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 13 }), (tenths, bins) => {
      const residuals = tenths.map((tenth) => tenth / 10);
      const { counts, edges } = residualHistogram(columns(residuals.map(() => 0), residuals), bins);
      counts.forEach((count, bin) => {
        const [low = NaN, high = NaN] = edges.subarray(bin, bin + 2);
        expect(count).toBe(residuals.filter((residual) => residual >= low && (residual < high || (bin === bins - 1 && residual === high))).length);
      });
    }));
  });

  test('the largest error knows only rows with weight', () => {
    const input = columns([0, 0], [9, 1]);
    expect(maxError(absoluteErrors(input))).toBe(9);
    expect(maxError(absoluteErrors(input), Float64Array.of(0, 1))).toBe(1);
    expect(mae({ ...input, weights: Float64Array.of(0, 0) })).toBeNull();
  });

  test('a quantile level outside 0 to 1 is refused', () => refused(() => quantileLoss(columns([1], [1]), 1.1), /1\.1/));

  test('a histogram: all residuals alike, none at all, and a range given', () => {
    expect(residualHistogram(columns([1, 2], [2, 3]), 2)).toEqual({ edges: Float64Array.of(0.5, 1, 1.5), counts: Float64Array.of(0, 2), excluded: 0 });
    expect(residualHistogram(columns([1], [NaN]), 2)).toEqual({ edges: new Float64Array(), counts: new Float64Array(), excluded: 1 });
    expect(residualHistogram(columns([0, 0, 0], [1, 5, NaN]), 2, [0, 2])).toEqual({ edges: Float64Array.of(0, 1, 2), counts: Float64Array.of(0, 1), excluded: 2 });
  });
});
