/** Brushing a histogram: a stretch of its bins, by dragging or by keys. Pure. */

export interface Stretch { from: number; to: number }

/** The edge nearest to a value. */
function nearest(edges: readonly number[], value: number): number {
  let best = 0;
  edges.forEach((edge, at) => { if (Math.abs(edge - value) < Math.abs((edges[best] ?? 0) - value)) best = at; });
  return best;
}

/** Whole bins between two places, at least one; null where there are no bins. The order of the two doesn't matter. */
export function snap(edges: readonly number[], a: number, b: number): Stretch | null {
  if (edges.length < 2) return null;
  const [one, other] = [nearest(edges, Math.min(a, b)), nearest(edges, Math.max(a, b))];
  const low = Math.min(one, edges.length - 2);
  const high = Math.max(other, low + 1);
  return { from: edges[low] ?? 0, to: edges[high] ?? 0 };
}

/**
 * The stretch after a key: arrows move it by a bin, with shift its right end alone; Home and End go to the ends, Escape gives none.
 * The first key takes the first bin (with ArrowLeft or End the last). `undefined`: the key means nothing here.
 */
export function keyStretch(edges: readonly number[], now: Stretch | null, key: string, shift: boolean): Stretch | null | undefined {
  const bins = edges.length - 1;
  if (bins < 1) return undefined;
  if (key === 'Escape' || key === 'Delete' || key === 'Backspace') return null;
  if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(key)) return undefined;
  const of = (low: number, high: number): Stretch => ({ from: edges[low] ?? 0, to: edges[high] ?? 0 });
  if (!now) return key === 'ArrowLeft' || key === 'End' ? of(bins - 1, bins) : of(0, 1);
  const low = Math.min(nearest(edges, now.from), bins - 1);
  const high = Math.max(nearest(edges, now.to), low + 1);
  const wide = high - low;
  if (shift) {
    const end = key === 'ArrowLeft' ? high - 1 : key === 'ArrowRight' ? high + 1 : key === 'Home' ? low + 1 : bins;
    return of(low, Math.min(bins, Math.max(low + 1, end)));
  }
  const start = key === 'ArrowLeft' ? low - 1 : key === 'ArrowRight' ? low + 1 : key === 'Home' ? 0 : bins - wide;
  const begin = Math.min(bins - wide, Math.max(0, start));
  return of(begin, begin + wide);
}
