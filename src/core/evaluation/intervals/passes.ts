/** The passes over weighted rows that a replicate is made of. Weights are how often each row was drawn. */
import type { ClassWalk } from '../metrics/multiclass-auc';

/** Σ w x. */
export function weightedSum(values: Float64Array, weights: Uint16Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += (weights[row] ?? 0) * (values[row] ?? 0);
  return sum;
}

/**
 * Rows by descending score, cut into segments that lie in one bin of every binning: what a binary model's figures need of a resample.
 * `positive` and `last` are 1 for a positive and at the last row of each distinct score; `gap` is y - p; segment i goes from `starts[i]` to `starts[i + 1]`.
 */
export interface Ranked { positive: Uint8Array; last: Uint8Array; gap: Float64Array; loss: Float64Array; starts: Uint32Array }

export interface RankedSums { average_precision: number | null; /** The trapezoid under the same points. */ trapezoid: number | null; auc: number | null; loss: number; squares: number; total: number; /** By segment. */ gaps: Float64Array; counts: Float64Array }

/** One walk for all: AUC, average precision and the trapezoid (null with one class only), Σ w loss, Σ w gap², and Σ w gap and Σ w by segment. */
export function rankedPass({ positive, last, gap, loss, starts }: Ranked, weights: Uint16Array): RankedSums {
  const segments = Math.max(0, starts.length - 1);
  const [gaps, counts] = [new Float64Array(segments), new Float64Array(segments)];
  let [tp, total, before, fpBefore, precision, area, losses, squares] = [0, 0, 0, 0, 0, 0, 0, 0];
  // The curve begins at recall 0 and precision 1.
  let [trapezoid, lastPrecision] = [0, 1];
  for (let segment = 0; segment < segments; segment++) {
    const [start, end, already] = [starts[segment] ?? 0, starts[segment + 1] ?? 0, total];
    let sum = 0;
    for (let at = start; at < end; at++) {
      const weight = weights[at] ?? 0;
      const off = gap[at] ?? 0;
      total += weight;
      tp += weight * (positive[at] ?? 0);
      sum += weight * off;
      squares += weight * off * off;
      losses += weight * (loss[at] ?? 0);
      if (last[at] === 0) continue;
      const fp = total - tp;
      // Before anything is drawn the curve has not begun.
      const here = total > 0 ? tp / total : 1;
      if (tp > before) {
        precision += ((tp - before) * tp) / total;
        trapezoid += ((tp - before) * (here + lastPrecision)) / 2;
      }
      lastPrecision = here;
      area += (fp - fpBefore) * (tp + before);
      before = tp;
      fpBefore = fp;
    }
    gaps[segment] = sum;
    counts[segment] = total - already;
  }
  const known = tp > 0 && total > tp;
  return { average_precision: known ? Math.min(1, precision / tp) : null, trapezoid: known ? Math.min(1, trapezoid / tp) : null, auc: known ? Math.min(1, area / 2 / tp / (total - tp)) : null, loss: losses, squares, total, gaps, counts };
}

/** Rows by descending probability of one class: which row each is (`order`), its true class, and 1 at the last of each distinct probability. */
export interface RankedClasses { order: Uint32Array; truth: Uint16Array; last: Uint8Array }

/** One walk down class a's ranking of k, counting each row as often as its weight. `into` is written over. */
export function classPass({ order, truth, last }: RankedClasses, weights: Uint16Array, { a, into }: { a: number; into: ClassWalk & { tied: Float64Array } }): ClassWalk {
  const { areas, totals, tied } = into;
  areas.fill(0);
  totals.fill(0);
  let [all, precision, before, alone] = [0, 0, 0, 1];
  for (let at = 0; at < order.length; at++) {
    const weight = weights[order[at] ?? 0] ?? 0;
    const c = truth[at] ?? 0;
    const ends = last[at] ?? 0;
    // Without a branch on what can't be foreseen: what class a's own rows add to its area is never read.
    all += weight;
    areas[c] = (areas[c] ?? 0) + weight * before;
    totals[c] = (totals[c] ?? 0) + weight;
    if (alone === 0 || ends === 0) tied[c] = (tied[c] ?? 0) + weight;
    if (ends === 1) {
      const tp = totals[a] ?? 0;
      if (tp > before) {
        precision += ((tp - before) * tp) / all;
        // Rows of one probability count half.
        if (alone === 0) for (let b = 0; b < tied.length; b++) areas[b] = (areas[b] ?? 0) + ((tied[b] ?? 0) * (tp - before)) / 2;
        before = tp;
      }
      if (alone === 0) tied.fill(0);
    }
    alone = ends;
  }
  into.tp = totals[a] ?? 0;
  into.all = all;
  into.precision = precision;
  return into;
}

/** By row, or by segment: its bin and hit - probability. */
export interface BinGaps { bins: number; bin: Uint16Array; gap: Float64Array }

/** Expected and maximum calibration error: Σ |Σ w gap| / Σ w over the bins, and the largest mean gap of one. Null without rows. */
export function binPass({ bins, bin, gap }: BinGaps, weights: Uint16Array): CalibrationErrors {
  const gaps = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (let row = 0; row < bin.length; row++) {
    const weight = weights[row] ?? 0;
    const at = bin[row] ?? 0;
    gaps[at] = (gaps[at] ?? 0) + weight * (gap[row] ?? 0);
    counts[at] = (counts[at] ?? 0) + weight;
  }
  return calibrationErrors(gaps, counts);
}

/** The same from sums by segment. `sign` is -1 where a segment's confidence is in the negative class: hit - confidence is p - y there. */
export function segmentErrors({ bins, bin, sign }: { bins: number; bin: Uint16Array; sign: Int8Array }, sums: RankedSums): CalibrationErrors {
  const gaps = new Float64Array(bins);
  const counts = new Float64Array(bins);
  bin.forEach((at, segment) => {
    gaps[at] = (gaps[at] ?? 0) + (sign[segment] ?? 0) * (sums.gaps[segment] ?? 0);
    counts[at] = (counts[at] ?? 0) + (sums.counts[segment] ?? 0);
  });
  return calibrationErrors(gaps, counts);
}

export interface CalibrationErrors { ece: number | null; mce: number | null }

function calibrationErrors(gaps: Float64Array, counts: Float64Array): CalibrationErrors {
  let [sum, total, most] = [0, 0, 0];
  for (let at = 0; at < counts.length; at++) {
    const [size, off] = [counts[at] ?? 0, Math.abs(gaps[at] ?? 0)];
    if (size === 0) continue;
    sum += off;
    total += size;
    most = Math.max(most, off / size);
  }
  return total > 0 ? { ece: sum / total, mce: most } : { ece: null, mce: null };
}

/** The median of values in ascending order, drawn so often each: the mean of the two middle ones where they differ. Null without rows. */
export function medianPass(sorted: Float64Array, weights: Uint16Array): number | null {
  let total = 0;
  for (let at = 0; at < weights.length; at++) total += weights[at] ?? 0;
  let below = 0;
  for (let at = 0; at < sorted.length; at++) {
    const weight = weights[at] ?? 0;
    if (weight === 0) continue;
    below += weight;
    if (below * 2 > total) return sorted[at] ?? null;
    if (below * 2 < total) continue;
    let next = at + 1;
    while (next < sorted.length && !weights[next]) next++;
    return ((sorted[at] ?? NaN) + (sorted[next] ?? NaN)) / 2;
  }
  return null;
}
