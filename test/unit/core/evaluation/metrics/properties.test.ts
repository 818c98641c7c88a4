// What must hold whatever the data: order, weights, bounds, and parts that make up the whole.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classificationFigures, type ClassificationColumns, type ClassificationFigures } from '../../../../../src/core/evaluation/metrics/classification';
import type { NumberColumns } from '../../../../../src/core/evaluation/metrics/absolute-error';
import { quantileLoss } from '../../../../../src/core/evaluation/metrics/quantile-loss';
import { regressionFigures } from '../../../../../src/core/evaluation/metrics/regression';
import { residualHistogram } from '../../../../../src/core/evaluation/metrics/residuals';
import { cumulated } from '../../../../../src/core/evaluation/metrics/ranking';
import { thresholdSweep } from '../../../../../src/core/evaluation/metrics/thresholds';
import { near, ones } from '../support';

interface Row { truth: number; predicted: number; probabilities: number[] }

/** Few distinct probabilities, so that ties are common. */
const rowsOf = (k: number) => fc.array(fc.record({
  truth: fc.nat(k - 1), predicted: fc.nat(k - 1),
  probabilities: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: k, maxLength: k }).map((parts) => {
    const sum = parts.reduce((total, part) => total + part, 0);
    return parts.map((part) => (sum === 0 ? 1 / k : part / sum));
  }),
}), { minLength: 1, maxLength: 60 });

const columnsOf = (rows: readonly Row[]): ClassificationColumns => ({
  truth: Int32Array.from(rows, (row) => row.truth), predicted: Int32Array.from(rows, (row) => row.predicted), probabilities: Float64Array.from(rows.flatMap((row) => row.probabilities)),
});

const settings = [{ k: 2, setting: { classes: ['a', 'b'], positive: 1, curves: true } }, { k: 4, setting: { classes: ['a', 'b', 'c', 'd'], curves: true } }];

/** Every number of a record by its path. */
function flat(value: unknown, path = ''): [string, number | null][] {
  if (value === null || typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object') return [];
  return Object.entries(value as object).flatMap(([name, inner]) => flat(inner, `${path}/${name}`));
}

/** Intervals that take rows for draws have no place where rows are weighted. */
const comparable = (figures: object): [string, number | null][] => flat(figures).filter(([path]) => !/wilson95|delong|t95/.test(path));

function same(found: object, wanted: object): void {
  const [one, other] = [comparable(found), comparable(wanted)];
  expect(one.map(([path]) => path)).toEqual(other.map(([path]) => path));
  one.forEach(([, value], at) => near(value, other[at]?.[1], 1e-9));
}

describe.each(settings)('classification with $k classes', ({ k, setting }) => {
  test('the order of rows does not matter', () => {
    fc.assert(fc.property(rowsOf(k).chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))), ([rows, shuffled]) => {
      same(classificationFigures(columnsOf(shuffled), setting), classificationFigures(columnsOf(rows), setting));
    }));
  });

  test('weights of 1 change nothing, and a weight of 2 is the row twice', () => {
    fc.assert(fc.property(rowsOf(k), fc.infiniteStream(fc.integer({ min: 0, max: 3 })), (rows, stream) => {
      const plain = classificationFigures(columnsOf(rows), setting);
      same(classificationFigures({ ...columnsOf(rows), weights: ones(rows.length) }, setting), plain);
      const counts = [...stream.take(rows.length)];
      const repeated = rows.flatMap((row, at) => Array.from({ length: counts[at] ?? 0 }, () => row));
      const weighted = classificationFigures({ ...columnsOf(rows), weights: Float64Array.from(counts) }, setting);
      same({ ...weighted, n: 0 }, { ...classificationFigures(columnsOf(repeated), setting), n: 0 });
    }));
  });

  test('bounds hold', () => {
    fc.assert(fc.property(rowsOf(k), (rows) => {
      const found = classificationFigures(columnsOf(rows), setting);
      const within = (names: readonly (keyof ClassificationFigures)[], low: number, high: number): void => {
        for (const name of names) {
          const value = found[name];
          if (typeof value !== 'number') continue;
          expect(value, name).toBeGreaterThanOrEqual(low);
          expect(value, name).toBeLessThanOrEqual(high);
        }
      };
      within(['accuracy', 'balanced_accuracy', 'precision_macro', 'recall_macro', 'f1_macro', 'f1_weighted', 'f1_micro', 'roc_auc', 'pr_auc', 'pr_auc_trapezoid', 'roc_auc_ovr_macro', 'roc_auc_ovo_macro', 'ece_top_10', 'mce_top_10', 'ece_pos_10'], 0, 1 + 1e-12);
      within(['mcc', 'cohen_kappa'], -1, 1);
      within(['brier'], 0, k === 2 ? 1 : 2);
      within(['log_loss'], 0, 53 * Math.LN2);
      const [low = 0, high = 0] = found.accuracy_wilson95 ?? [];
      expect(low).toBeLessThanOrEqual(found.accuracy ?? NaN);
      expect(high).toBeGreaterThanOrEqual(found.accuracy ?? NaN);
      expect(found.mce_top_10 ?? NaN).toBeGreaterThanOrEqual((found.ece_top_10 ?? NaN) - 1e-12);
      near(found.f1_micro, found.accuracy);
    }));
  });

  test('a part and its complement add up to the whole', () => {
    fc.assert(fc.property(rowsOf(k), fc.infiniteStream(fc.boolean()), (rows, stream) => {
      const inside = [...stream.take(rows.length)];
      const whole = classificationFigures(columnsOf(rows), setting);
      const parts = [true, false].map((side) => classificationFigures(columnsOf(rows.filter((_, at) => inside[at] === side)), setting));
      expect(parts.reduce((sum, part) => sum + part.n, 0)).toBe(whole.n);
      expect(whole.confusion_matrix.map((row, t) => row.map((_, p) => parts.reduce((sum, part) => sum + (part.confusion_matrix[t]?.[p] ?? 0), 0)))).toEqual(whole.confusion_matrix);
      for (const name of ['accuracy', 'log_loss', 'brier'] as const) near(parts.reduce((sum, part) => sum + (part[name] ?? 0) * part.n, 0) / whole.n, whole[name]);
    }));
  });
});

describe('a score turned round', () => {
  test('turns the AUC round: a and 1 - a', () => {
    fc.assert(fc.property(rowsOf(2), (rows) => {
      const auc = (sign: number) => classificationFigures({ ...columnsOf(rows), probabilities: undefined, scores: Float64Array.from(rows, (row) => sign * (row.probabilities[1] ?? 0)) }, { classes: ['a', 'b'], positive: 1 }).roc_auc;
      const [up, down] = [auc(1), auc(-1)];
      near(up, down == null ? null : 1 - down);
    }));
  });

  test('at every threshold the four outcomes are all rows', () => {
    fc.assert(fc.property(rowsOf(2), (rows) => {
      const curve = cumulated({ truth: Int32Array.from(rows, (row) => row.truth), scores: Float64Array.from(rows, (row) => row.probabilities[1] ?? 0), positive: 1 });
      if (!curve) throw new Error('no curve');
      const sweep = thresholdSweep(curve);
      sweep.threshold.forEach((_, at) => expect((sweep.tp[at] ?? 0) + (sweep.fp[at] ?? 0) + (sweep.fn[at] ?? 0) + (sweep.tn[at] ?? 0)).toBe(rows.length));
    }));
  });
});

describe('regression', () => {
  const value = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((number) => Math.round(number * 1e6) / 1e6));
  const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 });
  const columns = (rows: readonly (readonly [number, number])[]): NumberColumns => ({ truth: Float64Array.from(rows, ([y]) => y), predicted: Float64Array.from(rows, ([, p]) => p) });
  // Where the label's spread is next to nothing its share of errors has no digits left.
  const steady = (rows: readonly (readonly [number, number])[]) => {
    const { r2, explained_variance, ...found } = regressionFigures(columns(rows));
    return Math.abs(r2 ?? 0) < 1e6 ? { ...found, r2, explained_variance } : found;
  };

  test('the order of rows does not matter', () => {
    fc.assert(fc.property(pairs.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))), ([rows, shuffled]) => same(steady(shuffled), steady(rows))));
  });

  test('weights of 1 change nothing', () => {
    fc.assert(fc.property(pairs, (rows) => {
      same(regressionFigures({ ...columns(rows), weights: ones(rows.length) }), regressionFigures(columns(rows)));
      near(quantileLoss({ ...columns(rows), weights: ones(rows.length) }, 0.3), quantileLoss(columns(rows), 0.3));
    }));
  });

  test('bounds hold', () => {
    fc.assert(fc.property(pairs, (rows) => {
      const found = regressionFigures(columns(rows));
      const at = (name: 'mae' | 'rmse' | 'median_ae' | 'max_error' | 'bias' | 'smape'): number => found[name] ?? NaN;
      expect(at('mae')).toBeGreaterThanOrEqual(0);
      expect(at('rmse')).toBeGreaterThanOrEqual(at('mae') * (1 - 1e-12));
      expect(at('max_error')).toBeGreaterThanOrEqual(at('rmse') * (1 - 1e-12));
      expect(at('max_error')).toBeGreaterThanOrEqual(at('median_ae'));
      expect(Math.abs(at('bias'))).toBeLessThanOrEqual(at('mae') * (1 + 1e-12));
      expect(at('smape')).toBeLessThanOrEqual(2 + 1e-12);
      expect(found.r2 ?? 0).toBeLessThanOrEqual(1);
      near(quantileLoss(columns(rows), 0.5), at('mae') / 2);
    }));
  });

  test('a part and its complement add up to the whole, in means and in the histogram', () => {
    fc.assert(fc.property(pairs, fc.infiniteStream(fc.boolean()), (rows, stream) => {
      const inside = [...stream.take(rows.length)];
      const whole = regressionFigures(columns(rows));
      const halves = [true, false].map((side) => rows.filter((_, at) => inside[at] === side));
      for (const name of ['mae', 'mse', 'bias', 'smape'] as const) near(halves.reduce((sum, half) => sum + (regressionFigures(columns(half))[name] ?? 0) * half.length, 0) / rows.length, whole[name], 1e-9);
      const all = residualHistogram(columns(rows), 8, [-2000, 2000]);
      const parts = halves.map((half) => residualHistogram(columns(half), 8, [-2000, 2000]));
      expect(Array.from(all.counts)).toEqual(Array.from(all.counts, (_, bin) => parts.reduce((sum, part) => sum + (part.counts[bin] ?? 0), 0)));
    }));
  });
});
