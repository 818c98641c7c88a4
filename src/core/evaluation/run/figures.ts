/** The figures of some rows of an evaluation, under the names that reference files use. */
import type { Figures } from '../../../protocol/evaluation/result';
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import { classificationFigures, scoreFigures } from '../metrics/classification';
import { ratio } from '../metrics/columns';
import { quantileLoss } from '../metrics/quantile-loss';
import { regressionFigures } from '../metrics/regression';
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
  const { of, n, truth, predicted, truthNumbers, numbers } = part;
  if (of.task === 'regression') {
    const columns = { truth: truthNumbers, predicted: numbers };
    return { ...regressionFigures(columns), ...Object.fromEntries(Object.entries(quantileLevels).map(([name, level]) => [name, quantileLoss(columns, level)])) };
  }
  const positive = of.positive ?? undefined;
  if (!predicted) {
    const order = part.scores && positive !== undefined ? scoreFigures({ truth, scores: part.scores, positive, curve: part.curve }, curves) : {};
    return { n, support: support(truth, of.classes), ...order };
  }
  const scores = part.probabilities ? undefined : (part.scores ?? undefined);
  const found = classificationFigures({ truth, predicted, probabilities: part.probabilities ?? undefined, scores, ranked: part.ranked }, { classes: of.classes, positive, curves, bins });
  if (!cost || positive === undefined || of.classes.length !== 2) return { ...found };
  const [tp = 0, fn = 0, fp = 0, tn = 0] = [[positive, positive], [positive, 1 - positive], [1 - positive, positive], [1 - positive, 1 - positive]].map(([t = 0, p = 0]) => found.confusion_matrix[t]?.[p] ?? 0);
  return { ...found, cost: ratio(tp * cost.tp + fp * cost.fp + fn * cost.fn + tn * cost.tn, n) };
}

function support(truth: Int32Array, classes: readonly string[]): Record<string, number> {
  const counts = new Float64Array(classes.length);
  for (let row = 0; row < truth.length; row++) counts[truth[row] ?? 0] = (counts[truth[row] ?? 0] ?? 0) + 1;
  return Object.fromEntries(classes.map((name, c) => [name, counts[c] ?? 0]));
}

/** The figure that slices and models are judged by. */
export function mainFigure(task: Part['of']['task'], labelled: boolean): { metric: string; goal: 'maximize' | 'minimize' } {
  if (task === 'regression') return { metric: 'mae', goal: 'minimize' };
  return { metric: labelled ? 'accuracy' : 'roc_auc', goal: 'maximize' };
}
