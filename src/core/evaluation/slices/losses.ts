/** What a row costs: the per-row losses that slices are searched by. A row that can't be told has NaN, which the search refuses by its number. */
import { sameLength, type Codes, type Reals } from '../metrics/columns';

/** 1 where the predicted class is not the true one, else 0. Class -1 is a label outside the classes: always wrong. */
export function wrong(truth: Codes, predicted: Codes): Float64Array {
  sameLength(truth.length, { predicted });
  return Float64Array.from(truth, (label, row) => (label >= 0 && label === predicted[row] ? 0 : 1));
}

/** (predicted - true)². For |predicted - true| there is `absoluteErrors` among the metrics. */
export function squaredErrors(truth: Reals, predicted: Reals): Float64Array {
  sameLength(truth.length, { predicted });
  return Float64Array.from(truth, (value, row) => ((predicted[row] ?? NaN) - value) ** 2);
}

/** -ln p of the true class, from `k` probabilities a row, held within [2⁻⁵², 1 - 2⁻⁵²] as the log loss is. NaN for a class outside 0 to k - 1. */
export function logLosses(truth: Codes, probabilities: Reals, k: number): Float64Array {
  sameLength(truth.length * k, { probabilities });
  return Float64Array.from(truth, (label, row) => {
    const p = label >= 0 && label < k ? (probabilities[row * k + label] ?? NaN) : NaN;
    return -Math.log(p < Number.EPSILON ? Number.EPSILON : p > 1 - Number.EPSILON ? 1 - Number.EPSILON : p);
  });
}

/**
 * Where the candidate got worse: max(candidate's loss - baseline's, 0). For 0/1 losses this is 1 where only the baseline is right. What got better
 * doesn't make up for it here; what is left of it on balance is `lossDifferences`, against zero, on rows the search didn't see.
 */
export function worsening(baseline: Float64Array, candidate: Float64Array): Float64Array {
  return lossDifferences(baseline, candidate).map((difference) => Math.max(difference, 0));
}

/** Candidate's loss minus baseline's, row by row. */
export function lossDifferences(baseline: Float64Array, candidate: Float64Array): Float64Array {
  sameLength(baseline.length, { candidate });
  return candidate.map((loss, row) => loss - (baseline[row] ?? NaN));
}

/** A loss with a constant added: its mean in a slice, less the constant, is what it measures. */
export interface ShiftedLoss { losses: Float64Array; shift: number }

/**
 * Calibration error as a loss: 1 + (p - y) where probabilities are too high (`over`), 1 + (y - p) where they are too low (`under`). Its mean in
 * a slice less 1 is the slice's mean probability minus its rate of y (or the reverse): 0 where calibrated. The shift makes it a loss as the
 * search needs it, not negative, and changes neither the order of slices of one size nor any difference of means. `p`: the positive class's probability and `y` 1
 * where the row is of it, or the top class's confidence and 1 where it is right. Errors of both signs that cancel within a slice aren't seen.
 */
export function miscalibration(p: Reals, y: ArrayLike<number>, side: 'over' | 'under'): ShiftedLoss {
  sameLength(p.length, { y });
  const sign = side === 'over' ? 1 : -1;
  return { losses: Float64Array.from(p, (value, row) => (value >= 0 && value <= 1 ? 1 + sign * (value - (y[row] ?? NaN)) : NaN)), shift: 1 };
}

/**
 * The weight for a shifted loss that trades loss against size as `alpha` does for one whose mean is `typical` (such as the model's ECE): α' / (1 - α') =
 * (shift + mean) / typical · α / (1 - α). Without it a shift of 1 makes ten points of calibration error count like a tenth of a loss.
 */
export function shiftedAlpha(alpha: number, { losses, shift }: ShiftedLoss, typical: number): number {
  const own = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const weight = (alpha * own) / Math.max(typical, 1e-6 * Math.abs(shift));
  return weight / (weight + 1 - alpha);
}
