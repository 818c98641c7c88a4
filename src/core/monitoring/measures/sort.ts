/** Sorting of many numbers, several times as fast as the typed array's own: most of the time of a drift report is sorting. */

/** Fewer are left to the typed array. */
const FEW = 4000;
/** Values to a part, on the mean: a part and its buckets stay in a core's own cache. */
const PER_PART = 1024;
/** So few are sorted by insertion; a bucket with many more is left to the typed array. */
const INSERTED = 24;
const CROWDED = 48;
const SAMPLE = 1000;

let scratch = new Float64Array(0);
let ends = new Int32Array(0);
let buckets = new Int32Array(0);

/**
 * In place, ascending; every value has to be finite. Parts of one width over the middle 98 % of a thousand of the values, the others in the outer ones; in each part a bucket for
 * every value, then insertion. So it takes time in proportion to the number of values unless they crowd, and never much more than the typed array's own. -0 and 0 keep no order
 * among themselves.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  const n = values.length;
  if (n < FEW || isSorted(values)) return n < FEW ? values.sort() : values;
  const sample = Float64Array.from({ length: SAMPLE }, (_, k) => values[Math.floor((k * n) / SAMPLE)] ?? 0).sort();
  const [low, high] = [sample[SAMPLE / 100] ?? 0, sample[SAMPLE - SAMPLE / 100 - 1] ?? 0];
  const parts = Math.max(4, Math.floor(n / PER_PART));
  const scale = (parts - 2) / (high - low);
  if (!(scale > 0) || !Number.isFinite(scale)) return values.sort();
  distribute(values, { low, scale, parts });
  let from = 0;
  for (let part = 0; part < parts; part++) {
    const to = ends[part] as number;
    if (to > from) sortPart(values, from, to);
    from = to;
  }
  return values;
}

function isSorted(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] as number) < (values[i - 1] as number)) return false;
  return true;
}

/** Into parts in `scratch`; afterwards `ends` holds where each ends. The first and the last hold what is beyond the range. */
function distribute(values: Float64Array, { low, scale, parts }: { low: number; scale: number; parts: number }): void {
  const n = values.length;
  if (scratch.length < n) scratch = new Float64Array(n);
  if (ends.length < parts) ends = new Int32Array(parts);
  else ends.fill(0, 0, parts);
  const [places, into, last] = [ends, scratch, parts - 1];
  for (let i = 0; i < n; i++) {
    const place = ((values[i] as number) - low) * scale;
    const part = place < 0 ? 0 : place >= last ? last : (place | 0) + 1;
    places[part] = (places[part] as number) + 1;
  }
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    const count = places[part] as number;
    places[part] = sum;
    sum += count;
  }
  for (let i = 0; i < n; i++) {
    const value = values[i] as number;
    const place = (value - low) * scale;
    const part = place < 0 ? 0 : place >= last ? last : (place | 0) + 1;
    const to = places[part] as number;
    into[to] = value;
    places[part] = to + 1;
  }
}

/** From `scratch` back into its place, in order. */
function sortPart(values: Float64Array, from: number, to: number): void {
  const n = to - from;
  const [part, places] = [scratch, buckets.length < n ? (buckets = new Int32Array(2 * n)) : buckets];
  let low = part[from] as number;
  let high = low;
  for (let i = from + 1; i < to; i++) {
    const value = part[i] as number;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  const scale = (n - 1) / (high - low);
  // One value again and again needs no sorting.
  if (n <= INSERTED || low === high || !Number.isFinite(scale)) {
    values.set(part.subarray(from, to), from);
    if (n <= INSERTED) insert(values, from, to);
    else if (low !== high) values.subarray(from, to).sort();
    return;
  }
  places.fill(0, 0, n);
  for (let i = from; i < to; i++) {
    const bucket = (((part[i] as number) - low) * scale) | 0;
    places[bucket] = (places[bucket] as number) + 1;
  }
  let sum = from;
  let most = 0;
  for (let bucket = 0; bucket < n; bucket++) {
    const count = places[bucket] as number;
    if (count > most) most = count;
    places[bucket] = sum;
    sum += count;
  }
  for (let i = from; i < to; i++) {
    const value = part[i] as number;
    const bucket = ((value - low) * scale) | 0;
    const at = places[bucket] as number;
    values[at] = value;
    places[bucket] = at + 1;
  }
  if (most <= CROWDED) insert(values, from, to);
  else sortCrowded(values, places, { from, n });
}

/** A bucket of one value needs no sorting; others with many are left to the typed array. `ends`: where each bucket ends. */
function sortCrowded(values: Float64Array, places: Int32Array, { from, n }: { from: number; n: number }): void {
  let begin = from;
  for (let bucket = 0; bucket < n; bucket++) {
    const end = places[bucket] as number;
    if (end - begin <= CROWDED) insert(values, begin, end);
    else if (!isSorted(values.subarray(begin, end))) values.subarray(begin, end).sort();
    begin = end;
  }
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
