/** Bins of a numeric column: found on the reference, filled by both samples. */
import type { Sample } from './sample';

/**
 * The distinct values among the reference's deciles (linear between order statistics), ascending: 0 to 9 edges of the bins (-inf, e1], (e1, e2], ..., (ek, inf).
 * The place of the k-th is (n - 1) * (k / 10), as numpy has it: k * 0.1, and in other columns (n - 1) * k / 10, round across a value now and then.
 * Edge cases: no values, no edges; a constant column has one.
 */
export function decileEdges({ sorted }: Sample, parts = 10): number[] {
  const n = sorted.length;
  if (n === 0) return [];
  const edges: number[] = [];
  for (let k = 1; k < parts; k++) {
    const place = (n - 1) * (k / parts);
    const below = Math.floor(place);
    const low = sorted[below] ?? NaN;
    const high = sorted[Math.min(below + 1, n - 1)] ?? NaN;
    const share = place - below;
    // As numpy interpolates: from the nearer end, so that equal ends give themselves.
    const edge = share >= 0.5 ? high - (high - low) * (1 - share) : low + (high - low) * share;
    if (edges.length === 0 || edge > (edges.at(-1) ?? -Infinity)) edges.push(edge);
  }
  return edges;
}

/** Inner edges of `parts` bins of one width over the reference's range, ascending. None where it has no width. */
export function widthEdges({ sorted }: Sample, parts = 10): number[] {
  const low = sorted[0] ?? NaN;
  const high = sorted.at(-1) ?? NaN;
  if (!(high > low)) return [];
  const step = (high - low) / parts;
  return Array.from({ length: parts - 1 }, (_, k) => low + (k + 1) * step);
}

/** How many values fall into each of the edges' bins; one more than edges. `closed`: which end of a bin belongs to it. */
export function countIn({ sorted }: Sample, edges: readonly number[], closed: 'right' | 'left' = 'right'): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  let from = 0;
  for (const [k, edge] of edges.entries()) {
    const to = closed === 'right' ? firstAbove(sorted, edge) : firstAtLeast(sorted, edge);
    counts[k] = to - from;
    from = to;
  }
  counts[edges.length] = sorted.length - from;
  return counts;
}

/** Place of the first value > x, or the length. */
export const firstAbove = (sorted: Float64Array, x: number): number => firstWhere(sorted, (value) => value > x);

/** Place of the first value >= x, or the length. */
export const firstAtLeast = (sorted: Float64Array, x: number): number => firstWhere(sorted, (value) => value >= x);

/** The first place from which on it holds. */
function firstWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle] ?? NaN)) high = middle;
    else low = middle + 1;
  }
  return low;
}
