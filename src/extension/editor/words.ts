/** The texts beside the code. Pure. */
import { formatDelta, formatNumber } from '../base/format';
import type { ScriptFacts } from '../../protocol/engine';

const arrows = { better: ' ▲', worse: ' ▼', same: '', unknown: '' } as const;

/** "0.912 ▲ +0.004"; the delta only where there is a baseline. ▲ is better and ▼ worse, whichever way the number went. */
export function metricWords(facts: ScriptFacts, key: string): string | undefined {
  const metric = facts.metrics[key];
  if (!metric) return undefined;
  const delta = metric.delta === null ? '' : `${arrows[metric.direction]} ${formatDelta(metric.delta)}`;
  return `${formatNumber(metric.value)}${delta}`;
}

/** "finished · val_auc 0.912 ▲ +0.004 vs brave-otter": the lens over a script's entry point. */
export function lastRunWords(facts: ScriptFacts): string | undefined {
  if (!facts.last) return undefined;
  const main = facts.mainMetric === null ? undefined : metricWords(facts, facts.mainMetric);
  const against = main && facts.baseline && facts.metrics[facts.mainMetric ?? '']?.delta !== null ? ` vs ${facts.baseline.name}` : '';
  return `${facts.last.state}${main ? ` · ${facts.mainMetric} ${main}${against}` : ''}`;
}
