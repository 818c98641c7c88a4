/** Two models' labels on the same rows, to be resampled together by cells. */
import { confusionOf } from '../metrics/confusion';
import { labelFiguresToResample, type LabelFigureName } from './label-figures';
import type { CellFigures } from './resampled';

/** How many rows of true class t the baseline called a and the candidate b: `cells[i]` = (t · (k + 1) + a) · (k + 1) + b, and `counts[i]` of it; only those that occur. A label outside the classes is k. */
export interface LabelPair { k: number; cells: Int32Array; counts: Float64Array; /** of each cell of one model's matrix, where the difference in cost is wanted */ costs: Float64Array | null }

export function labelPair({ truth, baseline, candidate, k, costs = null }: { truth: Int32Array; baseline: Int32Array; candidate: Int32Array; k: number; costs?: Float64Array | null }): LabelPair {
  const wide = k + 1;
  const found = new Map<number, number>();
  for (let row = 0; row < truth.length; row++) {
    const cell = ((truth[row] ?? 0) * wide + outside(baseline[row] ?? -1, k)) * wide + outside(candidate[row] ?? -1, k);
    found.set(cell, (found.get(cell) ?? 0) + 1);
  }
  const cells = Int32Array.from(found.keys()).sort();
  return { k, cells, counts: Float64Array.from(cells, (cell) => found.get(cell) ?? 0), costs };
}

const outside = (code: number, k: number): number => (code < 0 || code > k ? k : code);

/** The figures of `labelFiguresToResample`, candidate minus baseline. */
export function labelPairFigures({ k, cells, counts, costs }: LabelPair): CellFigures<LabelFigureName> {
  const wide = k + 1;
  const split = (drawn: Float64Array, called: (cell: number) => number) => {
    const matrix = new Float64Array(k * k);
    const unseen = new Float64Array(k);
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] ?? 0;
      const truth = Math.floor(cell / (wide * wide));
      const p = called(cell);
      if (p === k) unseen[truth] = (unseen[truth] ?? 0) + (drawn[at] ?? 0);
      else matrix[truth * k + p] = (matrix[truth * k + p] ?? 0) + (drawn[at] ?? 0);
    }
    return labelFiguresToResample(confusionOf(matrix, unseen), costs);
  };
  const baselineOf = (cell: number): number => Math.floor(cell / wide) % wide;
  const candidateOf = (cell: number): number => cell % wide;
  const statistic = (drawn: Float64Array): (number | null)[] => {
    const [before, after] = [split(drawn, baselineOf), split(drawn, candidateOf)];
    const from = before.statistic(before.counts);
    return after.statistic(after.counts).map((value, at) => {
      const was = from[at] ?? null;
      return value === null || was === null ? null : value - was;
    });
  };
  return { names: split(counts, baselineOf).names, counts, statistic };
}
