/** Performance from the model's own chances (CBPE, NannyML): calibrated on a reference with labels, they tell how often each class will turn out to be the true one. */
import type { Figures } from '../../../protocol/evaluation/result';
import { column, labelFigures } from '../../evaluation/metrics/classification';
import { averagePrecision } from '../../evaluation/metrics/average-precision';
import { confusionOf } from '../../evaluation/metrics/confusion';
import { rank, type Cumulated, type Ranking } from '../../evaluation/metrics/ranking';
import { rocAuc } from '../../evaluation/metrics/roc';
import type { ScoredModel } from '../../evaluation/run/scored';
import { calibrator, type Calibrator } from './calibrate';
import { isotonicAt } from './isotonic';
import { gather } from './places';

/** `positive`: place of the class that a lone score is of; null: every class has its own column. */
export interface Setting { classes: readonly string[]; positive: number | null }
/** A model that gives chances, made ready: one calibrator of the positive class, or one a class. `unit`: its scores are probabilities. */
export interface Cbpe extends Setting { calibrators: Calibrator[]; unit: boolean }

/** Of the model's own scores by class (of two classes the positive one's only); null where it has none. */
export function scoresOf({ probabilities, scores }: Pick<ScoredModel, 'probabilities' | 'scores'>, { classes, positive }: Setting): Float64Array[] | null {
  if (positive !== null) {
    const own = scores ?? (probabilities && column(probabilities, classes.length, positive));
    return own && [own];
  }
  return probabilities && classes.map((_, c) => column(probabilities, classes.length, c));
}

/** `truth`: places of classes, of the same rows as the scores, which have no NaN. */
export function fitCbpe(truth: Int32Array, scores: readonly Float64Array[], { seed, unit, ...setting }: Setting & { seed: number; unit: boolean }): Cbpe {
  const hits = (of: number): Uint8Array => {
    const found = new Uint8Array(truth.length);
    for (let row = 0; row < found.length; row++) found[row] = truth[row] === of ? 1 : 0;
    return found;
  };
  return { ...setting, unit, calibrators: scores.map((own, at) => calibrator(own, hits(setting.positive ?? at), { seed: seed + at, forced: !unit })) };
}

/** Chances by class, which add up to 1 in each row; NaN where a score is. */
export function chancesOf({ calibrators, classes, positive }: Cbpe, scores: readonly Float64Array[]): Float64Array[] {
  const found = scores.map((own, at) => {
    const map = calibrators[at]?.map;
    return map ? isotonicAt(map, own) : own.map((score) => Math.min(1, Math.max(0, score)));
  });
  if (positive !== null) {
    const [own = new Float64Array()] = found;
    return classes.map((_, c) => (c === positive ? own : own.map((chance) => 1 - chance)));
  }
  const rows = found[0]?.length ?? 0;
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const own of found) sum += own[row] ?? 0;
    for (const own of found) own[row] = sum > 0 ? (own[row] ?? 0) / sum : Number.isNaN(sum) ? NaN : 1 / classes.length;
  }
  return found;
}

/** What is known of rows without labels: the class that each was called, the model's scores, and the chances made of them. */
export interface Expecting { predicted: Int32Array | null; scores: readonly Float64Array[]; chances: readonly Float64Array[] }

/**
 * Expected figures of these rows (places; none has a NaN), under the names of realised ones: those of the labels from the expected confusion matrix, E[t][p] = Σ of the
 * chances of t over the rows called p; ROC AUC and average precision from expected counts down the scores; log loss and Brier score from their expectation a row.
 * Null for whatever is undefined: without rows, or with one class alone.
 */
export function expectedFigures({ predicted, scores, chances }: Expecting, places: Int32Array, cbpe: Cbpe): Figures {
  const { classes, positive, unit } = cbpe;
  const k = classes.length;
  const found: Figures = { n: places.length };
  if (predicted) {
    const matrix = new Float64Array(k * k);
    const outside = new Float64Array(k);
    for (let t = 0; t < k; t++) {
      const own = chances[t] ?? new Float64Array();
      for (let at = 0; at < places.length; at++) {
        const row = places[at] ?? 0;
        const p = predicted[row] ?? k;
        if (p >= k) outside[t] = (outside[t] ?? 0) + (own[row] ?? 0);
        else matrix[t * k + p] = (matrix[t * k + p] ?? 0) + (own[row] ?? 0);
      }
    }
    Object.assign(found, labelFigures(confusionOf(matrix, outside), { n: places.length, classes, weighted: false }));
  }
  const curves = scores.map((own, at) => expectedCurve(own, chances[positive ?? at] ?? own, places));
  const areas = curves.map((curve) => curve && rocAuc(curve));
  const precisions = curves.map((curve) => curve && averagePrecision(curve));
  if (positive !== null) Object.assign(found, { roc_auc: areas[0] ?? null, pr_auc: precisions[0] ?? null });
  else {
    const byName = (values: (number | null)[]): Record<string, number | null> => Object.fromEntries(classes.map((name, c) => [name, values[c] ?? null]));
    Object.assign(found, { roc_auc_per_class: byName(areas), roc_auc_ovr_macro: mean(areas), pr_auc_per_class: byName(precisions), pr_auc_macro: mean(precisions) });
  }
  return unit ? { ...found, ...expectedLosses({ scores, chances }, places, cbpe) } : found;
}

/** Null where one is. */
const mean = (values: readonly (number | null)[]): number | null => (values.length === 0 || values.includes(null) ? null : values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length);

/** Down the scores: how many positives and negatives are to be expected that high or higher. */
function expectedCurve(scores: Float64Array, chances: Float64Array, places: Int32Array): Cumulated | null {
  const ranking: Ranking | null = rank(gather(scores, places));
  if (!ranking) return null;
  const { order, starts, thresholds } = ranking;
  const [tp, fp] = [new Float64Array(thresholds.length), new Float64Array(thresholds.length)];
  let [positives, negatives] = [0, 0];
  for (let group = 0; group < thresholds.length; group++) {
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) {
      const chance = chances[places[order[at] ?? 0] ?? 0] ?? 0;
      positives += chance;
      negatives += 1 - chance;
    }
    tp[group] = positives;
    fp[group] = negatives;
  }
  return { thresholds, tp, fp, positives, negatives };
}

const clipped = (p: number): number => Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p));

function expectedLosses({ scores, chances }: Pick<Expecting, 'scores' | 'chances'>, places: Int32Array, { positive }: Cbpe): Record<string, number | null> {
  let [loss, squares] = [0, 0];
  for (const [at, own] of scores.entries()) {
    const chance = chances[positive ?? at] ?? own;
    for (let place = 0; place < places.length; place++) {
      const row = places[place] ?? 0;
      const [q, p] = [own[row] ?? NaN, chance[row] ?? NaN];
      // The other class of two has no column of its own.
      loss -= p * Math.log(clipped(q)) + (positive === null ? 0 : (1 - p) * Math.log(clipped(1 - q)));
      squares += p * (1 - q) * (1 - q) + (1 - p) * q * q;
    }
  }
  const n = places.length;
  return { log_loss: n > 0 ? loss / n : null, brier: n > 0 ? squares / n : null };
}
