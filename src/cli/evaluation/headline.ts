/** Which figures stand for an evaluation where people read, in which order. */
import { figureAt, type EvaluationDoc, type Figures, type Interval } from '../../protocol/evaluation/result';
import { figure } from '../format';

const LABELS = ['accuracy', 'balanced_accuracy', 'f1_macro', 'mcc'];
const PROBABILITIES = ['log_loss', 'brier', 'ece_top_10'];
const NUMBERS = ['mae', 'rmse', 'r2', 'median_ae', 'max_error', 'mape_nonzero', 'bias'];

/** Names of the figures that there are, a person's own last. */
export function headline({ task, positive, request, overall: { figures }, main }: Pick<EvaluationDoc, 'task' | 'positive' | 'request' | 'overall' | 'main'>): string[] {
  const own = Object.keys(request.metrics);
  const ranking = task === 'multiclass' ? ['roc_auc_ovr_macro', 'pr_auc_macro'] : ['roc_auc', 'pr_auc', 'pr_auc_trapezoid'];
  const ofClass = positive === null ? [] : ['precision', 'recall', 'specificity', 'f1'].map((name) => `per_class.${positive}.${name}`);
  const names = task === 'regression' ? NUMBERS : [...LABELS, ...ofClass, ...ranking, ...PROBABILITIES, 'cost'];
  return [...new Set([main.metric, ...names, ...own])].filter((name) => own.includes(name) || isThere(figures, name));
}

const isThere = (figures: Figures, name: string): boolean => name in figures || figureAt(figures, name) !== null;

/** `per_class.1.recall` as `recall of 1`. */
export function shown(name: string): string {
  const found = /^per_class\.(.+)\.(\w+)$/.exec(name);
  return found ? `${found[2] ?? ''} of ${found[1] ?? ''}` : name;
}

export const span = (low: number | null | undefined, high: number | null | undefined): string => (low == null || high == null ? '' : `${figure(low)} to ${figure(high)}`);
export const spanOf = (interval: Interval | undefined): string => span(interval?.low, interval?.high);
