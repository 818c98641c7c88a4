/** What is usual on the reference: its figures in parts of a window's size. */
import type { Bounds } from '../../evaluation/intervals/interval';
import type { Figures } from '../../../protocol/evaluation/result';
import { figureOf, type Metric } from './metrics';

/** Parts that NannyML takes where nothing is said. */
const USUAL = 10;
const FEWEST = 5;
const MOST = 100;
/** With fewer rows a part's figures say nothing. */
const LEAST_ROWS = 10;

/** Places [from, to) of the reference's parts: as long as a window, if that makes five; else ten of them. What is left over goes to the last. None where parts would have fewer than 10 rows. */
export function chunksOf(rows: number, windowRows: number): { from: number; to: number }[] {
  const fitting = windowRows > 0 ? Math.floor(rows / windowRows) : 0;
  const count = fitting >= FEWEST ? Math.min(MOST, fitting) : USUAL;
  const size = fitting >= FEWEST && fitting <= MOST ? Math.floor(windowRows) : Math.floor(rows / count);
  if (size < LEAST_ROWS) return [];
  return Array.from({ length: count }, (_, at) => ({ from: at * size, to: at === count - 1 ? rows : (at + 1) * size }));
}

/** Mean ± 3 standard deviations (of the parts themselves: divided by their number), within what the figure can be, as NannyML's `StandardDeviationThreshold`. Null where fewer than three parts have it. */
export function usualBand(parts: readonly Figures[], { path, limits }: Metric): Bounds | null {
  const values = parts.flatMap((figures) => figureOf(figures, path) ?? []);
  if (values.length < 3) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return [Math.max(limits[0], mean - 3 * spread), Math.min(limits[1], mean + 3 * spread)];
}
