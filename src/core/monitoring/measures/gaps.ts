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

function walk(a: Float64Array, b: Float64Array): Gaps {
  const n = a.length;
  const m = b.length;
  let i = 0;
  let j = 0;
  let largest = 0;
  let area = 0;
  let x = a[0] as number;
  let y = b[0] as number;
  let at = x < y ? x : y;
  while (i < n && j < m) {
    const next = x < y ? x : y;
    if (next !== at) {
      const gap = i * m - j * n;
      const size = gap < 0 ? -gap : gap;
      if (size > largest) largest = size;
      area += Math.abs(i / n - j / m) * (next - at);
      at = next;
    }
    if (x === next) x = a[++i] as number;
    if (y === next) y = b[++j] as number;
  }
  while (i < n && a[i] === at) i++;
  while (j < m && b[j] === at) j++;
  // One side is at its end: the gap only closes from here.
  largest = Math.max(largest, Math.abs(i * m - j * n));
  for (; i < n; i++) {
    area += Math.abs(i / n - 1) * ((a[i] as number) - at);
    at = a[i] as number;
  }
  for (; j < m; j++) {
    area += Math.abs(1 - j / m) * ((b[j] as number) - at);
    at = b[j] as number;
  }
  return { largest, area };
}
