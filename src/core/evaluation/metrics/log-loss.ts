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
export function logLoss(columns: ProbabilityColumns): number | null {
  const { truth, probabilities, k, weights } = columns;
  sameLength(truth.length * k, { probabilities });
  const total = totalWeight(truth.length, weights);
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight !== 0) sum += weight * lossAt(columns, row);
  }
  return ratio(sum, total);
}

/** What each row adds: its sum over some rows, by their number, is their log loss. NaN where it is undefined. Weights don't count. */
export function rowLogLoss(columns: Omit<ProbabilityColumns, 'weights'>): Float64Array {
  const losses = new Float64Array(columns.truth.length);
  for (let row = 0; row < losses.length; row++) losses[row] = lossAt(columns, row);
  return losses;
}

const most = 1 - Number.EPSILON;

function lossAt({ truth, probabilities, k }: Omit<ProbabilityColumns, 'weights'>, row: number): number {
  const c = truth[row] ?? -1;
  const p = c >= 0 && c < k ? (probabilities[row * k + c] ?? NaN) : NaN;
  return -Math.log(p < Number.EPSILON ? Number.EPSILON : p > most ? most : p);
}
