/** Errors of a regression by their squares, and how much of the label's spread is explained. */
import { ratio, sameLength, totalWeight } from './columns';
import type { NumberColumns } from './absolute-error';

export interface SquaredErrorMetrics {
  mse: number | null; rmse: number | null;
  /** Mean of predicted - true: above 0 where the model says too much. */
  bias: number | null;
  r2: number | null; explained_variance: number | null;
}

/**
 * mse = mean e², rmse its root, bias = mean e with e = predicted - true; R² = 1 - Σ e² / Σ (y - mean y)², explained variance
 * = 1 - Σ (e - mean e)² / Σ (y - mean y)² (scikit-learn's `r2_score`, `explained_variance_score`). Two passes, as one would cancel.
 * Edge cases: both are null where the label is constant or there is one row; all null without rows or where a value is NaN.
 */
export function squaredErrorMetrics({ truth, predicted, weights }: NumberColumns): SquaredErrorMetrics {
  const rows = truth.length;
  sameLength(rows, { predicted });
  const total = totalWeight(rows, weights);
  let [errors, squares, labels] = [0, 0, 0];
  let first = NaN;
  let constant = true;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const y = truth[row] ?? NaN;
    const error = (predicted[row] ?? NaN) - y;
    if (Number.isNaN(first)) first = y;
    else if (y !== first) constant = false;
    errors += weight * error;
    squares += weight * error * error;
    labels += weight * y;
  }
  const [bias, mse, level] = [ratio(errors, total), ratio(squares, total), labels / total];
  const found = { mse, rmse: mse === null ? null : Math.sqrt(mse), bias, r2: null, explained_variance: null };
  if (constant || bias === null || mse === null) return found;
  let [spread, around] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const y = truth[row] ?? NaN;
    const error = (predicted[row] ?? NaN) - y - bias;
    spread += weight * (y - level) * (y - level);
    around += weight * error * error;
  }
  const left = (part: number): number | null => {
    const share = ratio(part, spread);
    return share === null ? null : 1 - share;
  };
  return { ...found, r2: left(squares), explained_variance: left(around) };
}
