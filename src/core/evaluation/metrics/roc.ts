/** The receiver operating characteristic of a binary score. */
import type { Cumulated } from './ranking';

/**
 * Area under the ROC curve: P(s⁺ > s⁻) + P(s⁺ = s⁻) / 2, the Mann-Whitney statistic (Hanley & McNeil 1982), as the trapezoid over distinct scores.
 * Edge cases: ties count half; null with one class only or no rows.
 */
export function rocAuc({ tp, fp, positives, negatives }: Cumulated): number | null {
  if (!(positives > 0) || !(negatives > 0)) return null;
  // Plain assignments here and below: pairs that are taken apart would be made and dropped once a point.
  let [area, lastTp, lastFp] = [0, 0, 0];
  for (let at = 0; at < tp.length; at++) {
    const t = tp[at] ?? 0;
    const f = fp[at] ?? 0;
    area += (f - lastFp) * (t + lastTp);
    lastTp = t;
    lastFp = f;
  }
  return Math.min(1, area / 2 / positives / negatives);
}

/** Points from (0, 0) to (1, 1) by descending threshold; the first threshold is Infinity: nobody is called positive. */
export interface RocPoints { fpr: Float64Array; tpr: Float64Array; threshold: Float64Array }

/**
 * The points of the curve, without those halfway between their neighbours in counts (scikit-learn's `roc_curve` with
 * `drop_intermediate`). Null with one class only or no rows.
 */
export function rocPoints({ thresholds, tp, fp, positives, negatives }: Cumulated): RocPoints | null {
  if (!(positives > 0) || !(negatives > 0)) return null;
  const last = tp.length - 1;
  const kept = Uint32Array.from(tp.keys()).filter((at) => at === 0 || at === last || bends(tp, at) || bends(fp, at));
  const column = (first: number, value: (at: number) => number): Float64Array => {
    const points = new Float64Array(kept.length + 1);
    points[0] = first;
    kept.forEach((at, index) => (points[index + 1] = value(at)));
    return points;
  };
  return { fpr: column(0, (at) => (fp[at] ?? 0) / negatives), tpr: column(0, (at) => (tp[at] ?? 0) / positives), threshold: column(Infinity, (at) => thresholds[at] ?? NaN) };
}

const bends = (counts: Float64Array, at: number): boolean => (counts[at + 1] ?? 0) - (counts[at] ?? 0) !== (counts[at] ?? 0) - (counts[at - 1] ?? 0);

/**
 * TPR at FPR 0, 1/steps, 2/steps ... 1: of points of one FPR the largest TPR, straight lines between. For drawing and comparing curves
 * of any number of rows. Null with one class only or no rows.
 */
export function tprAtFprGrid(curve: Cumulated, steps = 100): Float64Array | null {
  const { tp, fp, positives, negatives } = curve;
  if (!(positives > 0) || !(negatives > 0)) return null;
  const grid = new Float64Array(steps + 1);
  let [at, lastFpr, lastTpr] = [0, 0, 0];
  const share = (index: number): number => (fp[index] ?? 0) / negatives;
  const best = (fpr: number): void => {
    while (at < tp.length && share(at) <= fpr) {
      lastFpr = share(at);
      lastTpr = (tp[at++] ?? 0) / positives;
    }
  };
  for (let step = 0; step <= steps; step++) {
    const wanted = step / steps;
    best(wanted);
    if (at >= tp.length || lastFpr === wanted) {
      grid[step] = lastTpr;
      continue;
    }
    // The next FPR's largest TPR: the last point that shares it.
    let next = at;
    while (next + 1 < tp.length && fp[next + 1] === fp[at]) next++;
    grid[step] = lastTpr + (((tp[next] ?? 0) / positives - lastTpr) * (wanted - lastFpr)) / (share(next) - lastFpr);
  }
  return grid;
}
