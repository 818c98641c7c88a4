/** Errors of a regression by their size, in the unit of the label. */
import { ratio, sameLength, totalWeight, type Reals, type Weights } from './columns';

export interface NumberColumns { truth: Reals; predicted: Reals; weights?: Weights | undefined }

/** |predicted - true| by row; NaN where either is. */
export function absoluteErrors({ truth, predicted }: NumberColumns): Float64Array {
  sameLength(truth.length, { predicted });
  const errors = new Float64Array(truth.length);
  for (let row = 0; row < errors.length; row++) errors[row] = Math.abs((predicted[row] ?? NaN) - (truth[row] ?? NaN));
  return errors;
}

/** Σ w x / Σ w: the mean absolute error, of absolute errors. Rows of weight 0 don't count. Null without rows or where one is NaN. */
export function mean(values: Float64Array, weights?: Weights): number | null {
  const total = totalWeight(values.length, weights);
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight !== 0) sum += weight * (values[row] ?? NaN);
  }
  return ratio(sum, total);
}

export const mae = (columns: NumberColumns): number | null => mean(absoluteErrors(columns), columns.weights);

/** The largest absolute error of a row that has weight. Null without rows or where one is NaN. */
export function maxError(errors: Float64Array, weights?: Weights): number | null {
  let most: number | null = null;
  for (let row = 0; row < errors.length; row++) {
    if (weights && weights[row] === 0) continue;
    const error = errors[row] ?? NaN;
    if (!Number.isFinite(error)) return null;
    if (most === null || error > most) most = error;
  }
  return most;
}

/**
 * The median of values, so the median absolute error of absolute errors. Weighted: the value at which half the weight lies below;
 * where exactly half does, the mean of the two beside it, so that weights of 1 give the plain median.
 * Null without rows or where one is NaN.
 */
export function median(values: Float64Array, weights?: Weights): number | null {
  const total = totalWeight(values.length, weights);
  if (!(total > 0)) return null;
  if (!weights) return middle(Float64Array.from(values).sort());
  const rows = Uint32Array.from(values.keys()).filter((row) => (weights[row] ?? 0) > 0);
  rows.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  let below = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    if (!Number.isFinite(values[row])) return null;
    below += weights[row] ?? 0;
    const value = values[row] ?? NaN;
    if (below * 2 > total) return values.some((other, index) => Number.isNaN(other) && (weights[index] ?? 0) > 0) ? null : value;
    if (below * 2 === total) return ratio(value + (values[rows[at + 1] ?? row] ?? NaN), 2);
  }
  return null;
}

/** Of sorted values: NaN sorts last, so the last tells of any. */
function middle(sorted: Float64Array): number | null {
  const half = sorted.length >> 1;
  if (Number.isNaN(sorted[sorted.length - 1])) return null;
  return sorted.length % 2 === 1 ? ratio(sorted[half] ?? NaN, 1) : ratio((sorted[half - 1] ?? NaN) + (sorted[half] ?? NaN), 2);
}
