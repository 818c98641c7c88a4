/** What a threshold on the score would do: counts, rates and cost. */
import { RunyardError } from '../../base/errors';
import type { Cumulated } from './ranking';

/** What one row costs by outcome, in any unit; a gain is a negative cost. */
export interface CostMatrix { tp: number; fp: number; fn: number; tn: number }

/** One entry a threshold, descending; a row is called positive where its score is at least the threshold. Rates are NaN where 0 / 0. */
export interface ThresholdSweep {
  threshold: Float64Array; tp: Float64Array; fp: Float64Array; fn: Float64Array; tn: Float64Array;
  precision: Float64Array; recall: Float64Array; specificity: Float64Array; f1: Float64Array;
  /** Mean cost a row. */
  cost: Float64Array;
  /** Index of the least cost, the highest such threshold of equal ones; -1 without rows. */
  best: number;
}

const usual: CostMatrix = { tp: 0, fp: 1, fn: 1, tn: 0 };

/**
 * Sweeps the thresholds: Infinity (nobody is positive) and then `at`, or every distinct score. Without a cost matrix each error costs 1, so
 * that the least cost is the greatest accuracy. Elkan 2001 has the cost matrix. Cost of a threshold: Σ outcome · its cost / rows.
 * Edge cases: thresholds given are sorted, doubles dropped; NaN among them or in the costs is refused (`bad_input`); one class only is fine:
 * the rates that need the other are NaN.
 */
export function thresholdSweep(curve: Cumulated, { cost = usual, at }: { cost?: CostMatrix; at?: Iterable<number> } = {}): ThresholdSweep {
  if (!Object.values(cost).every(Number.isFinite)) throw new RunyardError('bad_input', 'the cost matrix has an entry that is not a finite number', 'Give tp, fp, fn and tn a number each.');
  const wanted = at ? Float64Array.from(new Set(at)).sort().reverse() : curve.thresholds;
  if (wanted.some(Number.isNaN)) throw new RunyardError('bad_input', 'a threshold is not a number', 'Give thresholds as numbers.');
  const first = wanted[0] === Infinity ? 0 : 1;
  const size = wanted.length + first;
  const column = (): Float64Array => new Float64Array(size);
  const sweep: ThresholdSweep = {
    threshold: column(), tp: column(), fp: column(), fn: column(), tn: column(),
    precision: column(), recall: column(), specificity: column(), f1: column(), cost: column(), best: -1,
  };
  const { positives, negatives } = curve;
  let group = 0;
  for (let index = 0; index < size; index++) {
    const threshold = index < first ? Infinity : (wanted[index - first] ?? NaN);
    while (group < curve.thresholds.length && (curve.thresholds[group] ?? 0) >= threshold) group++;
    const tp = group > 0 ? (curve.tp[group - 1] ?? 0) : 0;
    const fp = group > 0 ? (curve.fp[group - 1] ?? 0) : 0;
    const [fn, tn] = [positives - tp, negatives - fp];
    sweep.threshold[index] = threshold;
    [sweep.tp[index], sweep.fp[index], sweep.fn[index], sweep.tn[index]] = [tp, fp, fn, tn];
    sweep.precision[index] = tp / (tp + fp);
    sweep.recall[index] = tp / positives;
    sweep.specificity[index] = tn / negatives;
    sweep.f1[index] = (2 * tp) / (2 * tp + fp + fn);
    sweep.cost[index] = (tp * cost.tp + fp * cost.fp + fn * cost.fn + tn * cost.tn) / (positives + negatives);
    if (positives + negatives > 0 && (sweep.best < 0 || (sweep.cost[index] ?? 0) < (sweep.cost[sweep.best] ?? 0))) sweep.best = index;
  }
  return sweep;
}
