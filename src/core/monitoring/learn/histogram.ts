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

/** Left sums are of values up to the bin, without the missing and with them. Plain numbers throughout: it runs a hundred million times. */
function scan(cells: Float64Array, feature: number, minLeaf: number, best: Split): void {
  let [gradient, hessian, rows] = [0, 0, 0];
  for (let at = 0; at < cells.length; at += 3) {
    gradient += cells[at] ?? 0;
    hessian += cells[at + 1] ?? 0;
    rows += cells[at + 2] ?? 0;
  }
  const [missingGradient = 0, missingHessian = 0, missing = 0] = cells;
  const base = score(gradient, hessian);
  let [g, h, n] = [0, 0, 0];
  for (let at = 3; at < cells.length; at += 3) {
    const own = cells[at + 2] ?? 0;
    // As the bin before it.
    if (own === 0) continue;
    g += cells[at] ?? 0;
    h += cells[at + 1] ?? 0;
    n += own;
    const enough = n >= minLeaf && h >= LEAST_HESSIAN && rows - n >= minLeaf && hessian - h >= LEAST_HESSIAN;
    const gain = enough ? score(g, h) + score(gradient - g, hessian - h) - base : -1;
    if (gain > best.gain) {
      // Where nothing is missing here, what will be missing goes with the larger side.
      put(best, { gain, feature, limit: at / 3, shift: missing === 0 && 2 * n >= rows ? 0 : 1 });
    }
    if (missing === 0) continue;
    const [gm, hm, nm] = [g + missingGradient, h + missingHessian, n + missing];
    if (nm < minLeaf || hm < LEAST_HESSIAN || rows - nm < minLeaf || hessian - hm < LEAST_HESSIAN) continue;
    const other = score(gm, hm) + score(gradient - gm, hessian - hm) - base;
    if (other > best.gain) put(best, { gain: other, feature, limit: at / 3, shift: 0 });
  }
}

function put(best: Split, { gain, feature, limit, shift }: Split): void {
  Object.assign(best, { gain, feature, limit: limit - shift, shift });
}
