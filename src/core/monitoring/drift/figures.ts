/** Every drift measure of a column, under the names of the reference files. Pure. */
import type { ColumnDrift } from '../../../protocol/drift';
import { countIn, decileEdges, widthEdges } from '../measures/bins';
import { disappeared, unseen, type CategoryCounts } from '../measures/categories';
import { chiSquare, goodnessOfFit } from '../measures/chi-square';
import { evidentlyCategorical, evidentlyNumeric } from '../measures/evidently';
import { hellinger } from '../measures/hellinger';
import { jensenShannon } from '../measures/jensen-shannon';
import { kolmogorovSmirnov } from '../measures/kolmogorov-smirnov';
import { missingChange } from '../measures/missing';
import { nannymlCategorical, nannymlNumeric } from '../measures/nannyml';
import { psi } from '../measures/psi';
import { summarize, type Sample } from '../measures/sample';
import { lInfinity, totalVariation } from '../measures/total-variation';
import { meanShift, wasserstein } from '../measures/wasserstein';

export type Figures = Record<string, unknown>;
/** What tests are made from. `bins`: counts of both sides over the bins or categories. */
export interface Measured { figures: Figures; bins: { reference: Float64Array; current: Float64Array }; /** values that are there */ n: { reference: number; current: number } }

export interface MeasuredColumn { name: string; role: ColumnDrift['role']; measured: Measured }

const missingOf = (reference: { missing: number; n: number }, current: { missing: number; n: number }): Figures => ({ missing: missingChange(reference, current) });
const total = ({ sorted, missing, infinite }: Sample): { missing: number; n: number } => ({ missing, n: sorted.length + missing + infinite });

/** Infinities are counted (`infinite`) and in no other figure. `outside`: current values beyond the reference's range. */
export function numericFigures(reference: Sample, current: Sample): Measured {
  const edges = decileEdges(reference);
  const [p, q] = [countIn(reference, edges), countIn(current, edges)];
  const equal = widthEdges(reference);
  const ks = kolmogorovSmirnov(reference, current);
  const evidently = evidentlyNumeric(reference, current, ks);
  return {
    bins: { reference: p, current: q }, n: { reference: reference.sorted.length, current: current.sorted.length },
    figures: {
      type: 'numeric', ...missingOf(total(reference), total(current)), infinite: { reference: reference.infinite, current: current.infinite },
      reference: summarize(reference), current: summarize(current), outside: outside(reference, current),
      psi: psi(p, q), bins: { edges, reference_counts: [...p], current_counts: [...q] },
      psi_variants: {
        left_closed_bins: psi(countIn(reference, edges, 'left'), countIn(current, edges, 'left')), with_missing_bin: psi([...p, reference.missing], [...q, current.missing]),
        ...(equal.length > 0 && { equal_width_10_reference_range: psi(countIn(reference, equal), countIn(current, equal)) }), evidently: evidently.psi,
      },
      ks, ...wasserstein(reference, current), wasserstein_norm_evidently: evidently.wasserstein_norm, js_distance: jensenShannon(p, q), js_variants: { natural_log: jensenShannon(p, q, Math.E), evidently: evidently.js },
      hellinger: hellinger(p, q), mean_shift_in_reference_std: meanShift(reference, current), evidently_default: evidently.default, nannyml: nannymlNumeric(reference, current),
    },
  };
}

function outside({ sorted: before }: Sample, { sorted: after }: Sample): { below: number; above: number; share: number | null } {
  const [low, high] = [before[0] ?? -Infinity, before.at(-1) ?? Infinity];
  let [below, above] = [0, 0];
  while (below < after.length && (after[below] ?? 0) < low) below++;
  while (above < after.length - below && (after[after.length - 1 - above] ?? 0) > high) above++;
  return { below, above, share: after.length > 0 && before.length > 0 ? (below + above) / after.length : null };
}

/** More categories than these are counted, not listed: those with the most rows on either side are, as long as their names are short enough that a report stays small. */
const LISTED = { most: 60, signs: 1500 };
const LISTED_ONCE = { most: 30, signs: 700 };

function within<T>(all: readonly T[], name: (one: T) => string, { most, signs }: typeof LISTED): T[] {
  let left = signs;
  return all.slice(0, most).filter((one) => (left -= name(one).length) >= 0);
}

export function categoricalFigures(counts: CategoryCounts): Measured {
  const { names, reference: p, current: q, missing, lumped } = counts;
  const [n, m] = [p, q].map((side) => side.reduce((sum, count) => sum + count, 0)) as [number, number];
  const listed = names.map((name, k): [string, [number, number]] => [name, [p[k] ?? 0, q[k] ?? 0]]).sort(([, a], [, b]) => b[0] + b[1] - a[0] - a[1]);
  const evidently = evidentlyCategorical(p, q);
  const [fresh, gone] = [unseen(counts), disappeared(counts)];
  return {
    bins: { reference: p, current: q }, n: { reference: n, current: m },
    figures: {
      type: 'categorical', ...missingOf({ missing: missing.reference, n: n + missing.reference }, { missing: missing.current, n: m + missing.current }),
      categories: names.length + (lumped ? lumped.values - 1 : 0), counts: Object.fromEntries(within(listed, ([name]) => name, LISTED)), unseen: { ...fresh, categories: within(fresh.categories, String, LISTED_ONCE) }, disappeared: { ...gone, categories: within(gone.categories, String, LISTED_ONCE) },
      psi: psi(p, q), psi_variants: { with_missing_category: psi([...p, missing.reference], [...q, missing.current]), evidently: evidently.psi },
      chi2: chiSquare(p, q), chi2_yates: chiSquare(p, q, true), chi2_goodness_of_fit: goodnessOfFit(p, q), tv: totalVariation(p, q), linf: lInfinity(p, q),
      js_distance: jensenShannon(p, q), js_variants: { natural_log: jensenShannon(p, q, Math.E), evidently: evidently.js }, hellinger: hellinger(p, q),
      evidently_default: evidently.default, nannyml: nannymlCategorical(p, q),
    },
  };
}
