import { ratio, sameLength, totalWeight, type Codes, type Reals, type Weights } from './columns';
import type { ProbabilityColumns } from './log-loss';

export interface BinaryColumns {
  truth: Codes;
  /** n values: the probability of the positive class, or any score that rises with it where only the order matters. */
  scores: Reals;
  /** The positive class's code; every other code is negative. */
  positive: number;
  weights?: Weights | undefined;
}

/** Brier score of a binary model (Brier 1950): mean (p - y)², from 0 to 1. Null without rows or with a NaN among the scores. */
export function brier({ truth, scores, positive, weights }: BinaryColumns): number | null {
  const rows = truth.length;
  sameLength(rows, { scores });
  const total = totalWeight(rows, weights);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const gap = (scores[row] ?? NaN) - (truth[row] === positive ? 1 : 0);
    sum += weight * gap * gap;
  }
  return ratio(sum, total);
}

/**
 * Brier score over k classes: mean over rows of Σ over classes (p - 1[y = c])², from 0 to 2 (not halved: for two classes it is twice `brier`).
 * Null without rows or with a NaN among the probabilities. A true code outside the classes counts as none of them.
 */
export function brierMulticlass({ truth, probabilities, k, weights }: ProbabilityColumns): number | null {
  const rows = truth.length;
  sameLength(rows * k, { probabilities });
  const total = totalWeight(rows, weights);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const t = truth[row];
    let squares = 0;
    for (let c = 0; c < k; c++) {
      const gap = (probabilities[row * k + c] ?? NaN) - (t === c ? 1 : 0);
      squares += gap * gap;
    }
    sum += weight * squares;
  }
  return ratio(sum, total);
}

/** What each row adds to the one or, without a positive class, to the other: its sum over some rows, by their number, is their score. */
export function rowBrier({ truth, probabilities, k }: Omit<ProbabilityColumns, 'weights'>, positive: number | null): Float64Array {
  const squares = new Float64Array(truth.length);
  const [from, to] = positive === null ? [0, k] : [positive, positive + 1];
  for (let row = 0; row < squares.length; row++) {
    let sum = 0;
    for (let c = from; c < to; c++) {
      const gap = (probabilities[row * k + c] ?? NaN) - (truth[row] === c ? 1 : 0);
      sum += gap * gap;
    }
    squares[row] = sum;
  }
  return squares;
}
