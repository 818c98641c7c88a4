/** The gap and the area between two samples' distribution functions, from which both Kolmogorov-Smirnov and Wasserstein read. */
import type { Sample } from './sample';

export interface Gaps { /** the largest |F(x) - G(x)| between the two empirical distribution functions, times n m: a whole number, so that equal gaps are equal */ largest: number; /** the area between them */ area: number }

const known = new WeakMap<Float64Array, { current: Float64Array; gaps: Gaps }>();

/** Ties count together. Null where a side is empty. */
export function gapsOf(reference: Sample, current: Sample): Gaps | null {
  const before = known.get(reference.sorted);
  if (before?.current === current.sorted) return before.gaps;
  if (reference.sorted.length === 0 || current.sorted.length === 0) return null;
  const gaps = { largest: largestGap(reference.sorted, current.sorted), area: areaBetween(reference.sorted, current.sorted) };
  known.set(reference.sorted, { current: current.sorted, gaps });
  return gaps;
}

const BLOCK = 128;

/**
 * By blocks of the first sample: the gaps at their ends bound those within, so that few have to be walked through. `ends`: how many values of either are at or below a block's last.
 */
function largestGap(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  const ends: number[] = [0, 0];
  let largest = 0;
  for (let i = 0, j = 0; i < n;) {
    const last = a[Math.min(i + BLOCK, n) - 1] as number;
    i = firstAboveFrom(a, last, i);
    j = firstAboveFrom(b, last, j);
    largest = Math.max(largest, Math.abs(i * m - j * n));
    ends.push(i, j);
  }
  for (let at = 2; at < ends.length; at += 2) {
    const [i, j, toI, toJ] = [ends[at - 2] as number, ends[at - 1] as number, ends[at] as number, ends[at + 1] as number];
    if (Math.max(toI * m - j * n, toJ * n - i * m) > largest) largest = Math.max(largest, walk(a, b, { i, j, toI, toJ }));
  }
  // Beyond the first sample the gap only closes.
  return largest;
}

/** Place of the first value > x at or after `from`: doubling steps, then halves. */
function firstAboveFrom(values: Float64Array, x: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step <= values.length && (values[low + step - 1] as number) <= x) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step - 1, values.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The largest gap at any value of a part of both. */
function walk(a: Float64Array, b: Float64Array, part: { i: number; j: number; toI: number; toJ: number }): number {
  const { toI, toJ } = part;
  let { i, j } = part;
  let largest = 0;
  while (i < toI || j < toJ) {
    const x = i < toI ? (a[i] as number) : Infinity;
    const y = j < toJ ? (b[j] as number) : Infinity;
    const next = x < y ? x : y;
    while (i < toI && a[i] === next) i++;
    while (j < toJ && b[j] === next) j++;
    const gap = Math.abs(i * b.length - j * a.length);
    if (gap > largest) largest = gap;
  }
  return largest;
}

/** Between the quantile functions, which is the same: both stay where they are from one multiple of 1/n or 1/m to the next. */
function areaBetween(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const m = b.length;
  const unit = 1 / (n * m);
  let area = 0;
  let at = 0;
  for (let i = 0, j = 0; i < n && j < m;) {
    const right = (i + 1) * m;
    const left = (j + 1) * n;
    const next = right < left ? right : left;
    area += (next - at) * unit * Math.abs((a[i] as number) - (b[j] as number));
    at = next;
    if (right === next) i++;
    if (left === next) j++;
  }
  return area;
}
