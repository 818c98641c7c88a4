/** Intervals of means of values by row: Student's and Welch's. */
import { describe, welch } from '../../comparison/means';
import { usualConfidence, type Bounds, type Difference } from './interval';
import { upperPoint, studentTail } from '../../comparison/student';

/**
 * mean ± t(n - 1) s / √n (Student 1908). Null below two rows or where a value isn't finite; without any spread both limits are the mean.
 */
export function meanBounds(values: Float64Array, confidence = usualConfidence): Bounds | null {
  const n = values.length;
  if (n < 2) return null;
  let sum = 0;
  for (let row = 0; row < n; row++) sum += values[row] ?? NaN;
  const mean = sum / n;
  let squares = 0;
  for (let row = 0; row < n; row++) {
    const gap = (values[row] ?? NaN) - mean;
    squares += gap * gap;
  }
  const half = upperPoint((1 - confidence) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return Number.isFinite(half) ? [mean - half, mean + half] : null;
}

/** The names are those of reference files. */
export interface ErrorAgainstRest { n_rest: number; mae_rest: number; mae_diff: number; welch95: Bounds; welch_p: number }

/** A slice's mean absolute error against all other rows', by Welch's t (Welch 1947). Null below two rows on a side, without any spread, or with a NaN. */
export function errorAgainstRest(slice: Float64Array, rest: Float64Array): ErrorAgainstRest | null {
  const [one, other] = [describe(slice), describe(rest)];
  if (one.excluded > 0 || other.excluded > 0) return null;
  const found = welch(other, one, usualConfidence);
  return found && { n_rest: other.n, mae_rest: other.mean, mae_diff: found.difference, welch95: [found.low, found.high], welch_p: found.p };
}

/**
 * The mean of differences by row, such as |candidate's error| - |baseline's error|, with the paired t interval and its two-sided p.
 * Null without rows or where a value isn't finite; interval and p are null below two rows. Without any spread the interval is
 * the difference alone, and p is 1 for no difference, else 0.
 */
export function pairedMean(differences: Float64Array, confidence = usualConfidence): Difference | null {
  const { n, mean, sd, excluded } = describe(differences);
  if (n === 0 || excluded > 0) return null;
  if (n < 2) return { difference: mean, interval: null, p: null };
  if (sd === 0) return { difference: mean, interval: [mean, mean], p: mean === 0 ? 1 : 0 };
  const error = sd / Math.sqrt(n);
  const half = upperPoint((1 - confidence) / 2, n - 1) * error;
  return { difference: mean, interval: [mean - half, mean + half], p: Math.min(1, 2 * studentTail(Math.abs(mean / error), n - 1)) };
}
