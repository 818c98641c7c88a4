/** One walk over two sorted samples, from which both Kolmogorov-Smirnov and Wasserstein read. */
import type { Sample } from './sample';

export interface Gaps { /** the largest |F(x) - G(x)| between the two empirical distribution functions, times n m: a whole number, so that equal gaps are equal */ largest: number; /** the area between them */ area: number }

const known = new WeakMap<Float64Array, { current: Float64Array; gaps: Gaps }>();

/** Ties are walked over together. Null where a side is empty. */
export function gapsOf(reference: Sample, current: Sample): Gaps | null {
  const before = known.get(reference.sorted);
  if (before?.current === current.sorted) return before.gaps;
  if (reference.sorted.length === 0 || current.sorted.length === 0) return null;
  const gaps = walk(reference.sorted, current.sorted);
  known.set(reference.sorted, { current: current.sorted, gaps });
  return gaps;
}

/** Steps without branches: of two alike samples nobody can foresee from which the next value comes. */
function walk(a: Float64Array, b: Float64Array): Gaps {
  const n = a.length;
  const m = b.length;
  const unit = 1 / (n * m);
  let i = 0;
  let j = 0;
  let gap = 0;
  let high = 0;
  let low = 0;
  let area = 0;
  let at = Math.min(a[0] as number, b[0] as number);
  while (i < n && j < m) {
    const x = a[i] as number;
    const y = b[j] as number;
    const next = x < y ? x : y;
    if (next !== at) {
      if (gap > high) high = gap;
      else if (gap < low) low = gap;
      area += (gap < 0 ? -gap : gap) * unit * (next - at);
      at = next;
    }
    const [right, left] = [x <= y ? 1 : 0, y <= x ? 1 : 0];
    i += right;
    j += left;
    gap += right * m - left * n;
  }
  for (; i < n && a[i] === at; i++) gap += m;
  for (; j < m && b[j] === at; j++) gap -= n;
  // One side is at its end: the gap only closes from here.
  const largest = Math.max(high, -low, Math.abs(gap));
  for (; i < n; i++) {
    area += (1 - i / n) * ((a[i] as number) - at);
    at = a[i] as number;
  }
  for (; j < m; j++) {
    area += (1 - j / m) * ((b[j] as number) - at);
    at = b[j] as number;
  }
  return { largest, area };
}
