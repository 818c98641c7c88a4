/** Some rows of the prepared columns: all of them, or a slice. */
import { cumulate, within, type Cumulated } from '../metrics/ranking';
import type { RankedRows } from '../metrics/classification';
import { binSums, calibrationCounts, type CalibrationCounts } from '../intervals/calibration-cells';
import type { Cells } from './cells';
import type { Counts } from './counts';
import { placesOf, taken, takenRows, type Prepared } from './prepared';

/** Columns of its own, in the order of the rows; `ranked` is what the whole's order tells of it. Each is made when it is first asked for, as most figures need none. */
export interface Part {
  readonly of: Prepared; readonly n: number;
  /** places among the whole's columns; null: all of them */
  readonly places: Int32Array | null;
  readonly truth: Int32Array; readonly predicted: Int32Array | null; readonly probabilities: Float64Array | null; readonly scores: Float64Array | null; readonly curve: Cumulated | null;
  readonly ranked: RankedRows; readonly truthNumbers: Float64Array; readonly numbers: Float64Array;
  /** of a slice's rows, what its figures are made from; null for all rows and for a regression */
  readonly counts: Counts | null;
  /** by cells of probability, for bins and their intervals */
  readonly cells: { top: CalibrationCounts | null; pos: CalibrationCounts | null } | null;
}

/** `mask` is over the columns (`maskOf`), 1 or 0; null for all rows. `counts`: of these rows, where they were counted already. */
export function partOf(of: Prepared, mask: Uint8Array | null, cells: Cells | null = null, counts: Counts | null = mask && cells ? cells.count(mask) : null): Part {
  const places = lazily(() => mask && placesOf(mask));
  const ints = (values: Int32Array | null): (() => Int32Array) => lazily(() => own(values ?? new Int32Array(), places(), (size) => new Int32Array(size)));
  const reals = (values: Float64Array | null): (() => Float64Array) => lazily(() => own(values ?? new Float64Array(), places(), (size) => new Float64Array(size)));
  const [truth, predicted, scores, truthNumbers, numbers] = [ints(of.truth), ints(of.predicted), reals(of.scores), reals(of.truthNumbers), reals(of.numbers)];
  const probabilities = lazily(() => of.probabilities && (mask ? takenRows(of.probabilities, places() ?? new Int32Array(), of.classes.length) : of.probabilities));
  const curve = lazily(() => curveOf(of, mask));
  const byCell = lazily(() => counts ?? (cells && { top: cells.columns.top && calibrationCounts(cells.columns.top, places()), pos: cells.columns.pos && calibrationCounts(cells.columns.pos, places()) }));
  return {
    of, counts, n: counts?.n ?? (mask ? countOf(mask) : of.rows.length),
    get places() { return places(); },
    get truth() { return truth(); },
    get predicted() { return of.predicted && predicted(); },
    get probabilities() { return probabilities(); },
    get scores() { return of.scores && scores(); },
    get truthNumbers() { return truthNumbers(); },
    get numbers() { return numbers(); },
    get curve() { return curve(); },
    get cells() { return byCell(); },
    get ranked() { return rankedOf(of, { mask, curve, cells: byCell() }); },
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function own<T extends Int32Array | Float64Array>(values: T, places: Int32Array | null, empty: (size: number) => T): T {
  return !places || values.length === 0 ? values : taken(values, places, empty(places.length));
}

function countOf(mask: Uint8Array): number {
  let n = 0;
  for (let at = 0; at < mask.length; at++) n += mask[at] ? 1 : 0;
  return n;
}

function curveOf({ ranking, scores, truth, positive }: Prepared, mask: Uint8Array | null): Cumulated | null {
  const inRanking = ranking && scores && (mask ? within(ranking, scores, mask) : ranking);
  return inRanking && positive !== null ? cumulate(inRanking, { truth, positive }) : null;
}

function rankedOf({ scores, truth, byClass, probabilities }: Prepared, { mask, curve, cells }: { mask: Uint8Array | null; curve: () => Cumulated | null; cells: Part['cells'] }): RankedRows {
  return {
    ...(scores && { curve: curve() }),
    ...(byClass && probabilities && { byClass: { truth, probabilities, rankings: mask ? byClass.map((one) => ({ scores: one.scores, ranking: one.ranking && within(one.ranking, one.scores, mask) })) : byClass } }),
    ...(cells?.top && { binned: (kind: 'top' | 'pos', bins: number) => (cells[kind] ? binSums(cells[kind], bins) : null) }),
  };
}
