/** How well the reference's principal components say the rows of another sample: relations between columns that broke show here though each column alone looks as before. */
import { twoSided } from '../../evaluation/intervals/normal';
import { eigen } from './eigen';

/** Columns of standardised numbers without gaps, by the reference's mean and deviation. */
export type Standardised = readonly Float64Array[];
export interface Reconstruction {
  /** mean Euclidean distance of a current row from what the components make of it */
  value: number;
  /** the same of the reference's own rows (by components of all of them, as NannyML reports it) */
  own: number;
  /** what reference rows come to by components of others: mean, and the standard deviation of the mean of as many rows as the current side has */
  expected: number; deviation: number;
  /** two-sided, of the distance in these deviations from `expected`, or from `own` below it: rows that are the reference's again come to that, and others to between the two */
  p: number;
  components: number;
  /** of the current rows' squared distance beyond the reference's, by column; adds up to 1, or all 0 */
  shares: Float64Array;
}

const FOLDS = 5;

/**
 * As NannyML's data reconstruction drift (2021): components that hold at least `variance` of the reference's variance, and one more where it is met exactly, as scikit-learn counts them.
 * What is expected is cross-validated in five folds (every fifth row), so that few rows with many columns don't look as if they had drifted; the deviation is what resampling the
 * reference gives, with as many components in each fold. Edge cases: null with fewer than two columns, fewer than ten reference rows or no current ones.
 */
export function pcaReconstruction(reference: Standardised, current: Standardised, variance = 0.65): Reconstruction | null {
  const d = reference.length;
  const [n, m] = [reference[0]?.length ?? 0, current[0]?.length ?? 0];
  if (d < 2 || n < 2 * FOLDS || m === 0) return null;
  const parts = Array.from({ length: FOLDS }, (_, fold) => products(reference, fold));
  const components = componentsOf(added(parts, null));
  const count = countFor(components.values, variance);
  const whole = firstOf(components, count);
  const after = distances(current, whole, null);
  const own = distances(reference, whole, null);
  // As many components in each fold: where columns say little of each other one more or less would be the larger part of what is compared.
  const outside = parts.map((_, fold) => distances(reference, firstOf(componentsOf(added(parts, fold)), count), fold));
  const [sum, squares] = [0, 1].map((power) => outside.reduce((so, one) => so + one.moments[power as 0 | 1], 0)) as [number, number];
  const expected = sum / n;
  const spread = Math.max(0, squares / n - expected ** 2) * (n / (n - 1));
  const deviation = Math.sqrt(spread * (1 / m + 1 / n));
  const value = after.moments[0] / m;
  const inside = own.moments[0] / n;
  const beyond = Math.max(0, value - Math.max(expected, inside), Math.min(expected, inside) - value);
  const before = outside.reduce((so, one) => so.map((part, k) => part + (one.columns[k] ?? 0)), new Float64Array(d));
  const extra = after.columns.map((part, k) => Math.max(0, part / m - (before[k] ?? 0) / n));
  const all = extra.reduce((so, one) => so + one, 0);
  return { value, own: inside, expected, deviation, p: deviation > 0 ? twoSided(beyond / deviation) : beyond === 0 ? 1 : 0, components: count, shares: all > 0 ? extra.map((one) => one / all) : extra };
}

interface Products { n: number; sums: Float64Array; squares: Float64Array }

/** Sums and products of the rows of one fold. */
function products(columns: Standardised, fold: number): Products {
  const d = columns.length;
  const rows = columns[0]?.length ?? 0;
  const [sums, squares] = [new Float64Array(d), new Float64Array(d * d)];
  let n = 0;
  const row = new Float64Array(d);
  for (let at = fold; at < rows; at += FOLDS) {
    n++;
    for (let i = 0; i < d; i++) {
      const value = (row[i] = columns[i]?.[at] ?? 0);
      sums[i] = (sums[i] ?? 0) + value;
      for (let j = 0, place = i * d; j <= i; j++, place++) squares[place] = (squares[place] ?? 0) + value * (row[j] ?? 0);
    }
  }
  return { n, sums, squares };
}

/** All but one. */
function added(parts: readonly Products[], without: number | null): Products {
  const kept = parts.filter((_, fold) => fold !== without);
  const add = (of: (part: Products) => Float64Array): Float64Array => kept.slice(1).reduce((so, part) => so.map((value, k) => value + (of(part)[k] ?? 0)), Float64Array.from(kept[0] ? of(kept[0]) : []));
  return { n: kept.reduce((sum, { n }) => sum + n, 0), sums: add(({ sums }) => sums), squares: add(({ squares }) => squares) };
}

interface Components { mean: Float64Array; vectors: Float64Array[] }
const firstOf = ({ mean, vectors }: Components, count: number): Components => ({ mean, vectors: vectors.slice(0, count) });

/** All of them, in descending order of the variance that they hold (`values`). */
function componentsOf({ n, sums, squares }: Products): Components & { values: Float64Array } {
  const d = sums.length;
  const mean = sums.map((sum) => sum / n);
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j <= i; j++) covariance[i * d + j] = covariance[j * d + i] = (squares[i * d + j] ?? 0) / n - (mean[i] ?? 0) * (mean[j] ?? 0);
  return { mean, ...eigen(covariance, d) };
}

/** How many hold at least `variance` of all of it. */
function countFor(values: Float64Array, variance: number): number {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let [held, count] = [0, 0];
  while (count < values.length && held / total <= variance) held += Math.max(0, values[count++] ?? 0);
  return count;
}

/** Sums of the rows' distances and of their squares, and of the squared distances by column; of one fold, or all. */
function distances(columns: Standardised, { mean, vectors }: Components, fold: number | null): { moments: [number, number]; columns: Float64Array } {
  const d = columns.length;
  const rows = columns[0]?.length ?? 0;
  const byColumn = new Float64Array(d);
  const rest = new Float64Array(d);
  const moments: [number, number] = [0, 0];
  for (let at = fold ?? 0; at < rows; at += fold === null ? 1 : FOLDS) {
    for (let i = 0; i < d; i++) rest[i] = (columns[i]?.[at] ?? 0) - (mean[i] ?? 0);
    // Components are orthogonal: taking one away leaves what the others see.
    for (const vector of vectors) {
      let score = 0;
      for (let i = 0; i < d; i++) score += (rest[i] ?? 0) * (vector[i] ?? 0);
      for (let i = 0; i < d; i++) rest[i] = (rest[i] ?? 0) - score * (vector[i] ?? 0);
    }
    let square = 0;
    for (let i = 0; i < d; i++) {
      const part = (rest[i] ?? 0) ** 2;
      square += part;
      byColumn[i] = (byColumn[i] ?? 0) + part;
    }
    moments[0] += Math.sqrt(square);
    moments[1] += square;
  }
  return { moments, columns: byColumn };
}
