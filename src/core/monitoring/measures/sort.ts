/** Sorting of many numbers, several times as fast as the typed array's own: most of the time of a drift report is sorting. */

/** Fewer are left to the typed array. */
const FEW = 4000;
/** Values to a bucket, on the mean; a bucket with many more is left to the typed array. */
const PER_BUCKET = 4;
const CROWDED = 48;
const SAMPLE = 1000;

let scratch = new Float64Array(0);
let counts = new Int32Array(0);

/**
 * In place, ascending; every value has to be finite. Buckets of one width over the middle 98 % of a thousand of the values, the others in the outer ones; then insertion within
 * each. So it takes time in proportion to the number of values unless they crowd, and never much more than the typed array's own. -0 and 0 keep no order among themselves.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < FEW || isSorted(values)) return n < FEW ? values.sort() : values;
  const sample = Float64Array.from({ length: SAMPLE }, (_, k) => values[Math.floor((k * n) / SAMPLE)] ?? 0).sort();
  const [low, high] = [sample[SAMPLE / 100] ?? 0, sample[SAMPLE - SAMPLE / 100 - 1] ?? 0];
  const buckets = Math.floor(n / PER_BUCKET);
  const scale = (buckets - 2) / (high - low);
  if (!(scale > 0) || !Number.isFinite(scale)) return values.sort();
  distribute(values, { low, scale, buckets });
  let from = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const to = counts[bucket] as number;
    if (to - from > CROWDED) sortCrowded(values, from, to);
    else if (to - from > 1) insert(values, from, to);
    from = to;
  }
  return values;
}

function isSorted(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return false;
  return true;
}

/** Into buckets; afterwards `counts` holds where each ends. The first and the last hold what is beyond the range. */
function distribute(values: Float64Array, { low, scale, buckets }: { low: number; scale: number; buckets: number }): void {
  const n = values.length;
  if (scratch.length < n) scratch = new Float64Array(n);
  if (counts.length < buckets) counts = new Int32Array(buckets);
  else counts.fill(0, 0, buckets);
  const [ends, into, last] = [counts, scratch, buckets - 1];
  for (let i = 0; i < n; i++) {
    const place = ((values[i] as number) - low) * scale;
    const bucket = place < 0 ? 0 : place >= last ? last : (place | 0) + 1;
    ends[bucket] = (ends[bucket] as number) + 1;
  }
  let sum = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const count = ends[bucket] as number;
    ends[bucket] = sum;
    sum += count;
  }
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const place = (value - low) * scale;
    const bucket = place < 0 ? 0 : place >= last ? last : (place | 0) + 1;
    const to = ends[bucket] as number;
    into[to] = value;
    ends[bucket] = to + 1;
  }
  values.set(n === into.length ? into : into.subarray(0, n));
}

/** One value again and again needs no sorting. */
function sortCrowded(values: Float64Array, from: number, to: number): void {
  const first = values[from];
  let at = from + 1;
  while (at < to && values[at] === first) at++;
  if (at < to) values.subarray(from, to).sort();
}

function insert(values: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const value = values[i] as number;
    let at = i - 1;
    while (at >= from && (values[at] as number) > value) {
      values[at + 1] = values[at] as number;
      at--;
    }
    values[at + 1] = value;
  }
}
