/** A figure beside the baseline's: display only, the verdict is the engine's. */
import type { Goal } from '../../../src/protocol/model';

export type Direction = 'better' | 'worse' | 'same' | 'unknown';
export interface Delta { change: number; direction: Direction; arrow: string }

/** Value minus baseline and whether that is the way the goal points. Null where one of the two is no finite number. */
export function deltaOf(value: number | null, baseline: number | null, goal: Goal | null): Delta | null {
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline)) return null;
  const change = value - baseline;
  if (change === 0) return { change, direction: 'same', arrow: '=' };
  const arrow = change > 0 ? '\u2191' : '\u2193';
  if (goal === null) return { change, direction: 'unknown', arrow };
  return { change, direction: change > 0 === (goal === 'maximize') ? 'better' : 'worse', arrow };
}

const smaller = /(^|[^a-z])(loss|err|error|mae|mse|rmse|mape|nll|perplexity|ppl|time|seconds|latency|brier|ece|logloss|log_loss|fpr|fnr|wer|cer|fid)([^a-z]|$)/i;
const larger = /(^|[^a-z])(acc|accuracy|auc|auroc|aucpr|f1|precision|recall|r2|iou|map|ndcg|bleu|rouge|score|reward|kappa|mcc)([^a-z]|$)/i;

/** The goal that the workspace names for a metric, else the usual one of a well-known name, else null: not known. */
export function goalOf(metric: string, goals: Readonly<Record<string, Goal>>): Goal | null {
  const named = goals[metric];
  if (named) return named;
  const words = metric.replace(/([a-z])([A-Z])/g, '$1_$2');
  if (smaller.test(words)) return 'minimize';
  return larger.test(words) ? 'maximize' : null;
}
