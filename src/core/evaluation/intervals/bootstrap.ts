/** Resampling rows to see how far a figure would move on other rows like these (Efron 1979). Seeded. */
import { RunyardError } from '../../base/errors';
import { usualConfidence } from './interval';
import { normalCdf, normalQuantile } from './normal';
import { binomial, drawRows, random } from './random';

/** Figures of rows weighted by how often each was drawn; null where one is undefined. Two models on the same rows are one function of them. */
export type Statistic = (weights: Uint16Array) => readonly (number | null)[];

export interface Resampling {
  rows: number;
  statistic: Statistic;
  seed: number;
  /** Replicates `from` up to `to`: replicate r is the same whoever draws it, so that workers can share them out. */
  from?: number | undefined;
  to: number;
}

/**
 * The figures of each replicate, one Float64Array a figure, NaN where undefined. Each replicate draws as many rows as there are, with
 * replacement, as weights; nothing is copied. Without rows all are NaN.
 */
export function replicates({ rows, statistic, seed, from = 0, to }: Resampling): Float64Array[] {
  const weights = new Uint16Array(rows);
  const columns: Float64Array[] = [];
  for (let replicate = from; replicate < to; replicate++) {
    drawRows(weights, random(seed, replicate));
    statistic(weights).forEach((value, figure) => {
      columns[figure] ??= new Float64Array(to - from).fill(NaN);
      (columns[figure] as Float64Array)[replicate - from] = value ?? NaN;
    });
  }
  return columns;
}

/**
 * The same for figures that are functions of counts alone, such as those of a confusion matrix: rows that fall in one cell are alike, so
 * drawing rows is drawing cells from a multinomial, in a time that doesn't depend on the rows. `counts` are whole numbers.
 */
export function cellReplicates(counts: Float64Array, { statistic, seed, from = 0, to }: Omit<Resampling, 'rows' | 'statistic'> & { statistic: (counts: Float64Array) => readonly (number | null)[] }): Float64Array[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const drawn = new Float64Array(counts.length);
  const columns: Float64Array[] = [];
  for (let replicate = from; replicate < to; replicate++) {
    const next = random(seed, replicate);
    let [left, rest] = [total, total];
    counts.forEach((count, cell) => {
      const found = count >= rest ? left : binomial(next, left, count / rest);
      drawn[cell] = count > 0 ? found : 0;
      left -= drawn[cell] ?? 0;
      rest -= count;
    });
    statistic(drawn).forEach((value, figure) => {
      columns[figure] ??= new Float64Array(to - from).fill(NaN);
      (columns[figure] as Float64Array)[replicate - from] = value ?? NaN;
    });
  }
  return columns;
}

export interface BootstrapInterval { low: number; high: number; method: 'percentile' | 'bc' | 'bca' | 'blb'; replicates: number; undefined_replicates: number }

/** What the replicates are held against. Without it the interval is the percentiles'; without an acceleration it is BC. */
export interface Correction { estimate?: number | null; acceleration?: number | null; confidence?: number }

/**
 * The interval of a figure from its replicates. Percentile: their quantiles, linear between (numpy's). BC and BCa (Efron 1987): the quantiles
 * at Φ(z₀ + (z₀ + z) / (1 - a (z₀ + z))), where z₀ tells how far the replicates' median is from the estimate (equal ones count half,
 * as SciPy's) and a how the figure's error changes with its value; a = 0 is BC.
 * Edge cases: undefined replicates (such as a resample with one class) are left out and counted; null where fewer than half, or fewer than 20, are
 * left. Where all lie on one side of the estimate z₀ is infinite and the percentiles are given, which `method` says.
 */
export function bootstrapInterval(values: Float64Array, { estimate = null, acceleration = null, confidence = usualConfidence }: Correction = {}): BootstrapInterval | null {
  if (!(confidence > 0 && confidence < 1)) throw new RunyardError('bad_input', `the confidence is ${confidence}`, 'Give a confidence between 0 and 1, such as 0.95.');
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const counts = { replicates: sorted.length, undefined_replicates: values.length - sorted.length };
  if (sorted.length < 20 || sorted.length * 2 < values.length) return null;
  const tail = (1 - confidence) / 2;
  const shift = estimate === null ? NaN : normalQuantile(placeOf(sorted, estimate));
  if (!Number.isFinite(shift)) return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail), method: 'percentile', ...counts };
  const a = acceleration ?? 0;
  const moved = (p: number): number => {
    const reach = shift + normalQuantile(p);
    return quantile(sorted, normalCdf(shift + reach / (1 - a * reach)));
  };
  return { low: moved(tail), high: moved(1 - tail), method: acceleration === null ? 'bc' : 'bca', ...counts };
}

/** The share of sorted values below `value`, equal ones counted half. */
function placeOf(sorted: Float64Array, value: number): number {
  let [below, equal] = [0, 0];
  for (const one of sorted) {
    if (one < value) below++;
    else if (one === value) equal++;
    else break;
  }
  return (below + equal / 2) / sorted.length;
}

/** Of sorted values, linear between neighbours (Hyndman & Fan's type 7). */
export function quantile(sorted: Float64Array, p: number): number {
  const at = Math.max(0, Math.min(1, p)) * (sorted.length - 1);
  const low = Math.floor(at);
  const [one, other] = [sorted[low] ?? NaN, sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN];
  return one + (other - one) * (at - low);
}

/**
 * BCa's acceleration: Σ d³ / (6 (Σ d²)^1.5), d = mean - value over a jackknife that leaves out one group of rows at a time: each row by itself up
 * to `groups` rows, else every groups-th row together (the skewness of group means over √groups is that of rows over √rows).
 * Null for a figure that is undefined with some group left out; 0 where it doesn't change.
 */
export function accelerations(rows: number, statistic: Statistic, groups = 200): (number | null)[] {
  const count = Math.min(rows, groups);
  const weights = new Uint16Array(rows);
  const left = Array.from({ length: count }, (_, group) => {
    weights.fill(1);
    for (let row = group; row < rows; row += count) weights[row] = 0;
    return statistic(weights);
  });
  return (left[0] ?? []).map((_, figure) => acceleration(Float64Array.from(left, (values) => values[figure] ?? NaN)));
}

/** The same for figures of counts: leaving out one row of a cell is the same whichever of its rows it is, so this is exact for any number of rows. */
export function cellAccelerations(counts: Float64Array, statistic: (counts: Float64Array) => readonly (number | null)[]): (number | null)[] {
  const cells = Array.from(counts.keys()).filter((cell) => (counts[cell] ?? 0) > 0);
  const times = Float64Array.from(cells, (cell) => counts[cell] ?? 0);
  const left = cells.map((cell) => statistic(counts.map((count, at) => (at === cell ? count - 1 : count))));
  return (left[0] ?? []).map((_, figure) => acceleration(Float64Array.from(left, (values) => values[figure] ?? NaN), times));
}

function acceleration(values: Float64Array, times?: Float64Array): number | null {
  if (values.some(Number.isNaN)) return null;
  let [total, sum] = [0, 0];
  values.forEach((value, at) => {
    total += times?.[at] ?? 1;
    sum += (times?.[at] ?? 1) * value;
  });
  const mean = sum / total;
  let [squares, cubes] = [0, 0];
  values.forEach((value, at) => {
    const gap = mean - value;
    squares += (times?.[at] ?? 1) * gap * gap;
    cubes += (times?.[at] ?? 1) * gap * gap * gap;
  });
  // Of differences so small that their squares vanish nothing can be said: as where there are none.
  const spread = squares ** 1.5;
  return spread > 0 ? cubes / (6 * spread) : 0;
}
