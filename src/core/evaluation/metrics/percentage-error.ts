/** Errors of a regression against the size of the label, as fractions: 0.1 is 10 %. */
import { ratio, sameLength, totalWeight } from './columns';
import type { NumberColumns } from './absolute-error';

export interface PercentageErrors { mape_sklearn: number | null; mape_nonzero: number | null; n_zero_true: number; smape: number | null }

/**
 * `mape_sklearn` = mean |e| / max(|y|, 2⁻⁵²), astronomically large where a label is 0 (scikit-learn's); `mape_nonzero` leaves the rows with
 * label 0 out, and `n_zero_true` counts them; `smape` = mean 2|e| / (|y| + |predicted|), from 0 to 2, a row with both 0 adding 0
 * (Makridakis 1993). Null without rows (for `mape_nonzero`: without a label other than 0) or where a value is NaN.
 */
export function percentageErrors({ truth, predicted, weights }: NumberColumns): PercentageErrors {
  const rows = truth.length;
  sameLength(rows, { predicted });
  const total = totalWeight(rows, weights);
  let [all, nonzero, counted, symmetric, zeros] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const y = truth[row] ?? NaN;
    const p = predicted[row] ?? NaN;
    const error = Math.abs(p - y);
    const size = Math.abs(y);
    all += (weight * error) / (size < Number.EPSILON ? Number.EPSILON : size);
    if (y === 0) zeros++;
    else {
      nonzero += (weight * error) / size;
      counted += weight;
    }
    const both = size + Math.abs(p);
    if (both !== 0) symmetric += (2 * weight * error) / both;
  }
  return { mape_sklearn: ratio(all, total), mape_nonzero: ratio(nonzero, counted), n_zero_true: zeros, smape: ratio(symmetric, total) };
}
