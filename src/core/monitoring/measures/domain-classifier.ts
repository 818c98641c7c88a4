/** How well a classifier tells the rows of two samples apart: 0.5 where it can only guess. */
import { deLong } from '../../evaluation/intervals/delong';
import { normalTail } from '../../evaluation/intervals/normal';
import { random, unit } from '../../evaluation/intervals/random';
import { cumulated } from '../../evaluation/metrics/ranking';
import { fitTrees } from '../learn/trees';

export interface DomainClassifier { auc: number; /** DeLong's standard error; at perfect separation 0 */ se: number; /** one-sided, of an AUC above 0.5, its error taken `SPREAD` times as large */ p: number; /** of the gain, by column */ shares: Float64Array }
export interface DomainSettings { seed: number; folds?: number; signal?: AbortSignal | undefined }

/** Folds share the rows that they learn from: without drift the AUC spreads 1.18 to 1.28 times as much as DeLong's error says (30 to 1,500 rows a side, 8 and 30 columns, related or not). */
const SPREAD = 1.3;

/**
 * Boosted trees learn in `folds` which side a row is of, each fold is told by trees that haven't seen it, and the AUC is over all rows so told. Source: Rabanser, Günnemann & Lipton,
 * Failing Loudly (2019); NannyML's domain classifier. `columns`: of both sides together, the reference's rows first; NaN is missing. Edge cases: null with fewer than 20 rows of a side or without columns.
 */
export async function domainClassifier(columns: readonly Float64Array[], rows: { reference: number; current: number }, { seed, folds = 3, signal }: DomainSettings): Promise<DomainClassifier | null> {
  const { reference: n, current: m } = rows;
  if (n < 20 || m < 20 || columns.length === 0) return null;
  const target = Float64Array.from({ length: n + m }, (_, row) => (row < n ? 0 : 1));
  const fold = foldsOf(n, m, { folds, seed });
  const scores = new Float64Array(n + m);
  const shares = new Float64Array(columns.length);
  for (let at = 0; at < folds; at++) {
    const inside = fold.map((one, row) => (one === at ? -1 : row)).filter((row) => row >= 0);
    const outside = fold.map((one, row) => (one === at ? row : -1)).filter((row) => row >= 0);
    const take = (places: Int32Array): Float64Array[] => columns.map((column) => Float64Array.from(places, (row) => column[row] ?? NaN));
    const trees = await fitTrees({ features: take(inside), target: Float64Array.from(inside, (row) => target[row] ?? 0), loss: 'logistic', rounds: 50, leaves: 15, bins: 64, seed, signal });
    const told = trees.predict(take(outside));
    outside.forEach((row, place) => { scores[row] = told[place] ?? 0.5; });
    trees.gains.forEach((gain, column) => { shares[column] = (shares[column] ?? 0) + gain / folds; });
  }
  const ranked = cumulated({ truth: Uint8Array.from(target), positive: 1, scores });
  const found = ranked && deLong(ranked);
  if (!found) return null;
  return { auc: found.auc, se: found.se, p: found.se > 0 ? normalTail((found.auc - 0.5) / (SPREAD * found.se)) : found.auc > 0.5 ? 0 : 1, shares };
}

/** Each side in random order over the folds, so that each has its share of both. */
function foldsOf(n: number, m: number, { folds, seed }: { folds: number; seed: number }): Int32Array {
  const found = new Int32Array(n + m);
  for (const [from, count] of [[0, n], [n, m]] as const) {
    const next = random(seed, from);
    const order = Int32Array.from({ length: count }, (_, at) => at);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(unit(next) * (i + 1));
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    order.forEach((row, at) => { found[from + row] = at % folds; });
  }
  return found;
}
