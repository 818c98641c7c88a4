/** Rows in the order of a column, for a million rows at once. */
import type { Reals } from './columns';

const digit = 11;
const buckets = 1 << digit;

/**
 * The row numbers in ascending order of their values; rows of equal value keep their order. Radix sort on the bits of the numbers
 * (Knuth, TAOCP 5.2.5): three passes where every value is a float32, six otherwise.
 * Edge cases: -0 and 0 are one value; infinities are in place; NaN has none, so test for it first (`hasNaN`).
 */
export function ascending(values: Reals): Uint32Array {
  const rows = values.length;
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[row] = row;
  const sorting = { order, spare: new Uint32Array(rows) };
  if (values instanceof Float32Array || isFloat32(values)) {
    const single = Float32Array.from(values);
    const keys = new Uint32Array(single.buffer);
    for (let row = 0; row < rows; row++) keys[row] = flip(single[row] === 0 ? 0 : (keys[row] ?? 0));
    return sortBy(sorting, keys).order;
  }
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * rows);
  const low = new Uint32Array(rows);
  const high = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (values[row] === 0) {
      high[row] = flip(0);
      continue;
    }
    const top = words[2 * row + 1] ?? 0;
    low[row] = top >>> 31 ? ~(words[2 * row] ?? 0) : (words[2 * row] ?? 0);
    high[row] = flip(top);
  }
  return sortBy(sortBy(sorting, low), high).order;
}

function isFloat32(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) if (values[row] !== Math.fround(values[row] ?? 0)) return false;
  return true;
}

export function hasNaN(values: Reals): boolean {
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) return true;
  return false;
}

/** The bits of a float as an unsigned number that rises with the float: negative ones are turned round. */
const flip = (bits: number): number => (bits >>> 31 ? ~bits : bits | 0x80000000) >>> 0;

interface Sorting { order: Uint32Array; spare: Uint32Array }

/** Sorts the order, stably, by 32-bit keys that are numbered by row. */
function sortBy({ order, spare }: Sorting, byRow: Uint32Array): Sorting {
  const rows = order.length;
  const counts = new Uint32Array(3 * buckets);
  for (let row = 0; row < rows; row++) {
    const key = byRow[row] ?? 0;
    for (let pass = 0; pass < 3; pass++) {
      const at = pass * buckets + ((key >>> (pass * digit)) & (buckets - 1));
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  let [from, to] = [order, spare];
  let keys = new Uint32Array(rows);
  for (let at = 0; at < rows; at++) keys[at] = byRow[order[at] ?? 0] ?? 0;
  let moved = new Uint32Array(rows);
  for (let pass = 0; pass < 3; pass++) {
    const starts = counts.subarray(pass * buckets, (pass + 1) * buckets);
    // All rows in one bucket: nothing would move.
    if (starts.includes(rows)) continue;
    let start = 0;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = starts[bucket] ?? 0;
      starts[bucket] = start;
      start += count;
    }
    for (let at = 0; at < rows; at++) {
      const key = keys[at] ?? 0;
      const bucket = (key >>> (pass * digit)) & (buckets - 1);
      const place = starts[bucket] ?? 0;
      starts[bucket] = place + 1;
      to[place] = from[at] ?? 0;
      moved[place] = key;
    }
    [from, to] = [to, from];
    [keys, moved] = [moved, keys];
  }
  return { order: from, spare: to };
}
