/** Which way of a metric is better, and which metric stands for a run. */
import type { Goal } from '../../protocol/model';
import type { Config } from './schema';

const LESS_IS_BETTER = new Set([
  'loss', 'losses', 'error', 'err', 'mae', 'mse', 'rmse', 'rmsle', 'msle', 'mape', 'smape', 'wape', 'nll', 'perplexity', 'ppl', 'bpc', 'wer', 'cer', 'fid', 'brier', 'ece',
  'logloss', 'crossentropy', 'entropy', 'deviance', 'hinge', 'regret', 'time', 'latency', 'seconds', 'secs', 'ms', 'duration', 'cost', 'fpr', 'fnr', 'eer', 'hamming', 'rss', 'mem', 'memory',
]);

const GOOD = /(^|[^a-z0-9])(acc|accuracy|auc|auroc|auprc|ap|map|f1|fbeta|precision|recall|r2|iou|miou|dice|mcc|kappa|ndcg|bleu|rouge|score)([^a-z0-9]|$)/;
const HELD_OUT = /(^|[^a-z])(val|valid|validation|dev|test|eval|holdout)([^a-z]|$)/;

/** Words of a metric's name: 'val/logLoss_mean' is val, log, loss, mean. */
const words = (metric: string): string[] => metric.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);

/** Configured, else told from the name: loss, error, a duration ... are to be small, all else large. */
export function goalOf(metric: string, config?: Pick<Config, 'metrics'>): Goal {
  const configured = config?.metrics[metric]?.goal;
  if (configured !== undefined) return configured;
  const found = words(metric);
  const small = found.some((word) => LESS_IS_BETTER.has(word)) || /(loss|error)$/.test(found.at(-1) ?? '');
  return small ? 'minimize' : 'maximize';
}

/**
 * The metric that stands for a run: the configured main one if it is among `keys`, else the first held-out score (val_acc,
 * test_auc ...), else any score, else a held-out metric of any kind, else the first. Null where there are none.
 */
export function mainMetric(keys: readonly string[], config?: Pick<Config, 'metrics'>): string | null {
  const main = Object.entries(config?.metrics ?? {}).find(([key, metric]) => metric.main && keys.includes(key));
  if (main) return main[0];
  const spaced = (key: string): string => words(key).join('_');
  const good = (key: string): boolean => GOOD.test(spaced(key).replaceAll('_', '.')) && goalOf(key, config) === 'maximize';
  const heldOut = (key: string): boolean => HELD_OUT.test(spaced(key));
  return keys.find((key) => heldOut(key) && good(key)) ?? keys.find(good) ?? keys.find(heldOut) ?? keys[0] ?? null;
}
