/** Resampling very many rows at the price of few: the bag of little bootstraps (Kleiner, Talwalkar, Sarkar & Jordan 2014, JRSS B 76). */
import { bootstrapInterval, quantile, type BootstrapInterval } from './bootstrap';
import { random, type Random } from './random';
import type { Draws, RowFigures } from './resampled';

/** Rows of a subset, and subsets at most. Of more than 500 times as many rows subsets grow with them, so that a row's weight stays below 2¹⁶. */
export const littleRows = 5000;
export const littleSubsets = 10;

/** Disjoint random subsets of rows 0 to n - 1, each ascending. Fewer than asked for where there aren't rows enough. */
export function littleParts(n: number, seed: number, { rows = littleRows, subsets = littleSubsets } = {}): Int32Array[] {
  const size = Math.min(n, Math.max(rows, Math.ceil(n / 500)));
  const count = Math.max(1, Math.min(subsets, Math.floor(n / size)));
  const next = random(seed, 0x5b5e7);
  // The first places of a shuffle (Fisher and Yates), kept as a map of what moved.
  const moved = new Map<number, number>();
  const drawn = new Int32Array(count * size);
  for (let at = 0; at < drawn.length; at++) {
    const other = at + Math.floor((next() / 2 ** 32) * (n - at));
    drawn[at] = moved.get(other) ?? other;
    moved.set(other, moved.get(at) ?? at);
  }
  return Array.from({ length: count }, (_, part) => drawn.slice(part * size, (part + 1) * size).sort());
}

/** Counts from 0 to 2¹⁶ by the upper 16 bits of a random number: Poisson's distribution with this mean, each probability right to 2⁻¹⁶. */
export function poissonTable(mean: number): Uint16Array {
  const table = new Uint16Array(1 << 16);
  let [count, chance] = [0, Math.exp(-mean)];
  let below = chance;
  for (let at = 0; at < table.length; at++) {
    const wanted = (at + 0.5) / table.length;
    while (below < wanted && count < 0xffff && (count <= mean || chance > 1e-12)) {
      count++;
      chance *= mean / count;
      below += chance;
    }
    table[at] = count;
  }
  return table;
}

/**
 * Replicates of one subset's figures that stand for `total` rows: each row's weight is how often it would come in a draw of `total` from the
 * subset, taken as Poisson's, so that a replicate costs a walk over the subset. NaN where undefined. Replicate r is the same whoever draws it.
 */
export function littleReplicates(figures: RowFigures, { total, seed, from = 0, to }: Draws & { total: number }): Float64Array[] {
  const weights = new Uint16Array(figures.rows);
  const table = poissonTable(total / figures.rows);
  const columns: Float64Array[] = figures.names.map(() => new Float64Array(to - from).fill(NaN));
  for (let replicate = from; replicate < to; replicate++) {
    drawWeights(weights, table, random(seed, replicate));
    const values = figures.statistic(weights);
    for (let figure = 0; figure < columns.length; figure++) (columns[figure] as Float64Array)[replicate - from] = values[figure] ?? NaN;
  }
  return columns;
}

function drawWeights(weights: Uint16Array, table: Uint16Array, next: Random): void {
  for (let row = 0; row < weights.length; row += 2) {
    const bits = next();
    weights[row] = table[bits & 0xffff] ?? 0;
    if (row + 1 < weights.length) weights[row + 1] = table[bits >>> 16] ?? 0;
  }
}

/**
 * The interval of a figure from the replicates of each subset: the estimate on all rows, and around it the mean over the subsets of how far the
 * quantiles of the replicates lie from the subset's own figure. Null where the estimate is undefined, or every subset's interval.
 */
export function littleInterval(estimate: number | null, subsets: readonly { own: number | null; values: Float64Array }[]): BootstrapInterval | null {
  if (estimate === null) return null;
  let [low, high, used, replicates, undefinedOnes] = [0, 0, 0, 0, 0];
  for (const { own, values } of subsets) {
    const found = own === null ? null : bootstrapInterval(values);
    if (!found || own === null) continue;
    const sorted = values.filter((value) => !Number.isNaN(value)).sort();
    low += quantile(sorted, 0.025) - own;
    high += quantile(sorted, 0.975) - own;
    replicates += found.replicates;
    undefinedOnes += found.undefined_replicates;
    used++;
  }
  return used === 0 ? null : { low: estimate + low / used, high: estimate + high / used, method: 'blb', replicates, undefined_replicates: undefinedOnes };
}
