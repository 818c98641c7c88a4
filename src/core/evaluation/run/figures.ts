/** The figures of some rows of an evaluation, under the names that reference files use. */
import type { Figures } from '../../../protocol/evaluation/result';
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import { binSums } from '../intervals/calibration-cells';
import { classificationFigures, figuresOfCounts, scoreFigures, type ClassificationFigures } from '../metrics/classification';
import { ratio } from '../metrics/columns';
import { confusionOf, type Confusion } from '../metrics/confusion';
import { costCells, meanCost } from '../metrics/cost';
import { combined } from '../metrics/multiclass-auc';
import { quantileLoss } from '../metrics/quantile-loss';
import { regressionFigures } from '../metrics/regression';
import type { Counts } from './counts';
import type { Part } from './part';

/** `curves`: ROC, precision-recall and calibration curves too, which slices go without. */
export interface FigureSetting { bins: readonly number[]; cost?: EvaluationRequest['cost']; curves: boolean }

/** The levels of the quantile loss that are given, by the figure's name. */
export const quantileLevels: Readonly<Record<string, number>> = { quantile_loss_10: 0.1, quantile_loss_50: 0.5, quantile_loss_90: 0.9 };

/**
 * Null is undefined: no rows, one class where two are needed. A ranking without a threshold has no labels: only what the order tells.
 * `cost` is the mean cost a row by the cost matrix, for two classes. `quantile_loss_90` is the pinball loss at 0.9.
 */
export function figuresOf(part: Part, { bins, cost, curves }: FigureSetting): Figures {
  const { of, n } = part;
  if (of.task === 'regression') {
    const columns = { truth: part.truthNumbers, predicted: part.numbers };
    return { ...regressionFigures(columns), ...Object.fromEntries(Object.entries(quantileLevels).map(([name, level]) => [name, quantileLoss(columns, level)])) };
  }
  const positive = of.positive ?? undefined;
  const counts = curves ? null : part.counts;
  if (!of.predicted) {
    const order = counts ? counts.order?.figures : part.scores && positive !== undefined ? scoreFigures({ truth: part.truth, scores: part.scores, positive, curve: part.curve }, curves) : null;
    return { n, support: support(counts ? confusionIn(counts, of.classes.length).actual : tally(part.truth, of.classes.length), of.classes), ...order };
  }
  const setting = { classes: of.classes, positive, curves, bins };
  const found = counts ? fromCounts(counts, setting) : classificationFigures({
    truth: part.truth, predicted: part.predicted ?? part.truth, probabilities: part.probabilities ?? undefined, scores: of.probabilities ? undefined : (part.scores ?? undefined), ranked: part.ranked,
  }, setting);
  const costs = costsOf(of, cost);
  return costs ? { ...found, cost: meanCost({ matrix: Float64Array.from(found.confusion_matrix.flat()), total: n }, costs) } : { ...found };
}

/** Of each cell of the confusion matrix; null without a cost matrix, and where there aren't two classes of which one is positive. */
export function costsOf({ classes, positive }: Pick<Part['of'], 'classes' | 'positive'>, cost: FigureSetting['cost']): Float64Array | null {
  return cost && positive !== null && classes.length === 2 ? costCells(cost, positive) : null;
}

function fromCounts(counts: Counts, setting: Parameters<typeof figuresOfCounts>[1]): ClassificationFigures {
  const { n, loss, squares, byClass } = counts;
  return figuresOfCounts({
    n, confusion: confusionIn(counts, setting.classes.length), weighted: false, order: counts.order && counts.order.figures,
    probabilities: loss === null || squares === null ? null : {
      log_loss: ratio(loss, n), brier: ratio(squares, n), binned: (kind, bins) => counts[kind] && binSums(counts[kind], bins), classes: byClass && combined(byClass.map(({ figures }) => figures)),
    },
  }, setting);
}

/** Its last column is what was predicted outside the classes. */
function confusionIn({ labels }: Counts, k: number): Confusion {
  const matrix = Float64Array.from({ length: k * k }, (_, at) => labels[Math.floor(at / k) * (k + 1) + (at % k)] ?? 0);
  return confusionOf(matrix, Float64Array.from({ length: k }, (_, t) => labels[t * (k + 1) + k] ?? 0));
}

function tally(truth: Int32Array, k: number): Float64Array {
  const counts = new Float64Array(k);
  for (let row = 0; row < truth.length; row++) counts[truth[row] ?? 0] = (counts[truth[row] ?? 0] ?? 0) + 1;
  return counts;
}

const support = (counts: Float64Array, classes: readonly string[]): Record<string, number> => Object.fromEntries(classes.map((name, c) => [name, counts[c] ?? 0]));

/** The figure that slices and models are judged by. */
export function mainFigure(task: Part['of']['task'], labelled: boolean): { metric: string; goal: 'maximize' | 'minimize' } {
  if (task === 'regression') return { metric: 'mae', goal: 'minimize' };
  return { metric: labelled ? 'accuracy' : 'roc_auc', goal: 'maximize' };
}
