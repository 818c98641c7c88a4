/** A numeric column as its drift measures take it: sorted, without what is missing. */
import { quantile } from '../../evaluation/intervals/bootstrap';

/** Finite values in ascending order. `missing` and `infinite` were left out of them. */
export interface Sample { sorted: Float64Array; missing: number; infinite: number }

/** NaN is missing. Infinities are counted and left out too: no measure here is defined on them. */
export function sampleOf(values: ArrayLike<number>): Sample {
  const kept = new Float64Array(values.length);
  let n = 0;
  let infinite = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value)) kept[n++] = value;
    else if (!Number.isNaN(value)) infinite++;
  }
  return { sorted: kept.slice(0, n).sort(), missing: values.length - n - infinite, infinite };
}

export interface Summary { n: number; mean: number | null; std: number | null; min: number | null; p25: number | null; median: number | null; p75: number | null; max: number | null }

/** `std` has n - 1 below (null for fewer than two values); quantiles are linear between order statistics. All null where there is no value. */
export function summarize({ sorted }: Sample): Summary {
  const n = sorted.length;
  if (n === 0) return { n, mean: null, std: null, min: null, p25: null, median: null, p75: null, max: null };
  const { mean, squares } = moments(sorted);
  const at = (p: number): number => quantile(sorted, p);
  return { n, mean, std: n < 2 ? null : Math.sqrt(squares / (n - 1)), min: sorted[0] ?? null, p25: at(0.25), median: at(0.5), p75: at(0.75), max: sorted[n - 1] ?? null };
}

/** Mean, and the sum of squared distances from it, in two passes with Neumaier's correction so that a long column keeps its digits. NaN and 0 for no values. */
export function moments(values: Float64Array): { mean: number; squares: number } {
  const n = values.length;
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? 0;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  const mean = (sum + lost) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const distance = (values[i] ?? 0) - mean;
    squares += distance * distance;
  }
  return { mean, squares };
}
