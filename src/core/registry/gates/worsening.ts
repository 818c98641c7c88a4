/** Is a slice worse than what is live by more than may be? The statistics of the slices gate; pure over what an evaluation counted. */
import { studentTail, upperPoint } from '../../comparison/student';
import { mcnemar, type Discordant } from '../../evaluation/intervals/mcnemar';
import { normalTail, twoSidedPoint } from '../../evaluation/intervals/normal';
import { usualConfidence } from '../../evaluation/intervals/interval';
import type { Bounds, Comparison } from '../../../protocol/evaluation/result';

/** `worsening`: in the main figure's own unit, positive where the candidate is worse; `interval` of it at 95 %. `live`: the figure of what is live. */
export interface Worsening { metric: 'accuracy' | 'mae' | 'roc_auc'; n: number; candidate: number | null; live: number | null; worsening: number; interval: Bounds | null; p: number | null }

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const bounds = (value: unknown): Bounds | null => {
  const [low, high] = Array.isArray(value) ? [number(value[0]), number(value[1])] : [null, null];
  return low === null || high === null ? null : [low, high];
};

/**
 * What the two did on the same rows of a slice, and the p of 'worse by more than `most`' (most >= 0).
 *
 * At 0 it is the two-sided p by which evaluations are judged: McNemar's exact test of the discordant rows, the paired t of |errors|, DeLong's of ROC AUC.
 * Above 0 a one-sided test of 'worse by no more than `most`' is asked, too, and the larger p counts: who fails with room fails without it. Accuracy: Tango's
 * score test of paired proportions (1998, Statistics in Medicine 17:891), which is McNemar's at 0; |errors|: t = (d - most) / s with n - 1 degrees of
 * freedom; ROC AUC: z = (d - most) / s. s comes from the 95 % interval.
 *
 * Null where nothing was compared; p is null where there are no rows or the figure is undefined.
 */
export function worseningOf(comparison: Comparison, most: number): Worsening | null {
  const n = number(comparison['n']);
  const difference = number(comparison['diff']);
  if (n === null) return null;
  const [b, c] = [number(comparison['only_baseline_right']), number(comparison['only_candidate_right'])];
  if (b !== null && c !== null) {
    const counts = { only_baseline_right: b, only_candidate_right: c, n };
    const p = n > 0 ? Math.max(mcnemar(counts).exact, most > 0 ? tango(counts, most) : 0) : null;
    return { ...pair(comparison, 'accuracy', n), worsening: -(difference ?? 0), interval: turned(bounds(comparison['wald_paired95'])), p: difference === null ? null : p };
  }
  const given = number(comparison['p']);
  if ('mae_candidate' in comparison) {
    const interval = bounds(comparison['paired_t95']);
    const test = (d: number, s: number): number => (s > 0 ? studentTail((d - most) / s, n - 1) : d > most ? 0 : 1);
    const p = more({ difference, interval, given, most, point: n > 1 ? upperPoint((1 - usualConfidence) / 2, n - 1) : NaN }, test);
    return { ...pair(comparison, 'mae', n), worsening: difference ?? 0, interval, p };
  }
  const interval = turned(bounds(comparison['delong_paired95']));
  const test = (d: number, s: number): number => (s > 0 ? normalTail((d - most) / s) : d > most ? 0 : 1);
  const worse = difference === null ? null : -difference;
  return { ...pair(comparison, 'roc_auc', n), worsening: worse ?? 0, interval, p: more({ difference: worse, interval, given, most, point: twoSidedPoint(usualConfidence) }, test) };
}

interface Known { difference: number | null; interval: Bounds | null; given: number | null; most: number; /** of the interval's half width, in standard errors */ point: number }
function more({ difference, interval, given, most, point }: Known, test: (d: number, s: number) => number): number | null {
  if (difference === null || given === null) return null;
  if (most <= 0) return given;
  return interval === null || Number.isNaN(point) ? null : Math.max(given, test(difference, (interval[1] - interval[0]) / 2 / point));
}

const pair = (comparison: Comparison, metric: Worsening['metric'], n: number): Pick<Worsening, 'metric' | 'n' | 'candidate' | 'live'> =>
  ({ metric, n, candidate: number(comparison[`${metric}_candidate`]), live: number(comparison[`${metric}_baseline`]) });
const turned = (interval: Bounds | null): Bounds | null => interval && [-interval[1], -interval[0]];

/**
 * One-sided p of H0: p_b - p_c <= δ against more, b and c the discordant shares. T = (b - c - nδ) / √(n (2 q + δ (1 - δ))), where q is the share of c
 * restricted to the hypothesis: the larger root of 2n q² + B q + C with B = -b - c + (2n - b + c) δ, C = -c δ (1 - δ) (Tango 1998).
 * Edge cases: δ from 1 on can't be exceeded, p = 1.
 */
export function tango({ only_baseline_right: b, only_candidate_right: c, n }: Discordant, delta: number): number {
  if (delta >= 1) return 1;
  const B = -b - c + (2 * n - b + c) * delta;
  const C = -c * delta * (1 - delta);
  const q = (Math.sqrt(Math.max(0, B * B - 8 * n * C)) - B) / (4 * n);
  const spread = n * (2 * Math.max(0, q) + delta * (1 - delta));
  const gap = b - c - n * delta;
  return spread > 0 ? normalTail(gap / Math.sqrt(spread)) : gap > 0 ? 0 : 1;
}

/** How many more rows like these it would take for the interval to end above the margin in four of five cases, were difference and spread what they seem; null where none would do. */
export function rowsToShow({ n, worsening, interval }: Pick<Worsening, 'n' | 'worsening' | 'interval'>, margin: number): number | null {
  const room = margin - worsening;
  if (interval === null || room <= 0 || n === 0) return null;
  const [z, power] = [twoSidedPoint(usualConfidence), twoSidedPoint(0.6)];
  const sd = ((interval[1] - interval[0]) / 2 / z) * Math.sqrt(n);
  const needed = Math.ceil((((z + power) * sd) / room) ** 2);
  return needed > 1e9 ? null : Math.max(1, needed - n);
}
