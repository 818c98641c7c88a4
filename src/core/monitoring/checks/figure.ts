/** A figure within limits, with its interval. Pure. */
import type { Bounds } from '../../../protocol/evaluation/result';
import type { PerformanceFigure } from '../../../protocol/performance';
import { digits, finding, type Finding } from './types';

export interface Limits { min?: number | undefined; max?: number | undefined; drop?: number | undefined; relative: boolean }
type Known = Pick<PerformanceFigure, 'goal' | 'reference' | 'lower' | 'upper'>;

interface Limit { side: 'least' | 'most'; value: number; text: string }

/**
 * Fails where the whole interval is beyond a limit; cannot tell where the figure is beyond it and its interval reaches across; passes else. Without an interval the figure
 * stands for both its ends. `drop` is held against the reference, in the figure's unit or as a share of it. Without any limit it is what the reference's own chunks span
 * (their mean minus, for errors plus, three standard deviations).
 */
export function withinLimits({ what, value, interval }: { what: string; value: number; interval: Bounds | null }, known: Known, limits: Limits): Finding {
  const found = limitsOf(known, limits);
  if (typeof found === 'string') return finding('cannot tell', `${what} is ${digits(value)}, and ${found}`, { value, low: interval?.[0] ?? null, high: interval?.[1] ?? null });
  const [low, high] = interval ?? [value, value];
  const judged = found.map((limit) => ({ limit, outcome: limit.side === 'least' ? (high < limit.value ? 'fail' : value < limit.value ? 'cannot tell' : 'pass') : low > limit.value ? 'fail' : value > limit.value ? 'cannot tell' : 'pass' } as const));
  const worst = judged.find(({ outcome }) => outcome === 'fail') ?? judged.find(({ outcome }) => outcome === 'cannot tell') ?? judged[0];
  const { outcome, limit } = worst ?? { outcome: 'pass' as const, limit: null };
  const span = interval ? ` (${digits(low)} to ${digits(high)})` : '';
  const reason = outcome === 'pass' || limit === null ? '' : `${what} is ${digits(value)}${span}, ${outcome === 'fail' ? '' : 'perhaps '}${limit.side === 'least' ? 'below' : 'above'} ${limit.text}`;
  return finding(outcome, reason, { value, low: interval?.[0] ?? null, high: interval?.[1] ?? null, threshold: limit?.value ?? null });
}

/** Why there are none, as a text. */
function limitsOf({ goal, reference, lower, upper }: Known, { min, max, drop, relative }: Limits): Limit[] | string {
  const found: Limit[] = [...(min === undefined ? [] : [{ side: 'least' as const, value: min, text: digits(min) }]), ...(max === undefined ? [] : [{ side: 'most' as const, value: max, text: digits(max) }])];
  const side = goal === 'maximize' ? 'least' : 'most';
  if (drop !== undefined) {
    if (reference === null) return 'the reference has no such figure to hold it against';
    const change = (relative ? Math.abs(reference) * drop : drop) * (goal === 'maximize' ? -1 : 1);
    found.push({ side, value: reference + change, text: `${digits(reference + change)} (the reference's ${digits(reference)} and a ${goal === 'maximize' ? 'drop' : 'rise'} of ${relative ? `${digits(100 * drop)} %` : digits(drop)})` });
  }
  if (found.length > 0) return found;
  const own = goal === 'maximize' ? lower : upper;
  return own === null ? "the reference's chunks give no limit" : [{ side, value: own, text: `${digits(own)} (what the reference's own chunks span)` }];
}
