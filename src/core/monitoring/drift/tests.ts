/**
 * What is tested of a column, and when it counts as drifted: an effect beyond its limit *and* significance after Benjamini and Hochberg's control over all tests of the report, so
 * that a million rows don't cry wolf and fifty don't hide it. Pure.
 */
import { benjaminiHochberg } from '../../evaluation/intervals/adjust';
import type { ColumnDrift, DriftLimits, DriftTest } from '../../../protocol/drift';
import type { Outcome } from '../../../protocol/evaluation/result';
import type { ChiSquare } from '../measures/chi-square';
import { beyondTail, fisher, homogeneityTail } from '../measures/few';
import type { KolmogorovSmirnov } from '../measures/kolmogorov-smirnov';
import type { MissingChange } from '../measures/missing';
import type { Measured } from './figures';
import type { Noise } from './noise';

/** With fewer values on a side nothing is said of a distribution. */
export const FEWEST = 20;

type Untested = Omit<DriftTest, 'p_bh' | 'drifted'>;

/** `noise` is what PSI comes to without drift: the effect is what is above its mean. */
export function testsOf(measured: Measured, noise: Noise | null, limits: DriftLimits): Untested[] {
  const { figures, n } = measured;
  const ks = figures['ks'] as KolmogorovSmirnov | null | undefined;
  const chi2 = figures['chi2'] as ChiSquare | null | undefined;
  const raw = figures['psi'] as number | null;
  const few = Math.min(n.reference, n.current) < FEWEST;
  const groups = chi2 ? (homogeneityTail(chi2.statistic, measured.bins.reference, measured.bins.current) ?? chi2.p) : null;
  const distribution: Untested = {
    what: 'distribution', measure: 'psi', limit: limits.psi, effect: raw === null ? null : Math.max(0, raw - (noise?.psi_mean ?? 0)), p: few ? null : (ks?.p_asymp_scipy ?? groups),
    method: figures['type'] === 'numeric' ? 'Kolmogorov-Smirnov' : 'chi-square, by its spread over arrangements', unsure: few,
  };
  return [distribution, missingTest(figures['missing'] as MissingChange, limits, n), ...beyond(measured, n, limits)];
}

/** Where a side has fewer missing values than this on the mean, the normal distribution sees surprises where there are none. */
const FEW = 5;

function missingTest({ rate_change: change, p_pooled, reference_rate: from, current_rate: to, reference_missing: before, current_missing: after }: MissingChange, limits: DriftLimits, there: Measured['n']): Untested {
  const [reference, current] = [{ successes: before, n: there.reference + before }, { successes: after, n: there.current + after }];
  const few = ((before + after) * Math.min(reference.n, current.n)) / (reference.n + current.n) < FEW;
  const exact = few && p_pooled !== null ? fisher(reference, current) : null;
  return {
    what: 'missing', measure: 'rate_change', effect: change === null ? null : Math.abs(change), limit: limits.missing, p: exact ?? p_pooled ?? (from === to ? 1 : null),
    method: exact === null ? 'two proportions, pooled' : 'two proportions, exact', unsure: change === null,
  };
}

/**
 * Rows that the reference has none of: new categories, or values outside its range. A fresh sample has some too: of the range 2 in n + 1 on the mean, and of new categories about
 * as many as the reference has categories with one row only.
 */
function beyond({ figures, bins }: Measured, n: Measured['n'], limits: DriftLimits): Untested[] {
  const made = (what: 'unseen' | 'range', rows: number, r: number): Untested => ({
    what, measure: what === 'unseen' ? 'unseen.share_of_current' : 'outside.share', effect: n.current > 0 ? rows / n.current : null, limit: limits[what],
    p: beyondTail(rows, { n: n.reference, m: n.current, r }), method: 'rows beyond a sample, exact', unsure: n.current === 0 || n.reference === 0,
  });
  const unseen = figures['unseen'] as { rows: number } | undefined;
  if (unseen) return [made('unseen', unseen.rows, 1 + bins.reference.filter((count) => count === 1).length)];
  const outside = figures['outside'] as { below: number; above: number } | undefined;
  return outside ? [made('range', outside.below + outside.above, 2)] : [];
}

export interface Judged { tests: DriftTest[]; outcome: Outcome; reason: string }

/** Decides over all columns at once; in their order. */
export function judge(columns: readonly { name: string; tests: Untested[] }[], alpha: number): Judged[] {
  const adjusted = benjaminiHochberg(columns.flatMap(({ tests }) => tests.map(({ p }) => p)));
  let at = 0;
  return columns.map(({ name, tests: untested }) => {
    const tests = untested.map((test): DriftTest => {
      const p_bh = adjusted[at++] ?? null;
      return { ...test, p_bh, drifted: !test.unsure && p_bh !== null && p_bh < alpha && test.effect !== null && test.effect >= test.limit };
    });
    const drifted = tests.filter((test) => test.drifted);
    const unsure = tests.find((test) => test.what === 'distribution')?.unsure ?? false;
    const outcome: Outcome = drifted.length > 0 ? 'fail' : unsure ? 'cannot tell' : 'pass';
    return { tests, outcome, reason: drifted.length > 0 ? drifted.map((test) => sentence(name, test)).join('; ') : unsure ? `${name}: fewer than ${FEWEST} values on a side` : '' };
  });
}

const digits = (value: number | null): string => (value === null ? '–' : value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : String(Number(value.toPrecision(3))));

function sentence(name: string, { what, effect, limit, p_bh }: DriftTest): string {
  const told = { distribution: `distribution, PSI ${digits(effect)} above noise`, missing: `share of missing values by ${digits(effect)}`, unseen: `${digits(effect)} of the rows in new categories`, range: `${digits(effect)} of the rows outside the reference's range` }[what];
  return `${name}: ${told} (limit ${digits(limit)}, ${likely(p_bh)})`;
}

/** How far beyond its limit a column is: what reports are sorted by. */
export const excess = ({ tests }: Pick<ColumnDrift, 'tests'>): number => tests.reduce((most, { drifted, effect, limit }) => (drifted && effect !== null ? Math.max(most, effect / limit) : most), 0);

/** 'p 0.02', 'p < 0.001': smaller ones say no more to a reader. */
export const likely = (p: number | null): string => (p !== null && p < 0.001 ? 'p < 0.001' : `p ${digits(p)}`);
