import { sameLength, totalWeight } from './columns';
import type { NumberColumns } from './absolute-error';

/** `edges` are one more than `counts`: bin i is [edges[i], edges[i + 1]), the last one closed. `excluded` counts rows with a residual that isn't finite. */
export interface ResidualHistogram { edges: Float64Array; counts: Float64Array; excluded: number }

/**
 * The residuals (predicted - true) in equal-width bins from the least to the largest (numpy's `histogram`); `range` fixes the ends, for
 * two histograms to be laid beside each other, and rows beyond them are left out and counted in `excluded` too.
 * Edge cases: no finite residual gives no bins; where all are one value v the bins go from v - 1/2 to v + 1/2.
 */
export function residualHistogram({ truth, predicted, weights }: NumberColumns, bins: number, range?: readonly [number, number]): ResidualHistogram {
  const rows = truth.length;
  sameLength(rows, { predicted });
  totalWeight(rows, weights);
  const residuals = new Float64Array(rows);
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row++) {
    const residual = (predicted[row] ?? NaN) - (truth[row] ?? NaN);
    residuals[row] = residual;
    if (!Number.isFinite(residual) || (weights && weights[row] === 0)) continue;
    if (residual < least) least = residual;
    if (residual > most) most = residual;
  }
  if (range) [least, most] = range;
  if (!(least <= most)) return { edges: new Float64Array(), counts: new Float64Array(), excluded: rows };
  if (least === most) [least, most] = [least - 0.5, most + 0.5];
  const edges = Float64Array.from({ length: bins + 1 }, (_, edge) => (edge === bins ? most : least + edge * ((most - least) / bins)));
  const counts = new Float64Array(bins);
  let excluded = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (weight === 0) continue;
    const residual = residuals[row] ?? NaN;
    if (!(residual >= least && residual <= most)) {
      excluded++;
      continue;
    }
    let bin = Math.min(bins - 1, Math.floor(((residual - least) / (most - least)) * bins));
    while (bin > 0 && residual < (edges[bin] ?? 0)) bin--;
    while (bin < bins - 1 && residual >= (edges[bin + 1] ?? 0)) bin++;
    counts[bin] = (counts[bin] ?? 0) + weight;
  }
  return { edges, counts, excluded };
}
