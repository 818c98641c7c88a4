import { ratio, sameLength, totalWeight, type Codes, type Reals, type Weights } from './columns';

export interface ProbabilityColumns {
  truth: Codes;
  /** n x k, row by row: row i's probability of class c at `i * k + c`. */
  probabilities: Reals;
  k: number;
  weights?: Weights | undefined;
}

/**
 * Log loss (cross entropy): -mean ln p(true class), p held within [2⁻⁵², 1 - 2⁻⁵²] as scikit-learn does for float64; rows aren't renormalised.
 * Edge cases: null without rows, where a true class's probability is NaN, or a true code is outside the classes.
 */
export function logLoss({ truth, probabilities, k, weights }: ProbabilityColumns): number | null {
  const rows = truth.length;
  sameLength(rows * k, { probabilities });
  const total = totalWeight(rows, weights);
  const most = 1 - Number.EPSILON;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const c = truth[row] ?? -1;
    const p = c >= 0 && c < k ? (probabilities[row * k + c] ?? NaN) : NaN;
    sum -= weight * Math.log(p < Number.EPSILON ? Number.EPSILON : p > most ? most : p);
  }
  return ratio(sum, total);
}
