/** What was found, held against limits: passed, failed, or nobody can tell. */
import { figureAt, largestMethod, type Check, type Compared, type FigureSet, type Interval, type Outcome } from '../../../protocol/evaluation/result';
import type { Thresholds } from '../../../protocol/evaluation/request';

export interface Held extends FigureSet { vs_rest?: Record<string, unknown> | null; compared?: Compared | null }

/**
 * By the whole of the 95 % interval: within the limits passes, beyond fails, across cannot tell. A figure without an interval (a count) is held against them by its value,
 * and so is a largest error: one beyond the limit is beyond it. Below the minimum support, and where the figure is undefined, nobody can tell.
 */
export function checksOf(thresholds: Thresholds, held: Held, minSupport = 0): Check[] {
  return Object.entries(thresholds).map(([metric, { min = null, max = null }]) => {
    const { value, interval } = valueOf(metric, held);
    const known = { metric, min, max, value, low: interval?.low ?? null, high: interval?.high ?? null };
    const told = (outcome: Outcome, reason: string): Check => ({ ...known, outcome, reason });
    const n = held.figures.n;
    const limit = [...(min === null ? [] : [`at least ${shown(min)}`]), ...(max === null ? [] : [`at most ${shown(max)}`])].join(' and ');
    if (value === null) return told('cannot tell', n === 0 ? `${metric}: no rows` : `${metric} is undefined on these ${n} rows, or there is no such figure`);
    const is = `${metric} is ${shown(value)}${interval ? ` (${shown(interval.low)} to ${shown(interval.high)})` : ''} of ${n} rows`;
    if (n < minSupport) return told('cannot tell', `${is}, and ${minSupport} are asked for`);
    const [low, high] = interval ? [interval.low, interval.high] : [value, value];
    if ((min !== null && high < min) || (max !== null && low > max)) return told('fail', `${is}: it should be ${limit}`);
    if ((min === null || low >= min) && (max === null || high <= max)) return told('pass', `${is}: ${limit}`);
    return told('cannot tell', `${is}: whether it is ${limit} can't be told from these rows`);
  });
}

type Range = Pick<Interval, 'low' | 'high'>;

function valueOf(metric: string, { figures, intervals, vs_rest: rest, compared }: Held): { value: number | null; interval: Range | null } {
  const pair = (bounds: unknown): Range | null => (Array.isArray(bounds) && bounds.length === 2 ? { low: Number(bounds[0]), high: Number(bounds[1]) } : null);
  const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
  if (metric === 'accuracy_diff' || metric === 'mae_diff' || metric === 'roc_auc_diff') return { value: number(rest?.[metric]), interval: pair(rest?.[metric === 'mae_diff' ? 'welch95' : 'newcombe95']) };
  if (metric !== 'worsening') {
    const interval = intervals[metric];
    return { value: figureAt(figures, metric), interval: interval && interval.method !== largestMethod ? interval : null };
  }
  if (!compared) return { value: null, interval: null };
  const { verdict: { difference, interval, goal } } = compared;
  const sign = goal === 'maximize' ? -1 : 1;
  const ends = interval && [sign * interval[0], sign * interval[1]];
  return { value: difference === null ? null : sign * difference, interval: ends && { low: Math.min(...ends), high: Math.max(...ends) } };
}

/** As many digits as tell it apart. */
export const shown = (value: number): string => (Number.isInteger(value) ? String(value) : Math.abs(value) >= 1000 ? value.toFixed(1) : String(Number(value.toPrecision(4))));

/** Of several outcomes the worst: fail, then cannot tell, then pass. */
export const worst = (outcomes: readonly Outcome[]): Outcome => (outcomes.includes('fail') ? 'fail' : outcomes.includes('cannot tell') ? 'cannot tell' : 'pass');
