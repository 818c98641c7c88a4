/** The passes over weighted rows that a replicate is made of. Weights are how often each row was drawn. */

/** Σ w x. */
export function weightedSum(values: Float64Array, weights: Uint16Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += (weights[row] ?? 0) * (values[row] ?? 0);
  return sum;
}

/** Rows by descending score: 1 for a positive, and 1 at the last row of each distinct score. */
export interface Ranked { positive: Uint8Array; last: Uint8Array }

/** Average precision and, from the same walk, AUC; null with one class only. */
export function rankingPass({ positive, last }: Ranked, weights: Uint16Array): { average_precision: number | null; auc: number | null } {
  let [tp, total, before, fpBefore, sum, area] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < positive.length; at++) {
    const weight = weights[at] ?? 0;
    total += weight;
    tp += positive[at] ? weight : 0;
    if (!last[at]) continue;
    const fp = total - tp;
    if (tp > before) sum += ((tp - before) * tp) / total;
    area += (fp - fpBefore) * (tp + before);
    [before, fpBefore] = [tp, fp];
  }
  const negatives = total - tp;
  if (tp === 0 || negatives === 0) return { average_precision: null, auc: null };
  return { average_precision: sum / tp, auc: area / 2 / tp / negatives };
}

/** By row: its bin and hit - probability. */
export interface BinGaps { bins: number; bin: Uint16Array; gap: Float64Array }

/** Expected and maximum calibration error: Σ |Σ w gap| / Σ w over the bins, and the largest mean gap of one. Null without rows. */
export function binPass({ bins, bin, gap }: BinGaps, weights: Uint16Array): { ece: number | null; mce: number | null } {
  const gaps = new Float64Array(bins);
  const counts = new Float64Array(bins);
  for (let row = 0; row < bin.length; row++) {
    const weight = weights[row] ?? 0;
    const at = bin[row] ?? 0;
    gaps[at] = (gaps[at] ?? 0) + weight * (gap[row] ?? 0);
    counts[at] = (counts[at] ?? 0) + weight;
  }
  let [sum, total, most] = [0, 0, 0];
  for (let at = 0; at < bins; at++) {
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
