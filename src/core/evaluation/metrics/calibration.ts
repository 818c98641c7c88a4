/** Whether 80 % means 80 %: probabilities against what came true, in bins. */
import { sameLength, totalWeight, type Codes, type Reals, type Weights } from './columns';
import type { BinaryColumns } from './brier';

/** One bin: its weight, the mean probability in it and the share that came true; both null where it is empty. */
export interface CalibrationBin { count: number; mean_predicted: number | null; fraction: number | null }

/** Sums by bin. `probability` and `hits` are weighted sums. */
export interface BinSums { count: Float64Array; probability: Float64Array; hits: Float64Array }

export interface ConfidenceColumns { probabilities: Reals; hits: Uint8Array; weights?: Weights | undefined }

/**
 * Sorts probabilities into B equal-width bins on [0, 1], right-closed: (lo, hi], 0 in the first; edges i * (1/B), the last 1
 * (Guo et al. 2017). A value a rounding beyond 0 or 1 goes in the end bin. Null where a probability is NaN.
 */
export function binned({ probabilities, hits, weights }: ConfidenceColumns, bins: number): BinSums | null {
  const rows = probabilities.length;
  sameLength(rows, { hits });
  totalWeight(rows, weights);
  const sums = { count: new Float64Array(bins), probability: new Float64Array(bins), hits: new Float64Array(bins) };
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const p = probabilities[row] ?? NaN;
    if (Number.isNaN(p)) return null;
    const bin = binOf(p, bins);
    sums.count[bin] = (sums.count[bin] ?? 0) + weight;
    sums.probability[bin] = (sums.probability[bin] ?? 0) + weight * p;
    if (hits[row]) sums.hits[bin] = (sums.hits[bin] ?? 0) + weight;
  }
  return sums;
}

/** The number of edges i * (1/B), 1 <= i < B, that are below p. The rough place is set right against the edges as they are in floating point. */
export function binOf(p: number, bins: number): number {
  let bin = Math.max(0, Math.min(bins - 1, Math.ceil(p * bins) - 1));
  while (bin > 0 && p <= bin * (1 / bins)) bin--;
  while (bin < bins - 1 && p > (bin + 1) * (1 / bins)) bin++;
  return bin;
}

/** The bins as a curve to draw. */
export function calibrationCurve({ count, probability, hits }: BinSums): CalibrationBin[] {
  return Array.from(count, (weight, bin) => ({
    count: weight,
    mean_predicted: weight > 0 ? (probability[bin] ?? 0) / weight : null,
    fraction: weight > 0 ? (hits[bin] ?? 0) / weight : null,
  }));
}

/** Expected calibration error: Σ n_b / n · |fraction_b - mean p_b|. Null without rows. It depends on the bins: say how many. */
export function ece({ count, probability, hits }: BinSums): number | null {
  let [gaps, total] = [0, 0];
  for (let bin = 0; bin < count.length; bin++) {
    gaps += Math.abs((hits[bin] ?? 0) - (probability[bin] ?? 0));
    total += count[bin] ?? 0;
  }
  return total > 0 ? gaps / total : null;
}

/** Maximum calibration error: the largest |fraction_b - mean p_b| of a bin that isn't empty, however few rows it has. Null without rows. */
export function mce({ count, probability, hits }: BinSums): number | null {
  let most: number | null = null;
  for (let bin = 0; bin < count.length; bin++) {
    const weight = count[bin] ?? 0;
    if (weight > 0) most = Math.max(most ?? 0, Math.abs((hits[bin] ?? 0) - (probability[bin] ?? 0)) / weight);
  }
  return most;
}

/** The positive class's probability against the positive rate (`ece_pos`). */
export function positiveConfidence({ truth, scores, positive, weights }: BinaryColumns): ConfidenceColumns {
  sameLength(truth.length, { scores });
  const hits = new Uint8Array(truth.length);
  for (let row = 0; row < hits.length; row++) hits[row] = truth[row] === positive ? 1 : 0;
  return { probabilities: scores, hits, weights };
}

/**
 * The largest probability of each row against whether its class is the true one (`ece_top`); of equal ones the first class.
 * For two classes it differs from the positive class's. A NaN in a row makes its largest NaN.
 */
export function topConfidence({ truth, probabilities, k, weights }: { truth: Codes; probabilities: Reals; k: number; weights?: Weights | undefined }): ConfidenceColumns {
  const rows = truth.length;
  sameLength(rows * k, { probabilities });
  const hits = new Uint8Array(rows);
  const top = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = probabilities[row * k] ?? NaN;
    let label = 0;
    for (let c = 1; c < k; c++) {
      const p = probabilities[row * k + c] ?? NaN;
      if (p <= best) continue;
      // Greater, or one of the two is NaN: that stays to the end.
      best = p > best ? p : NaN;
      label = c;
    }
    top[row] = best;
    hits[row] = truth[row] === label ? 1 : 0;
  }
  return { probabilities: top, hits, weights };
}
