/** Calibration errors of very many rows, resampled by cells: rows of nearly one probability that came true alike are alike. */
import type { BinSums, ConfidenceColumns } from '../metrics/calibration';
import type { CellFigures } from './resampled';

/**
 * Each row's cell: how many of `edges` are below its probability, and as many cells again for rows that came true. Every edge of every binning is among them, so that
 * a cell lies in one bin of each.
 */
export interface ConfidenceCells { edges: Float64Array; cell: Uint16Array; probabilities: ConfidenceColumns['probabilities'] }

/** Cells are no wider than 1/64: what probabilities vary within one is a hundredth or so of the variance of what comes true. */
const fine = 64;

export function confidenceCells({ probabilities, hits }: Pick<ConfidenceColumns, 'probabilities' | 'hits'>, bins: readonly number[]): ConfidenceCells {
  const edges = Float64Array.from(new Set([fine, ...bins].flatMap((count) => Array.from({ length: count - 1 }, (_, edge) => (edge + 1) * (1 / count))))).sort();
  const cell = new Uint16Array(probabilities.length);
  // Where the edges of each 1024th of [0, 1] begin, so that few steps are left.
  const starts = Uint16Array.from({ length: 1025 }, (_, part) => edges.findIndex((edge) => edge >= part / 1024) & 0xffff).map((start) => (start === 0xffff ? edges.length : start));
  for (let row = 0; row < cell.length; row++) {
    const p = probabilities[row] ?? 0;
    let at = starts[Math.max(0, Math.min(1024, Math.floor(p * 1024)))] ?? 0;
    while (at > 0 && (edges[at - 1] ?? 0) >= p) at--;
    while (at < edges.length && (edges[at] ?? 1) < p) at++;
    cell[row] = hits[row] ? at + edges.length + 1 : at;
  }
  return { edges, cell, probabilities };
}

/** Counts by cell, those that came true after the others, and the mean probability of each. Plain arrays, for another thread to read. */
export interface CalibrationCounts { edges: Float64Array; counts: Float64Array; means: Float64Array }

/** Of the rows at these places; of all where null. */
export function calibrationCounts({ edges, cell, probabilities }: ConfidenceCells, places: Int32Array | null): CalibrationCounts {
  const cells = edges.length + 1;
  const counts = new Float64Array(2 * cells);
  const means = new Float64Array(2 * cells);
  const n = places ? places.length : cell.length;
  for (let i = 0; i < n; i++) {
    const row = places ? (places[i] ?? 0) : i;
    const at = cell[row] ?? 0;
    counts[at] = (counts[at] ?? 0) + 1;
    means[at] = (means[at] ?? 0) + (probabilities[row] ?? 0);
  }
  for (let at = 0; at < means.length; at++) means[at] = counts[at] ? (means[at] ?? 0) / (counts[at] ?? 1) : 0;
  return { edges, counts, means };
}

/** Sums by bin, as `binned` has them of the rows; the bins are among those that the cells were made for. */
export function binSums({ edges, counts, means }: CalibrationCounts, bins: number): BinSums {
  const cells = edges.length + 1;
  const limits = Array.from({ length: bins - 1 }, (_, edge) => (edge + 1) * (1 / bins));
  const sums = { count: new Float64Array(bins), probability: new Float64Array(bins), hits: new Float64Array(bins) };
  let bin = 0;
  for (let cell = 0; cell < cells; cell++) {
    // A cell's upper edge is in its bin, as bins are right-closed.
    while (bin < limits.length && (limits[bin] ?? 1) < (edges[cell] ?? 1)) bin++;
    const [miss, hit] = [counts[cell] ?? 0, counts[cell + cells] ?? 0];
    sums.count[bin] = (sums.count[bin] ?? 0) + miss + hit;
    sums.probability[bin] = (sums.probability[bin] ?? 0) + miss * (means[cell] ?? 0) + hit * (means[cell + cells] ?? 0);
    sums.hits[bin] = (sums.hits[bin] ?? 0) + hit;
  }
  return sums;
}

/** `ece_top_10`, `mce_top_10` and so on, as functions of the counts of cells. Only cells with rows are drawn. */
export function calibrationFiguresToResample({ edges, counts, means }: CalibrationCounts, kind: 'top' | 'pos', bins: readonly number[]): CellFigures {
  const cells = edges.length + 1;
  const used = Array.from(counts.keys()).filter((at) => (counts[at] ?? 0) > 0);
  const mean = Float64Array.from(used, (at) => means[at] ?? 0);
  const hit = Uint8Array.from(used, (at) => (at >= cells ? 1 : 0));
  const binnings = bins.map((count) => {
    const limits = Array.from({ length: count - 1 }, (_, edge) => (edge + 1) * (1 / count));
    // A cell's upper edge is in its bin, as bins are right-closed.
    const bin = Uint16Array.from(used, (at) => limits.filter((limit) => limit < (edges[at % cells] ?? 1)).length);
    return { bin, gaps: new Float64Array(count), sizes: new Float64Array(count) };
  });
  const statistic = (drawn: Float64Array): (number | null)[] => binnings.flatMap(({ bin, gaps, sizes }) => {
    gaps.fill(0);
    sizes.fill(0);
    for (let at = 0; at < drawn.length; at++) {
      const [count, into] = [drawn[at] ?? 0, bin[at] ?? 0];
      gaps[into] = (gaps[into] ?? 0) + count * ((hit[at] ?? 0) - (mean[at] ?? 0));
      sizes[into] = (sizes[into] ?? 0) + count;
    }
    let [sum, total, most] = [0, 0, 0];
    for (let into = 0; into < sizes.length; into++) {
      const [size, gap] = [sizes[into] ?? 0, Math.abs(gaps[into] ?? 0)];
      if (size === 0) continue;
      sum += gap;
      total += size;
      most = Math.max(most, gap / size);
    }
    return total > 0 ? [sum / total, most] : [null, null];
  });
  return { names: bins.flatMap((count) => [`ece_${kind}_${count}`, `mce_${kind}_${count}`]), counts: Float64Array.from(used, (at) => counts[at] ?? 0), statistic };
}
