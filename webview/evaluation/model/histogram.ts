/** Histograms as outlines to draw: what share of the rows each bin holds. Pure. */
import type { Histogram } from '../../../src/protocol/evaluation/result';
import type { Point } from '../../shared/curve';
import { formatNumber } from '../../shared/format';
import { formatCount, formatShare } from './digits';

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** How wide the bins are, on the mean: all of one histogram are as wide as each other, but for rounding. */
export const binWidth = (edges: readonly number[]): number => ((edges.at(-1) ?? 0) - (edges[0] ?? 0)) / Math.max(1, edges.length - 1);

/**
 * A point an edge at the height of the bin to its right, back to zero at the end: for a line that is level from each point to the next.
 * Heights are shares of `of` rows (all counted ones unless told), so that a slice and the whole fit on one scale; with `width` what a bin of that
 * width would hold on the mean, so that histograms of other bins do, too. Labels say what the bin itself holds.
 */
export function outline(edges: readonly number[], counts: readonly number[], options: { of?: number; name?: string; width?: number } = {}): Point[] {
  const rows = options.of ?? total(counts);
  if (edges.length < 2 || rows === 0) return [];
  const own = binWidth(edges);
  const scale = options.width === undefined || own === 0 || Math.abs(options.width / own - 1) < 1e-9 ? 1 : options.width / own;
  const points = counts.map((count, bin): Point => {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
    return { x: from, y: (count / rows) * scale, label: `${options.name ? `${options.name}, ` : ''}${formatNumber(from, 3)} to ${formatNumber(to, 3)}: ${formatCount(count)} rows, ${formatShare(count / rows)}` };
  });
  return [{ x: edges[0] ?? 0, y: 0 }, ...points, { x: edges.at(-1) ?? 0, y: 0 }];
}

/** The same histogram in words, for who can't see it: its fullest bins. */
export function histogramWords(histogram: Histogram): string {
  const rows = total(histogram.counts);
  if (rows === 0) return 'no rows';
  const order = histogram.counts.map((count, bin) => ({ count, bin })).sort((a, b) => b.count - a.count).slice(0, 3);
  return `${formatCount(rows)} rows; most between ${order.map(({ count, bin }) => `${formatNumber(histogram.edges[bin] ?? 0, 3)} and ${formatNumber(histogram.edges[bin + 1] ?? 0, 3)} (${formatShare(count / rows)})`).join(', ')}`;
}
