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
  if (!weights) return middle(values);
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

/** Of few values by sorting; of many, only those beside the middle are sorted, found by a count over the leading bits of all. */
function middle(values: Float64Array): number | null {
  const rows = values.length;
  const [low, high] = [(rows - 1) >> 1, rows >> 1];
  const near = rows < 5000 ? { values: values.slice(), below: 0 } : between(values, low, high);
  if (near === null || near.values.some(Number.isNaN)) return null;
  near.values.sort();
  return ratio((near.values[low - near.below] ?? NaN) + (near.values[high - near.below] ?? NaN), 2);
}

/** The values that may have the ranks from low to high, and how many are smaller than all of these. Null where one is NaN. */
function between(values: Float64Array, low: number, high: number): { values: Float64Array; below: number } | null {
  const rows = values.length;
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * rows);
  const bucketOf = (row: number): number => {
    const top = words[2 * row + 1] ?? 0;
    return (top >>> 31 ? ~top : top | 0x80000000) >>> 16;
  };
  const counts = new Uint32Array(1 << 16);
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(values[row])) return null;
    const bucket = bucketOf(row);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  let first = 0;
  let below = 0;
  while (below + (counts[first] ?? 0) <= low) below += counts[first++] ?? 0;
  let last = first;
  let size = counts[first] ?? 0;
  while (below + size <= high) size += counts[++last] ?? 0;
  const found = new Float64Array(size);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    const bucket = bucketOf(row);
    if (bucket >= first && bucket <= last) found[at++] = values[row] ?? NaN;
  }
  return { values: found, below };
}
