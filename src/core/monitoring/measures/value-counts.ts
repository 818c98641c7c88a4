/** A numeric column with few values, counted value by value instead of in bins. */
import { firstAbove } from './bins';
import type { Sample } from './sample';

/** Counts over the values that either side has, ascending. */
interface ValueCounts { reference: Float64Array; current: Float64Array }

/** Null where the reference has more than `most` values. The current side may bring any number of its own. */
export function countValues(reference: Sample, current: Sample, most: number): ValueCounts | null {
  const before = runs(reference.sorted, most);
  if (!before) return null;
  const after = runs(current.sorted, Infinity) ?? [];
  const counts: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [x, y] = [before[i]?.[0] ?? Infinity, after[j]?.[0] ?? Infinity];
    counts.push([x <= y ? (before[i++]?.[1] ?? 0) : 0, y <= x ? (after[j++]?.[1] ?? 0) : 0]);
  }
  return { reference: Float64Array.from(counts, ([count]) => count), current: Float64Array.from(counts, ([, count]) => count) };
}

/** Each value with how often it comes; null where there are more than `most`. */
function runs(sorted: Float64Array, most: number): [value: number, count: number][] | null {
  const found: [number, number][] = [];
  for (let at = 0; at < sorted.length;) {
    if (found.length >= most) return null;
    const value = sorted[at] as number;
    const next = sorted[at + 1] === value ? firstAbove(sorted, value) : at + 1;
    found.push([value, next - at]);
    at = next;
  }
  return found;
}
