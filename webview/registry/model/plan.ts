/** What a move would change, in sentences. Pure. */
import type { Plan, SliceChange } from '../../../src/protocol/registry';
import { figureTitle } from '../../evaluation/model/figures';
import { figureFormat } from '../../evaluation/model/digits';
import { formatSigned } from '../../shared/format';

export type MoveKind = 'promote' | 'rollback';

/** 'production: v3 → v4'; 'production: nothing → v1'. */
export const moveText = (plan: Pick<Plan, 'environment' | 'from' | 'to'>): string => `${plan.environment}: ${plan.from === null ? 'nothing' : `v${plan.from}`} \u2192 v${plan.to}`;

/** 'accuracy 0.912 → 0.925 (+0.013)'; null where neither side is known. */
export function metricText({ metric, fromValue, toValue }: Pick<Plan, 'metric' | 'fromValue' | 'toValue'>): string | null {
  if (metric === null || (fromValue === null && toValue === null)) return null;
  return `${figureTitle(metric)} ${changeText(fromValue, toValue)}`;
}

/** '0.912 → 0.925 (+0.013)'; 'not known' for a side without a figure. */
export function changeText(from: number | null, to: number | null): string {
  const format = figureFormat([]);
  const side = (value: number | null): string => (value === null ? 'not known' : format(value));
  return `${side(from)} \u2192 ${side(to)}${from === null || to === null ? '' : ` (${formatSigned(to - from, (value) => format(value))})`}`;
}

/** Those that move most, whichever way, the largest change first; those with a side unknown come last. */
export function largest(changes: readonly SliceChange[], most: number): SliceChange[] {
  const size = ({ from, to }: SliceChange): number => (from === null || to === null ? -1 : Math.abs(to - from));
  return [...changes].sort((a, b) => size(b) - size(a)).slice(0, most);
}
