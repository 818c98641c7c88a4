import { accuracy, balancedAccuracy } from '../metrics/accuracy';
import { confusionOf, type Confusion } from '../metrics/confusion';
import { meanCost } from '../metrics/cost';
import { cohenKappa } from '../metrics/kappa';
import { mcc } from '../metrics/mcc';
import { averages, classMetrics, fBeta } from '../metrics/precision-recall';
import type { CellFigures } from './resampled';

const names = [
  'accuracy', 'balanced_accuracy', 'precision_macro', 'recall_macro', 'f1_macro', 'precision_weighted', 'recall_weighted', 'f1_weighted', 'f1_micro', 'f1_macro_all_labels', 'mcc', 'cohen_kappa',
] as const;

export type LabelFigureName = (typeof names)[number] | 'cost' | `${'f1' | 'f0_5' | 'f2'}_class_${number}`;

/**
 * What the confusion matrix tells, to be resampled by its cells. Precision, recall and specificity of one class are proportions: give these
 * Wilson's interval. `f1_class_0` and so on are the F1 of each class. Counts are whole: weighted rows have no such cells.
 * Rows predicted outside the classes are cells too, one a true class. `costs`: of each cell of the matrix, where `cost` is wanted.
 */
export function labelFiguresToResample({ k, matrix, actual }: Confusion, costs: Float64Array | null = null): CellFigures<LabelFigureName> {
  const outside = actual.map((count, t) => count - matrix.subarray(t * k, (t + 1) * k).reduce((sum, cell) => sum + cell, 0));
  const counts = new Float64Array(k * k + k);
  counts.set(matrix);
  counts.set(outside, k * k);
  const statistic = (cells: Float64Array): (number | null)[] => {
    const drawn = confusionOf(cells.subarray(0, k * k), cells.subarray(k * k));
    const means = averages(drawn);
    return [
      accuracy(drawn), balancedAccuracy(drawn), means?.macro.precision ?? null, means?.macro.recall ?? null, means?.macro.f1 ?? null,
      means?.weighted.precision ?? null, means?.weighted.recall ?? null, means?.weighted.f1 ?? null, means?.micro.f1 ?? null, means?.f1_macro_all_labels ?? null,
      mcc(drawn), cohenKappa(drawn), ...Array.from({ length: k }, (_, c) => classMetrics(drawn, c).f1), ...Array.from({ length: k }, (_, c) => fBeta(drawn, c, 0.5)), ...Array.from({ length: k }, (_, c) => fBeta(drawn, c, 2)),
      ...(costs ? [meanCost(drawn, costs)] : []),
    ];
  };
  const byClass = (['f1', 'f0_5', 'f2'] as const).flatMap((name) => Array.from({ length: k }, (_, c) => `${name}_class_${c}` as const));
  return { names: [...names, ...byClass, ...(costs ? ['cost' as const] : [])], counts, statistic };
}
