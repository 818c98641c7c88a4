/** How sure an AUC, and the difference of two on the same rows, is (DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44). */
import type { Codes } from '../metrics/columns';
import type { Cumulated, Ranking } from '../metrics/ranking';
import { usualConfidence, type Bounds, type Difference } from './interval';
import { twoSided, twoSidedPoint } from './normal';

export interface DeLong { auc: number; se: number; interval: Bounds }

/**
 * AUC ± z · se with se² = S₁₀ / m + S₀₁ / n: the sample variances over the m positives of the share of negatives each one beats (ties
 * half), and over the n negatives of the share of positives that beat each. From counts at distinct scores (Sun & Xu 2014), unweighted.
 * Edge cases: not clipped to [0, 1], as the reference; null below two rows of a class. A perfect ranking has se 0: an interval
 * of no width, which says more than is known.
 */
export function deLong({ tp, fp, positives: m, negatives: n }: Cumulated, confidence = usualConfidence): DeLong | null {
  if (m < 2 || n < 2) return null;
  // Sums of placements and of their squares, around the chance level to lose no digits.
  let [sum, squares, otherSum, otherSquares, lastTp, lastFp] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < tp.length; at++) {
    const t = tp[at] ?? 0;
    const f = fp[at] ?? 0;
    const beats = 1 - (f + lastFp) / (2 * n);
    const beaten = (t + lastTp) / (2 * m);
    sum += (t - lastTp) * beats;
    squares += (t - lastTp) * beats * beats;
    otherSum += (f - lastFp) * beaten;
    otherSquares += (f - lastFp) * beaten * beaten;
    lastTp = t;
    lastFp = f;
  }
  const auc = sum / m;
  const positiveVariance = Math.max(0, (squares - sum * auc) / (m - 1));
  const negativeVariance = Math.max(0, (otherSquares - (otherSum * otherSum) / n) / (n - 1));
  const se = Math.sqrt(positiveVariance / m + negativeVariance / n);
  const half = twoSidedPoint(confidence) * se;
  return { auc, se, interval: [auc - half, auc + half] };
}

export interface DeLongDifference extends Difference { baseline: number; candidate: number; se: number; z: number | null }

/**
 * The difference of two AUCs on the same rows, candidate minus baseline, with the covariance that the shared rows give.
 * Null below two rows of a class. Where the two rank alike the difference and its error are 0: p is 1 and z null.
 */
export function deLongPaired({ truth, positive }: { truth: Codes; positive: number }, baseline: Ranking, candidate: Ranking, confidence = usualConfidence): DeLongDifference | null {
  const [a, b] = [placements({ truth, positive }, baseline), placements({ truth, positive }, candidate)];
  const { m, n } = a;
  if (m < 2 || n < 2) return null;
  // The difference of placements by row is itself a placement: its variance is Var a + Var b - 2 Cov.
  let [shiftPositives, shiftNegatives] = [0, 0];
  const gap = Float64Array.from(a.byRow, (value, row) => (b.byRow[row] ?? 0) - value);
  gap.forEach((value, row) => (truth[row] === positive ? (shiftPositives += value / m) : (shiftNegatives += value / n)));
  let [onPositives, onNegatives] = [0, 0];
  gap.forEach((value, row) => (truth[row] === positive ? (onPositives += (value - shiftPositives) ** 2) : (onNegatives += (value - shiftNegatives) ** 2)));
  const se = Math.sqrt(onPositives / (m - 1) / m + onNegatives / (n - 1) / n);
  const difference = b.auc - a.auc;
  const half = twoSidedPoint(confidence) * se;
  const p = se > 0 ? twoSided(difference / se) : difference === 0 ? 1 : 0;
  return { baseline: a.auc, candidate: b.auc, difference, se, z: se > 0 ? difference / se : null, interval: [difference - half, difference + half], p };
}

interface Placements { byRow: Float64Array; auc: number; m: number; n: number }

/** By row: for a positive the share of negatives below it, for a negative the share of positives above it; ties half. */
function placements({ truth, positive }: { truth: Codes; positive: number }, { order, starts, thresholds }: Ranking): Placements {
  let m = 0;
  for (let row = 0; row < truth.length; row++) m += truth[row] === positive ? 1 : 0;
  const n = truth.length - m;
  const byRow = new Float64Array(truth.length);
  let [tp, fp, sum] = [0, 0, 0];
  for (let group = 0; group < thresholds.length; group++) {
    const [start, end] = [starts[group] ?? 0, starts[group + 1] ?? 0];
    let [t, f] = [tp, fp];
    for (let at = start; at < end; at++) truth[order[at] ?? 0] === positive ? t++ : f++;
    const beats = 1 - (f + fp) / (2 * n);
    const beaten = (t + tp) / (2 * m);
    for (let at = start; at < end; at++) {
      const row = order[at] ?? 0;
      byRow[row] = truth[row] === positive ? beats : beaten;
    }
    sum += (t - tp) * beats;
    [tp, fp] = [t, f];
  }
  return { byRow, auc: sum / m, m, n };
}
