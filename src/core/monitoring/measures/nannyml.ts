/**
 * Drift as NannyML 0.13 measures it over one chunk, so that a report can be held against one of theirs.
 * Source: nannyml/drift/univariate/methods.py. Null where a side is empty.
 */
import { chiSquare } from './chi-square';
import { doaneEdges, equalEdges, histogram, ranks } from './equal-width';
import { gapsOf } from './gaps';
import { hellinger } from './hellinger';
import { jensenShannon } from './jensen-shannon';
import type { Sample } from './sample';
import { lInfinity } from './total-variation';

interface NannymlNumeric { kolmogorov_smirnov: number; jensen_shannon: number | null; wasserstein: number; hellinger: number | null }
interface NannymlCategorical { chi2: number; jensen_shannon: number | null; l_infinity: number | null; hellinger: number | null; 'chi2_alert_p_below_0.05': boolean }

/** From so many reference values on it estimates two distances on bins, so many. */
const ESTIMATED = 10_000;
const PARTS = 10_000;

/** Jensen-Shannon (base 2) and Hellinger are over Doane's bins of the reference, and one more for current values outside. */
export function nannymlNumeric(reference: Sample, current: Sample): NannymlNumeric | null {
  const gaps = gapsOf(reference, current);
  if (!gaps) return null;
  const [n, m] = [reference.sorted.length, current.sorted.length];
  const edges = doaneEdges(reference);
  const [p, inside] = [histogram(reference, edges), histogram(current, edges)];
  const [before, after] = [[...p, 0], [...inside, m - inside.reduce((sum, count) => sum + count, 0)]];
  const { statistic, area } = n < ESTIMATED ? { statistic: gaps.largest / (n * m), area: gaps.area } : estimated(reference, current);
  return { kolmogorov_smirnov: statistic, jensen_shannon: jensenShannon(before, after), wasserstein: area, hellinger: hellinger(before, after) };
}

/**
 * Both distances from the distribution functions at the ends of bins of one width over the reference's range. The area beyond the range is exact; within, where there are
 * values below the range, the current function is one value too high, as theirs is.
 */
function estimated(reference: Sample, current: Sample): { statistic: number; area: number } {
  const [n, m] = [reference.sorted.length, current.sorted.length];
  const edges = equalEdges(reference, PARTS);
  const [p, q] = [ranks(reference, edges), ranks(current, edges)];
  const [low, high] = [edges[0] ?? NaN, edges[PARTS] ?? NaN];
  const tooHigh = (q[0] ?? 0) > 0 ? 1 : 0;
  let statistic = 0;
  let within = 0;
  for (let k = 1; k <= PARTS; k++) {
    const [before, after] = [(p[k] as number) / n, q[k] as number];
    statistic = Math.max(statistic, Math.abs(before - after / m));
    within += Math.abs(before - (after + tooHigh) / m);
  }
  let beyond = 0;
  for (let i = 0; i < (q[0] ?? 0); i++) beyond += low - (current.sorted[i] as number);
  for (let i = q[PARTS] ?? m; i < m; i++) beyond += (current.sorted[i] as number) - high;
  return { statistic, area: within * ((edges[1] ?? NaN) - low) + beyond / m };
}

/** Over categories; counts without what is missing. Its one bin for all unseen categories adds as much as they do one by one. */
export function nannymlCategorical(reference: Float64Array, current: Float64Array): NannymlCategorical | null {
  const distance = jensenShannon(reference, current);
  if (distance === null) return null;
  const test = chiSquare(reference, current, true);
  return { chi2: test?.statistic ?? 0, jensen_shannon: distance, l_infinity: lInfinity(reference, current), hellinger: hellinger(reference, current), 'chi2_alert_p_below_0.05': (test?.p ?? 1) < 0.05 };
}
