/** Some rows of the prepared columns: all of them, or a slice. */
import { cumulate, within, type Cumulated } from '../metrics/ranking';
import type { RankedRows } from '../metrics/classification';
import { binSums, calibrationCounts } from '../intervals/calibration-cells';
import type { CellCounts, Cells } from './cells';
import { placesOf, taken, takenRows, type Prepared } from './prepared';

/** Columns of its own, in the order of the rows; `ranked` is what the whole's order tells of it. */
export interface Part {
  of: Prepared; n: number;
  /** places among the whole's columns; null: all of them */
  places: Int32Array | null;
  truth: Int32Array; predicted: Int32Array | null; probabilities: Float64Array | null; scores: Float64Array | null; curve: Cumulated | null;
  ranked: RankedRows; cells: CellCounts | null; truthNumbers: Float64Array; numbers: Float64Array;
}

/** `mask` is over the columns (`maskOf`); null for all rows. One pass a column, and one down each ranking. */
export function partOf(of: Prepared, mask: Uint8Array | null, cells: Cells | null = null): Part {
  const { ranking, scores, truth, positive, byClass, probabilities } = of;
  const inRanking = ranking && scores && (mask ? within(ranking, scores, mask) : ranking);
  const curve = inRanking && positive !== null ? cumulate(inRanking, { truth, positive }) : null;
  const ranked: RankedRows = {
    ...(scores && { curve }),
    ...(byClass && probabilities && { byClass: { truth, probabilities, rankings: mask ? byClass.map((one) => ({ scores: one.scores, ranking: one.ranking && within(one.ranking, one.scores, mask) })) : byClass } }),
  };
  const places = mask && placesOf(mask);
  const counts = cells && { top: calibrationCounts(cells.top, places), pos: cells.pos && calibrationCounts(cells.pos, places) };
  if (counts) ranked.binned = (kind, bins) => (counts[kind] ? binSums(counts[kind], bins) : null);
  if (!places) return { of, n: of.rows.length, places: null, truth, predicted: of.predicted, probabilities, scores, curve, ranked, cells: counts, truthNumbers: of.truthNumbers, numbers: of.numbers };
  const ints = (values: Int32Array): Int32Array => (values.length === 0 ? values : taken(values, places, new Int32Array(places.length)));
  const reals = (values: Float64Array): Float64Array => (values.length === 0 ? values : taken(values, places, new Float64Array(places.length)));
  return {
    of, n: places.length, places, truth: ints(truth), predicted: of.predicted && ints(of.predicted), probabilities: probabilities && takenRows(probabilities, places, of.classes.length),
    scores: scores && reals(scores), curve, ranked, cells: counts, truthNumbers: reals(of.truthNumbers), numbers: reals(of.numbers),
  };
}
