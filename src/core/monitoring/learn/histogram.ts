/** Sums of gradients by bin of each column, and the split that they show to be best. */

/** Where each column's bins are: three numbers a bin (gradient, hessian, rows), bin 0 of the missing. No bins of a column that says nothing: all its codes are the same. */
export interface Layout { starts: Int32Array; bins: Int32Array; size: number }

export function layoutOf(edges: readonly Float64Array[], codes: readonly Uint8Array[]): Layout {
  const bins = Int32Array.from(edges, ({ length }, column) => (codes[column]?.some((code, _, all) => code !== all[0]) ? length + 2 : 0));
  const starts = new Int32Array(edges.length);
  let size = 0;
  bins.forEach((count, column) => {
    starts[column] = size;
    size += 3 * count;
  });
  return { starts, bins, size };
}

/** Rows `from` to `to` of the order, into a histogram of zeros. */
export function addHistogram({ layout, codes, gradient, hessian }: { layout: Layout; codes: readonly Uint8Array[]; gradient: Float64Array; hessian: Float64Array }, { order, gathered }: { order: Uint32Array; gathered: Float64Array }, histogram: Float64Array, { from, to }: { from: number; to: number }): void {
  for (let at = from; at < to; at++) {
    const row = order[at] ?? 0;
    gathered[2 * at] = gradient[row] ?? 0;
    gathered[2 * at + 1] = hessian[row] ?? 0;
  }
  codes.forEach((column, feature) => {
    if ((layout.bins[feature] ?? 0) > 0) addColumn(column, order, { gathered, from, to }, histogram.subarray(layout.starts[feature] ?? 0));
  });
}

function addColumn(column: Uint8Array, order: Uint32Array, { gathered, from, to }: { gathered: Float64Array; from: number; to: number }, into: Float64Array): void {
  for (let at = from; at < to; at++) {
    const cell = 3 * (column[order[at] ?? 0] ?? 0);
    into[cell] = (into[cell] ?? 0) + (gathered[2 * at] ?? 0);
    into[cell + 1] = (into[cell + 1] ?? 0) + (gathered[2 * at + 1] ?? 0);
    into[cell + 2] = (into[cell + 2] ?? 0) + 1;
  }
}

/** What is left of the whole without a part. */
export function subtract(whole: Float64Array, part: Float64Array): void {
  for (let at = 0; at < whole.length; at++) whole[at] = (whole[at] ?? 0) - (part[at] ?? 0);
}

/** `(code - shift) & 255 <= limit` goes left: with shift 0 the missing (code 0) do, with shift 1 they go right. */
export interface Split { gain: number; feature: number; limit: number; shift: number }
interface Sums { gradient: number; hessian: number; rows: number }

const LEAST_HESSIAN = 1e-3;
const score = (gradient: number, hessian: number): number => (gradient * gradient) / hessian;

/** Gain of a split: G_left² / H_left + G_right² / H_right - G² / H (Chen & Guestrin 2016, without a penalty). The first of equals; null where none gains more than `least` and leaves `minLeaf` rows on both sides. */
export function bestSplit(layout: Layout, histogram: Float64Array, { minLeaf, least }: { minLeaf: number; least: number }): Split | null {
  const best: Split = { gain: least, feature: -1, limit: 0, shift: 0 };
  for (let feature = 0; feature < layout.bins.length; feature++) {
    const bins = layout.bins[feature] ?? 0;
    if (bins > 0) scan(histogram.subarray(layout.starts[feature] ?? 0, (layout.starts[feature] ?? 0) + 3 * bins), feature, minLeaf, best);
  }
  return best.feature < 0 ? null : best;
}

function scan(cells: Float64Array, feature: number, minLeaf: number, best: Split): void {
  const bins = cells.length / 3;
  const all: Sums = { gradient: 0, hessian: 0, rows: 0 };
  for (let bin = 0; bin < bins; bin++) {
    all.gradient += cells[3 * bin] ?? 0;
    all.hessian += cells[3 * bin + 1] ?? 0;
    all.rows += cells[3 * bin + 2] ?? 0;
  }
  const missing: Sums = { gradient: cells[0] ?? 0, hessian: cells[1] ?? 0, rows: cells[2] ?? 0 };
  const without = { gradient: 0, hessian: 0, rows: 0 };
  const base = score(all.gradient, all.hessian);
  const none = missing.rows === 0;
  for (let bin = 1; bin < bins; bin++) {
    without.gradient += cells[3 * bin] ?? 0;
    without.hessian += cells[3 * bin + 1] ?? 0;
    without.rows += cells[3 * bin + 2] ?? 0;
    // Where nothing is missing here, what will be missing goes with the larger side.
    if (none) take(without, all, { base, minLeaf, feature, limit: bin, shift: 2 * without.rows >= all.rows ? 0 : 1 }, best);
    else {
      take(without, all, { base, minLeaf, feature, limit: bin, shift: 1 }, best);
      if (bin < bins - 1) take({ gradient: without.gradient + missing.gradient, hessian: without.hessian + missing.hessian, rows: without.rows + missing.rows }, all, { base, minLeaf, feature, limit: bin, shift: 0 }, best);
    }
  }
}

function take(left: Sums, all: Sums, { base, minLeaf, feature, limit, shift }: { base: number; minLeaf: number; feature: number; limit: number; shift: number }, best: Split): void {
  const rows = all.rows - left.rows;
  const hessian = all.hessian - left.hessian;
  if (left.rows < minLeaf || rows < minLeaf || left.hessian < LEAST_HESSIAN || hessian < LEAST_HESSIAN) return;
  const gain = score(left.gradient, left.hessian) + score(all.gradient - left.gradient, hessian) - base;
  if (gain > best.gain) Object.assign(best, { gain, feature, limit: limit - shift, shift });
}
