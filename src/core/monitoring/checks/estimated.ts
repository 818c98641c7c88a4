/** Whether the model does as well as it should, told without labels. Pure. */
import { withinLimits } from './figure';
import { finding, type CheckOf, type Finding, type Looked } from './types';
import type { PerformanceFigure, PerformanceWindow } from '../../../protocol/performance';

export function estimated(check: CheckOf<'estimated'>, looked: Pick<Looked, 'performance' | 'facts'>): Finding[] {
  const figure = figureOf(check, looked);
  if (typeof figure === 'string') return [finding('cannot tell', figure)];
  const { estimated: value, estimatedInterval: interval, why } = figure;
  if (value === null) return [finding('cannot tell', `estimated ${check.metric}: ${why || 'nothing can be said'}`)];
  return [withinLimits({ what: `estimated ${check.metric}${inSlice(check.slice)}`, value, interval }, figure, check)];
}

export const inSlice = (slice: string | undefined): string => (slice === undefined ? '' : ` in ${slice}`);

/** Why there is none, as a text. */
export function figureOf({ metric, slice }: { metric: string; slice?: string | undefined }, { performance, facts }: Pick<Looked, 'performance' | 'facts'>): PerformanceFigure | string {
  if (facts.rows === 0) return 'the window is empty';
  if (performance.value === null) return performance.why;
  const window: PerformanceWindow | undefined = performance.value.windows[0];
  const figures = slice === undefined ? window?.figures : window?.slices[slice]?.figures;
  if (!window || !figures) return slice === undefined ? 'the window has no figures' : `the log has no slice ${slice} in this window`;
  return figures[metric] ?? [`there is no figure ${metric}`, ...performance.value.notes].join('; ');
}
