import { RunyardError } from '../../base/errors';
import { ratio, sameLength, totalWeight } from './columns';
import type { NumberColumns } from './absolute-error';

/**
 * Quantile (pinball) loss at level q: mean of q (y - p) where y is above the prediction p, else (1 - q) (p - y) (Koenker & Bassett 1978;
 * scikit-learn's `mean_pinball_loss`). At 1/2 it is half the mean absolute error.
 * Edge cases: null without rows or where a value is NaN; a level outside [0, 1] is refused (`bad_input`).
 */
export function quantileLoss({ truth, predicted, weights }: NumberColumns, q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new RunyardError('bad_input', `the quantile level is ${q}`, 'Give a level from 0 to 1.');
  const rows = truth.length;
  sameLength(rows, { predicted });
  const total = totalWeight(rows, weights);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const gap = (truth[row] ?? NaN) - (predicted[row] ?? NaN);
    sum += weight * (gap > 0 ? q * gap : (q - 1) * gap);
  }
  return ratio(sum, total);
}
