/** Columns of numbers as small codes: what trees are grown on, and asked with. */
import { random, type Random } from '../../evaluation/intervals/random';

/** Codes of a column: 0 is missing, so that 255 are left for values. */
export const MOST_BINS = 254;
/** Edges are found from so many values, as LightGBM does: more change nothing that matters. */
const SAMPLE = 200_000;

/**
 * Upper limits of a column's bins, rising: value <= edges[k] is in bin k, what is above them all in the last. Distinct values have a bin each
 * where there are few, else bins hold about as many values each. NaN is left out; infinities are values. No edges where all values are the same.
 */
export function binEdges(values: Float64Array, bins: number, seed: number): Float64Array {
  const sorted = sample(values, random(seed, 71)).sort();
  const edges: number[] = [];
  const distinct = countDistinct(sorted, bins);
  const share = sorted.length / bins;
  let [from, taken] = [0, 0];
  for (let at = 1; at <= sorted.length && edges.length < bins - 1; at++) {
    const [low, high] = [sorted[at - 1] ?? 0, sorted[at] ?? 0];
    if (at === sorted.length || low === high) continue;
    if (distinct > bins && at - from < share && at < (taken + 1) * share) continue;
    edges.push(between(low, high));
    [from, taken] = [at, Math.max(taken + 1, Math.floor(at / share))];
  }
  return Float64Array.from(edges);
}

/** Between two numbers, so that the lower one is at or below it and the higher one above. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return Number.isFinite(middle) && middle > low && middle < high ? middle : low;
}

function sample(values: Float64Array, next: Random): Float64Array {
  const there = values.filter((value) => !Number.isNaN(value));
  if (there.length <= SAMPLE) return there;
  return Float64Array.from({ length: SAMPLE }, () => there[Math.floor((next() / 2 ** 32) * there.length)] ?? 0);
}

/** Up to one more than `most`. */
function countDistinct(sorted: Float64Array, most: number): number {
  let found = sorted.length > 0 ? 1 : 0;
  for (let at = 1; at < sorted.length && found <= most; at++) found += sorted[at] === sorted[at - 1] ? 0 : 1;
  return found;
}

/** 0 for NaN, else 1 + the bin. */
export function codesOf(values: Float64Array, edges: Float64Array, from = 0, to = values.length): Uint8Array {
  const codes = new Uint8Array(to - from);
  for (let row = from; row < to; row++) {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) continue;
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= (edges[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    codes[row - from] = low + 1;
  }
  return codes;
}
