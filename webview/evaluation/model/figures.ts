/** The figures by name: what people call them, which way is better, which ones come first, and which share a scale. Pure. */
import { figureAt, largestMethod, type Figures, type Interval } from '../../../src/protocol/evaluation/result';
import type { Task } from '../../../src/protocol/evaluation/request';

export type Direction = 'maximize' | 'minimize' | null;

const titles: Record<string, string> = {
  accuracy: 'accuracy', balanced_accuracy: 'balanced accuracy', f1_macro: 'F1, macro', f1_weighted: 'F1, weighted', f1_micro: 'F1, micro',
  roc_auc: 'ROC AUC', pr_auc: 'PR AUC', pr_auc_macro: 'PR AUC, macro', log_loss: 'log loss', brier: 'Brier score', mcc: 'MCC', cohen_kappa: 'Cohen\u2019s kappa',
  roc_auc_ovr_macro: 'ROC AUC, one vs rest', roc_auc_ovr_weighted: 'ROC AUC, one vs rest, weighted', roc_auc_ovo_macro: 'ROC AUC, one vs one', pr_auc_trapezoid: 'PR AUC, trapezoid',
  mae: 'MAE', mse: 'MSE', rmse: 'RMSE', r2: 'R\u00b2', median_ae: 'median absolute error', max_error: 'largest error', bias: 'bias',
  mape_nonzero: 'MAPE', mape_sklearn: 'MAPE, zeros kept', smape: 'sMAPE', explained_variance: 'explained variance',
};
const parts: Record<string, string> = { f1: 'F1' };

/** A figure's name as people read it: 'ROC AUC', 'recall of 1', 'ECE, positive, 10 bins'. A name that isn't ours stays as it is, without its underscores. */
export function figureTitle(path: string): string {
  const known = titles[path];
  if (known) return known;
  const ofClass = /^per_class\.(.+)\.([^.]+)$/.exec(path);
  if (ofClass) return `${parts[ofClass[2] ?? ''] ?? (ofClass[2] ?? '').replaceAll('_', ' ')} of ${ofClass[1]}`;
  const bins = /^(ece|mce)_(top|pos)_(\d+)$/.exec(path);
  if (bins) return `${(bins[1] ?? '').toUpperCase()}, ${bins[2] === 'top' ? 'top class' : 'positive'}, ${bins[3]} bins`;
  return path.replaceAll('_', ' ');
}

const less = /^(log_loss|brier|ece_|mce_|mae|mse|rmse|median_ae|max_error|mape|smape|quantile_loss|pinball|cost$)/;
const more = /^(accuracy|balanced_accuracy|precision|recall|f1|f_?beta|roc_auc|pr_auc|mcc|cohen_kappa|r2|explained_variance|specificity)/;

/** Which way is better; null where it isn't known (a person's own metric) or neither is (bias). */
export function goalOf(path: string, main: { metric: string; goal: 'maximize' | 'minimize' }): Direction {
  if (path === main.metric) return main.goal;
  const name = path.startsWith('per_class.') ? path.slice(path.lastIndexOf('.') + 1) : path;
  return less.test(name) ? 'minimize' : more.test(name) ? 'maximize' : null;
}

const first: Record<Task, readonly string[]> = {
  binary: ['accuracy', 'balanced_accuracy', 'per_class.+.precision', 'per_class.+.recall', 'per_class.+.f1', 'roc_auc', 'pr_auc', 'log_loss', 'brier', 'ece_pos_10'],
  ranking: ['roc_auc', 'pr_auc', 'accuracy', 'per_class.+.precision', 'per_class.+.recall', 'per_class.+.f1'],
  multiclass: ['accuracy', 'balanced_accuracy', 'f1_macro', 'f1_weighted', 'roc_auc_ovr_macro', 'log_loss', 'brier', 'ece_top_10'],
  regression: ['mae', 'rmse', 'r2', 'median_ae', 'bias', 'mape_nonzero'],
};
/** Numbers that are no figures of how good a model is. */
const counts = new Set(['n', 'n_zero_true', 'n_correct', 'predicted_unseen', 'roc_auc_se_delong', 'f1_macro_all_labels']);

/** Every figure by its path that these rows have as a number: those at the top and the classes'. */
export function allFigures(figures: Figures): string[] {
  const top = Object.keys(figures).filter((name) => !counts.has(name) && figureAt(figures, name) !== null);
  const classes = figures['per_class'];
  if (typeof classes !== 'object' || classes === null) return top;
  return [...top, ...Object.entries(classes as Record<string, Record<string, unknown>>).flatMap(([name, own]) =>
    ['precision', 'recall', 'f1', 'specificity'].filter((key) => typeof own[key] === 'number').map((key) => `per_class.${name}.${key}`))];
}

/** The figures that a person looks at first: the main one, then the task's usual ones that are there, then the person's own. */
export function headlineFigures(of: { task: Task; positive: string | null; main: { metric: string }; figures: Figures; own: readonly string[] }): string[] {
  const usual = first[of.task].map((path) => path.replace('+', of.positive ?? '')).filter((path) => figureAt(of.figures, path) !== null);
  return [...new Set([of.main.metric, ...usual, ...of.own])];
}

/** Whether a figure lies between 0 and 1, so that it is drawn on one scale with others that do. */
export function isShare(path: string): boolean {
  const name = path.startsWith('per_class.') ? path.slice(path.lastIndexOf('.') + 1) : path;
  return /^(accuracy|balanced_accuracy|precision|recall|f1|roc_auc|pr_auc|specificity)/.test(name);
}

/** A figure with its interval: null parts where there are none. A number that the interval is of may be missing while the interval is there, and the other way round. */
export function ranged(set: { figures: Figures; intervals?: Record<string, Interval> } | null | undefined, path: string): { value: number | null; low: number | null; high: number | null; method: string } {
  const interval = set?.intervals?.[path];
  return { value: set ? figureAt(set.figures, path) : null, low: interval?.low ?? null, high: interval?.high ?? null, method: interval?.method ?? '' };
}

const methods: Record<string, string> = {
  wilson: 'Wilson', delong: 'DeLong', bca: 'bootstrap, BCa', bc: 'bootstrap, bias-corrected', percentile: 'bootstrap, percentiles', blb: 'bag of little bootstraps', t: 'Student\u2019s t', mcnemar: 'McNemar',
  [largestMethod]: 'bootstrap, percentiles; it ends at the largest seen, other rows may hold a larger one',
};
export const methodTitle = (method: string): string => methods[method] ?? method.replaceAll('_', ' ');
