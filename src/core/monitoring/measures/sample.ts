/** A numeric column as its drift measures take it: sorted, without what is missing. */
import { quantile } from '../../evaluation/intervals/bootstrap';
import { sortNumbers } from './sort';

/** Finite values in ascending order, their mean (NaN for none) and the sum of squared distances from it. `missing` and `infinite` were left out of them. */
export interface Sample { sorted: Float64Array; missing: number; infinite: number; mean: number; squares: number }

/** NaN is missing. Infinities are counted and left out too: no measure here is defined on them. */
export const sampleOf = (values: ArrayLike<number>): Sample => sampleIn(Float64Array.from(values));

/** The same within the array that is given, which is changed: a column of a million values needs no second copy. */
export function sampleIn(values: Float64Array): Sample {
  const rows = values.length;
  let n = 0;
  let infinite = 0;
  for (let i = 0; i < rows; i++) {
    const value = values[i] as number;
    if (value - value === 0) values[n++] = value;
    else if (value === Infinity || value === -Infinity) infinite++;
  }
  const sorted = sortNumbers(n === rows ? values : values.subarray(0, n));
  return { sorted, missing: rows - n - infinite, infinite, ...moments(sorted) };
}

export interface Summary { n: number; mean: number | null; std: number | null; min: number | null; p25: number | null; median: number | null; p75: number | null; max: number | null }

/** `std` has n - 1 below (null for fewer than two values); quantiles are linear between order statistics. All null where there is no value. */
export function summarize({ sorted, mean, squares }: Sample): Summary {
  const n = sorted.length;
  if (n === 0) return { n, mean: null, std: null, min: null, p25: null, median: null, p75: null, max: null };
  const at = (p: number): number => quantile(sorted, p);
  return { n, mean, std: n < 2 ? null : Math.sqrt(squares / (n - 1)), min: sorted[0] ?? null, p25: at(0.25), median: at(0.5), p75: at(0.75), max: sorted[n - 1] ?? null };
}

/** Mean, and the sum of squared distances from it, in two passes with Neumaier's correction so that a long column keeps its digits. NaN and 0 for no values. */
function moments(values: Float64Array): { mean: number; squares: number } {
  const n = values.length;
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const next = sum + value;
    lost += (sum < 0 ? -sum : sum) >= (value < 0 ? -value : value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  const mean = (sum + lost) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const distance = (values[i] as number) - mean;
    squares += distance * distance;
  }
  return { mean, squares };
}
