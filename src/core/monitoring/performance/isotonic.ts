/** The rising function that is nearest to what was seen: scores made into chances. */

/** Knots with rising `x`; between two it is a straight line, outside the outermost value. */
export interface Isotonic { x: Float64Array; y: Float64Array }

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955), as scikit-learn's `IsotonicRegression` with `out_of_bounds="clip"`: rows of one score are one
 * point. `scores` ascending, `hits` of the same rows; only rows whose `used` isn't 0 (null: all). Null without a row.
 */
export function fitIsotonic(scores: Float64Array, hits: Float64Array, used: Uint8Array | null = null): Isotonic | null {
  const rows = scores.length;
  // Blocks from the left: mean, rows, first and last score.
  const [mean, weight, low, high] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)];
  let blocks = 0;
  for (let row = 0; row < rows;) {
    const score = scores[row] ?? NaN;
    let [sum, count] = [0, 0];
    for (; row < rows && scores[row] === score; row++) {
      if (used && !used[row]) continue;
      sum += hits[row] ?? 0;
      count++;
    }
    if (count === 0) continue;
    let own = sum / count;
    let first = score;
    while (blocks > 0 && (mean[blocks - 1] ?? 0) >= own) {
      blocks--;
      const before = weight[blocks] ?? 0;
      own = (own * count + (mean[blocks] ?? 0) * before) / (count + before);
      count += before;
      first = low[blocks] ?? first;
    }
    mean[blocks] = own;
    weight[blocks] = count;
    low[blocks] = first;
    high[blocks++] = score;
  }
  return blocks === 0 ? null : knots({ mean, low, high }, blocks);
}

function knots({ mean, low, high }: Record<'mean' | 'low' | 'high', Float64Array>, blocks: number): Isotonic {
  const [x, y] = [new Float64Array(2 * blocks), new Float64Array(2 * blocks)];
  let size = 0;
  for (let block = 0; block < blocks; block++) {
    x[size] = low[block] ?? 0;
    y[size++] = mean[block] ?? 0;
    if (high[block] === low[block]) continue;
    x[size] = high[block] ?? 0;
    y[size++] = mean[block] ?? 0;
  }
  return { x: x.slice(0, size), y: y.slice(0, size) };
}

/** NaN stays NaN. */
export function isotonicAt({ x, y }: Isotonic, scores: Float64Array): Float64Array {
  const found = new Float64Array(scores.length);
  const last = x.length - 1;
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row] ?? NaN;
    // The first knot at or above the score.
    let [from, to] = [0, last + 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((x[middle] ?? 0) >= score) to = middle;
      else from = middle + 1;
    }
    if (Number.isNaN(score)) found[row] = NaN;
    else if (from === 0 || from > last || x[from] === score) found[row] = y[Math.min(from, last)] ?? NaN;
    else {
      const [left, right] = [x[from - 1] ?? 0, x[from] ?? 0];
      const share = (score - left) / (right - left);
      found[row] = (y[from - 1] ?? 0) + share * ((y[from] ?? 0) - (y[from - 1] ?? 0));
    }
  }
  return found;
}
