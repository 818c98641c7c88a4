/**
 * Drift as Evidently 0.7 measures it, so that a report can be held against one of theirs. Where these differ from our own figures is in the bins and in what an empty bin counts.
 * Source: evidently/legacy/calculations/stattests. All are null where a side is empty.
 */
import { pooledZ } from '../../evaluation/intervals/two-proportions';
import { goodnessOfFit } from './chi-square';
import { histogram, sturgesEdges } from './equal-width';
import { gapsOf } from './gaps';
import { jensenShannon } from './jensen-shannon';
import { exactTail } from './kolmogorov-exact';
import type { KolmogorovSmirnov } from './kolmogorov-smirnov';
import type { Sample } from './sample';
import { addUp, sharesOf } from './shares';
import { countValues } from './value-counts';

/** What its data drift preset says of a column with nothing set. `score`: a p value (drift: below the threshold) or a distance (drift: from it on). */
interface EvidentlyDefault { method: string; threshold: number; score: number; drifted: boolean }
export interface EvidentlyFigures { psi: number | null; js: number | null; default: EvidentlyDefault | null }
interface Counts { reference: Float64Array; current: Float64Array }

/** Up to so many reference rows it tests; beyond, it takes distances. */
const TESTED = 1000;
/** A numeric column with no more values is taken as categories, on both sides together when a method is chosen, on the reference's when bins are. */
const FEW_TO_CHOOSE = 5;
const FEW_TO_BIN = 20;
/** SciPy tests exactly up to so many values a side; below such a p an exact one changes nothing. */
const EXACT = 10_000;
const NO_DOUBT = 1e-12;
/** The deviation that a distance is divided by is at least this. */
const LEAST_DEVIATION = 0.001;

export function evidentlyNumeric(reference: Sample, current: Sample, ks: KolmogorovSmirnov | null): EvidentlyFigures & { wasserstein_norm: number | null } {
  const values = countValues(reference, current, FEW_TO_BIN);
  const edges = values ? [] : sturgesEdges(reference, current);
  const counts = values ?? { reference: histogram(reference, edges), current: histogram(current, edges) };
  const norm = normed(reference, current);
  const few = values !== null && values.reference.length <= FEW_TO_CHOOSE;
  const continuous = (): EvidentlyDefault | null =>
    reference.sorted.length <= TESTED ? pValue('K-S p_value', ks && pOf(ks, reference, current), true) : distance('Wasserstein distance (normed)', norm);
  return { ...onCounts(counts), wasserstein_norm: norm, default: few ? byDefault(counts) : continuous() };
}

/** Exact for up to ten thousand values a side, as SciPy has it by itself; the asymptotic one where that leaves no doubt, as it costs next to nothing. */
function pOf({ p_exact, p_asymp_scipy }: KolmogorovSmirnov, reference: Sample, current: Sample): number {
  const [n, m] = [reference.sorted.length, current.sorted.length];
  if (p_exact !== null || Math.max(n, m) > EXACT || p_asymp_scipy < NO_DOUBT) return p_exact ?? p_asymp_scipy;
  return exactTail(n, m, gapsOf(reference, current)?.largest ?? 0);
}

/** Over categories; counts without what is missing. */
export const evidentlyCategorical = (reference: Float64Array, current: Float64Array): EvidentlyFigures => ({ ...onCounts({ reference, current }), default: byDefault({ reference, current }) });

const onCounts = ({ reference, current }: Counts): { psi: number | null; js: number | null } => ({ psi: evidentlyPsi(reference, current), js: jensenShannon(reference, current, Math.E) });

/** PSI whose floor stands in for shares of 0 alone: 1e-4, or a millionth of the side's smallest other share where that is no more than 1e-4. */
function evidentlyPsi(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const [low, high] = [floorOf(reference), floorOf(current)];
  return addUp(reference, current, (p, q) => ((q || high) - (p || low)) * Math.log((q || high) / (p || low)));
}

function floorOf(counts: ArrayLike<number>): number {
  let least = Infinity;
  for (const share of sharesOf(counts) ?? []) if (share > 0 && share < least) least = share;
  return least <= 1e-4 ? least / 1e6 : 1e-4;
}

function normed(reference: Sample, current: Sample): number | null {
  const area = gapsOf(reference, current)?.area;
  return area === undefined ? null : area / Math.max(Math.sqrt(reference.squares / reference.sorted.length), LEAST_DEVIATION);
}

function byDefault(counts: Counts): EvidentlyDefault | null {
  const { reference, current } = counts;
  const rows = [reference, current].map((side) => side.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (rows[0] === 0 || rows[1] === 0) return null;
  if (rows[0] > TESTED) return distance('Jensen-Shannon distance', onCounts(counts).js);
  if (reference.length > 2) return pValue('chi-square p_value', goodnessOfFit(reference, current)?.p ?? null);
  const test = pooledZ({ successes: reference[0] ?? 0, n: rows[0] }, { successes: current[0] ?? 0, n: rows[1] });
  return pValue('Z-test p_value', test?.p ?? 1);
}

const distance = (method: string, score: number | null): EvidentlyDefault | null => score === null ? null : { method, threshold: 0.1, score, drifted: score >= 0.1 };
const pValue = (method: string, score: number | null, orEqual = false): EvidentlyDefault | null => score === null ? null : { method, threshold: 0.05, score, drifted: score < 0.05 || (orEqual && score === 0.05) };
