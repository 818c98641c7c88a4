/** Intervals that need no resampling: Wilson's, DeLong's, Student's, and the bootstrap's of a largest value. */
import type { Figures, Interval } from '../../../protocol/evaluation/result';
import { deLong } from '../intervals/delong';
import type { Bounds } from '../intervals/interval';
import { largestBounds } from '../intervals/largest';
import { meanBounds } from '../intervals/mean';
import { wilson } from '../intervals/wilson';
import { cumulate } from '../metrics/ranking';
import { errorsOf } from './against-rest';
import { largestMethod } from '../../../protocol/evaluation/result';
import type { ClassCounts, Sides } from './counts';
import { quantileLevels } from './figures';
import type { Part } from './part';

/**
 * By the figure's path. Within what the figure can be: DeLong's is cut at 0 and 1 here (`roc_auc_delong95` is not). A perfect AUC, where DeLong's has no width,
 * has Wilson's of as many independent pairs as there are rows of the rarer class, all of them in order: a lower limit that is on the safe side.
 */
export function closedIntervals(part: Part, figures: Figures): Record<string, Interval> {
  const found: Record<string, Interval> = {};
  const put = (path: string, bounds: Bounds | null | undefined, method: string): void => {
    if (bounds) found[path] = { low: bounds[0], high: bounds[1], method };
  };
  put('accuracy', figures['accuracy_wilson95'] as Bounds | null | undefined, 'wilson');
  if (figures['accuracy_wilson95']) {
    put('recall_micro', figures['accuracy_wilson95'] as Bounds, 'wilson');
    put('precision_micro', wilson(Number(figures['n_correct']), part.n - Number(figures['predicted_unseen'])), 'wilson');
  }
  for (const [name, values] of Object.entries((figures['per_class'] ?? {}) as Record<string, Record<string, unknown>>)) {
    for (const metric of ['precision', 'recall', 'specificity']) put(`per_class.${name}.${metric}`, values[`${metric}_wilson95`] as Bounds | null, 'wilson');
  }
  const sides = part.counts ? part.counts.order : part.curve;
  if (sides) putAuc(sides, { path: 'roc_auc', sure: figures['roc_auc_delong95'] as Bounds | null, put });
  classSides(part).forEach(({ sure, sides: own }, c) => putAuc(own, { path: `roc_auc_per_class.${part.of.classes[c] ?? ''}`, sure: sure?.interval ?? null, put }));
  if (part.of.task === 'regression') {
    put('mae', figures['mae_t95'] as Bounds | null | undefined, 't');
    put('max_error', largestBounds(errorsOf(part)), largestMethod);
    for (const [name, level] of Object.entries(quantileLevels)) put(name, meanBounds(pinball(part, level)), 't');
  }
  return found;
}

/** One class against the others, each. */
function classSides(part: Part): Pick<ClassCounts, 'sure' | 'sides'>[] {
  if (part.counts) return part.counts.byClass ?? [];
  const byClass = part.ranked.byClass;
  return (byClass?.rankings ?? []).map(({ ranking }, c) => {
    const curve = ranking && byClass ? cumulate(ranking, { truth: byClass.truth, positive: c }) : null;
    return { sure: curve && deLong(curve), sides: curve ?? { positives: 0, negatives: 0 } };
  });
}

function putAuc(sides: Sides, { path, sure, put }: { path: string; sure: Bounds | null; put(path: string, bounds: Bounds | null, method: string): void }): void {
  if (!sure) return;
  if (sure[1] > sure[0]) return put(path, [Math.max(0, sure[0]), Math.min(1, sure[1])], 'delong');
  const pairs = Math.min(sides.positives, sides.negatives);
  put(path, wilson(sure[0] * pairs, pairs), 'wilson');
}

function pinball({ truthNumbers, numbers }: Part, level: number): Float64Array {
  const values = new Float64Array(truthNumbers.length);
  for (let row = 0; row < values.length; row++) {
    const gap = (truthNumbers[row] ?? NaN) - (numbers[row] ?? NaN);
    values[row] = gap > 0 ? level * gap : (level - 1) * gap;
  }
  return values;
}
