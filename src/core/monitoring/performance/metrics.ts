/** Metrics by the names that a person gives them, and where they stand among an evaluation's figures. */
import type { Figures } from '../../../protocol/evaluation/result';
import type { Task } from '../../../protocol/evaluation/request';
import { goalOf } from '../../config/goals';
import { wilson } from '../../evaluation/intervals/wilson';
import { twoSidedPoint } from '../../evaluation/intervals/normal';
import type { Bounds } from '../../evaluation/intervals/interval';

/** `limits`: it lies within, whatever the data. */
export interface Metric { name: string; path: readonly string[]; goal: 'maximize' | 'minimize'; limits: Bounds }
export interface Asked { task: Task; classes: readonly string[]; positive: number | null }

const USUAL = ['accuracy', 'precision', 'recall', 'specificity', 'f1', 'roc_auc', 'average_precision', 'log_loss', 'brier'];
const USUAL_NUMBERS = ['mae', 'mse', 'rmse', 'mape'];
const OF_A_CLASS = new Set(['precision', 'recall', 'specificity', 'f1', 'f0_5', 'f2']);
/** Cells of the confusion matrix as shares of all rows. */
const CELLS = ['true_positive', 'true_negative', 'false_positive', 'false_negative'] as const;
const WHOLE_LINE = new Set(['r2', 'explained_variance', 'bias']);
const SIGNED = new Set(['mcc', 'cohen_kappa']);
const LOSSES = new Set(['log_loss', 'mae', 'mse', 'rmse', 'mape', 'mape_nonzero', 'mape_sklearn', 'smape', 'median_ae', 'max_error', 'cost', 'quantile_loss_10', 'quantile_loss_50', 'quantile_loss_90']);

/** Those asked for, once each; all usual ones of the task where none is. Names are an evaluation's figures ('f1_macro', 'per_class.1.recall') or short: 'precision' is the positive class's, of more classes the mean over them. */
export function metricsOf(names: readonly string[], asked: Asked): Metric[] {
  const all = names.length > 0 ? names : asked.task === 'regression' ? USUAL_NUMBERS : USUAL;
  return [...new Set(all)].map((name) => ({ name, path: pathOf(name, asked), goal: name.startsWith('false_') ? 'minimize' : goalOf(name), limits: limitsOf(name) }));
}

function pathOf(name: string, { task, classes, positive }: Asked): string[] {
  if (task === 'regression') return [name === 'mape' ? 'mape_nonzero' : name];
  const [first = '', ...rest] = name.split('.');
  // A class may have points in its name.
  if (first === 'per_class' && rest.length > 1) return [first, rest.slice(0, -1).join('.'), rest.at(-1) ?? ''];
  if (first.endsWith('_per_class')) return [first, rest.join('.')];
  const binary = positive !== null;
  if (OF_A_CLASS.has(name)) return binary ? ['per_class', classes[positive] ?? '', name] : [`${name}_macro`];
  if (name === 'roc_auc') return [binary ? name : 'roc_auc_ovr_macro'];
  if (name === 'average_precision' || name === 'pr_auc') return [binary ? 'pr_auc' : 'pr_auc_macro'];
  return [name];
}

function limitsOf(name: string): Bounds {
  if (WHOLE_LINE.has(name)) return [-Infinity, name === 'bias' ? Infinity : 1];
  if (SIGNED.has(name)) return [-1, 1];
  return LOSSES.has(name) ? [0, Infinity] : [0, name === 'brier' ? 2 : 1];
}

/** Undefined where there is no such figure, null where it can't be said. */
export function figureOf(figures: Figures, path: readonly string[]): number | null | undefined {
  let at: unknown = figures;
  for (const part of path) at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return at === undefined ? undefined : typeof at === 'number' && Number.isFinite(at) ? at : null;
}

/** What isn't among an evaluation's figures: the cells of two classes, specificity over classes. With intervals where the counts are of rows. */
export function moreFigures(figures: Figures, { classes, positive }: Asked): { figures: Record<string, number>; intervals: Record<string, Bounds> } {
  const found: Record<string, number> = {};
  const intervals: Record<string, Bounds> = {};
  const matrix = figures['confusion_matrix'] as number[][] | undefined;
  const n = Number(figures['n'] ?? 0);
  if (!matrix || !(n > 0)) return { figures: found, intervals };
  if (positive !== null && classes.length === 2) {
    const other = 1 - positive;
    const cells = { true_positive: [positive, positive], true_negative: [other, other], false_positive: [other, positive], false_negative: [positive, other] };
    for (const name of CELLS) {
      const [t = 0, p = 0] = cells[name];
      const count = matrix[t]?.[p] ?? 0;
      found[name] = count / n;
      const bounds = wilson(count, n);
      if (bounds) intervals[name] = bounds;
    }
  }
  const byClass = Object.values((figures['per_class'] ?? {}) as Record<string, { specificity: number | null; specificity_wilson95: Bounds | null }>);
  const values = byClass.flatMap(({ specificity }) => specificity ?? []);
  if (values.length > 0) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    found['specificity_macro'] = mean;
    // Each class's own error, as if they were independent.
    const half = Math.sqrt(byClass.reduce((sum, { specificity_wilson95: one }) => sum + (one ? errorOf(one) ** 2 : 0), 0)) / values.length * twoSidedPoint(0.95);
    intervals['specificity_macro'] = [Math.max(0, mean - half), Math.min(1, mean + half)];
  }
  return { figures: found, intervals };
}

/** The standard error that a 95 % interval was made of, were it symmetric. */
export const errorOf = ([low, high]: Bounds): number => (high - low) / (2 * twoSidedPoint(0.95));
