/** Precision against recall of a binary score. */
import type { Cumulated } from './ranking';

/**
 * Average precision: Σ (R_n - R_(n-1)) P_n over the distinct thresholds, without interpolation (scikit-learn's `average_precision_score`).
 * Edge cases: ties enter together; null without a positive, and without a negative, where it would be 1 whatever the scores.
 */
export function averagePrecision({ tp, fp, positives, negatives }: Cumulated): number | null {
  if (!(positives > 0) || !(negatives > 0)) return null;
  let [sum, last] = [0, 0];
  for (let at = 0; at < tp.length; at++) {
    const t = tp[at] ?? 0;
    if (t > last) sum += ((t - last) * t) / (t + (fp[at] ?? 0));
    last = t;
  }
  return Math.min(1, sum / positives);
}

/**
 * The trapezoid under the same points with (recall 0, precision 1) in front: another number, too kind between far points
 * (Davis & Goadrich 2006). Here so that it can be told from average precision. Null as there.
 */
export function precisionRecallTrapezoid({ tp, fp, positives, negatives }: Cumulated): number | null {
  if (!(positives > 0) || !(negatives > 0)) return null;
  let [sum, last, lastPrecision] = [0, 0, 1];
  for (let at = 0; at < tp.length; at++) {
    const t = tp[at] ?? 0;
    const precision = t / (t + (fp[at] ?? 0));
    sum += ((t - last) * (precision + lastPrecision)) / 2;
    last = t;
    lastPrecision = precision;
  }
  return Math.min(1, sum / positives);
}

/** By ascending threshold, ended by (recall 0, precision 1), which has none. */
export interface PrecisionRecallPoints { precision: Float64Array; recall: Float64Array; threshold: Float64Array }

/** The points of the curve, as scikit-learn's `precision_recall_curve`. Null without a positive or without a negative. */
export function precisionRecallPoints({ thresholds, tp, fp, positives, negatives }: Cumulated): PrecisionRecallPoints | null {
  if (!(positives > 0) || !(negatives > 0)) return null;
  const points = tp.length;
  const precision = new Float64Array(points + 1);
  const recall = new Float64Array(points + 1);
  for (let at = 0; at < points; at++) {
    precision[points - 1 - at] = (tp[at] ?? 0) / ((tp[at] ?? 0) + (fp[at] ?? 0));
    recall[points - 1 - at] = (tp[at] ?? 0) / positives;
  }
  precision[points] = 1;
  return { precision, recall, threshold: Float64Array.from(thresholds).reverse() };
}
