/** What is counted of some rows in a few passes, without a copy of any column: everything that their figures are made from, but for curves. */
import { calibrationCounts, type CalibrationCounts, type ConfidenceCells } from '../intervals/calibration-cells';
import { deLong, type DeLong } from '../intervals/delong';
import { orderFigures, type BinaryFigures } from '../metrics/classification';
import { classWalk, type ClassFigures, type ClassRanking } from '../metrics/multiclass-auc';
import { cumulate, within } from '../metrics/ranking';

/** Columns by row, made once for all sets of rows. Plain arrays, for another thread to read. */
export interface CountColumns {
  rows: number; k: number;
  /** true class x (k + 1) + predicted class, k where that is none of the classes or where nothing is called */
  labels: Int32Array;
  /** what each row adds to log loss and Brier score; null without probabilities */
  loss: Float64Array | null; squares: Float64Array | null;
  /** each row's place in the ranking, and down the ranking twice the group's number, one more where the row is positive; null without a score of one class */
  ranked: { place: Uint32Array; groups: Uint32Array } | null;
  scored: boolean;
  /** of more than two classes, with the true classes */
  byClass: { truth: Int32Array; rankings: readonly ClassRanking[] } | null;
  top: ConfidenceCells | null; pos: ConfidenceCells | null;
}

/** How sure the AUC of one class against the others is, and of how many rows on either side. */
export interface Sides { positives: number; negatives: number }
export interface ClassCounts { figures: ClassFigures | null; sure: DeLong | null; sides: Sides }

/** Sums over the rows, in their order. Small, whatever the number of rows. */
export interface Counts {
  n: number; labels: Float64Array; loss: number | null; squares: number | null;
  order: (Sides & { figures: BinaryFigures }) | null;
  byClass: ClassCounts[] | null;
  top: CalibrationCounts | null; pos: CalibrationCounts | null;
}

/** Counts the rows whose mask is 1 (others 0), again and again in the same memory: a slice after another costs no allocation that grows with rows. */
export function counter(columns: CountColumns): (mask: Uint8Array) => Counts {
  const { rows, k, ranked } = columns;
  const spare = new Int32Array(rows);
  const walk = ranked && { ...ranked, there: new Uint8Array(rows), tp: new Float64Array(rows), fp: new Float64Array(rows) };
  return (mask) => {
    const places = placesInto(spare, mask);
    return {
      n: places.length, labels: tally(columns.labels, places, k * (k + 1)), loss: columns.loss && sum(columns.loss, places), squares: columns.squares && sum(columns.squares, places),
      top: columns.top && calibrationCounts(columns.top, places), pos: columns.pos && calibrationCounts(columns.pos, places),
      byClass: columns.byClass && columns.byClass.rankings.map((one, c) => classCounts(columns, one, { c, mask })),
      // Last, as the walk down the ranking takes the memory of the places.
      order: walk ? orderCounts(walkInto(spare, places, walk), walk) : columns.scored ? { positives: 0, negatives: 0, figures: orderFigures(null, false) } : null,
    };
  };
}

/** Without a branch, which would be guessed wrong at every other row of a slice. */
function placesInto(spare: Int32Array, mask: Uint8Array): Int32Array {
  let size = 0;
  for (let row = 0; row < mask.length; row++) {
    spare[size] = row;
    size += mask[row] ?? 0;
  }
  return spare.subarray(0, size);
}

function tally(values: Int32Array, places: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (let at = 0; at < places.length; at++) {
    const value = values[places[at] ?? 0] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

function sum(values: Float64Array, places: Int32Array): number {
  let total = 0;
  for (let at = 0; at < places.length; at++) total += values[places[at] ?? 0] ?? NaN;
  return total;
}

/** The groups of the rows at these places, down the ranking. Marked there first, so that only what is in the slice is looked up out of order. */
function walkInto(spare: Int32Array, places: Int32Array, { place, groups, there }: { place: Uint32Array; groups: Uint32Array; there: Uint8Array }): Int32Array {
  for (let at = 0; at < places.length; at++) there[place[places[at] ?? 0] ?? 0] = 1;
  let size = 0;
  for (let at = 0; at < there.length; at++) {
    spare[size] = groups[at] ?? 0;
    size += there[at] ?? 0;
    there[at] = 0;
  }
  return spare.subarray(0, size);
}

/** Rows of one score are one point: each writes it, the last one as it stands. */
function orderCounts(walk: Int32Array, { tp, fp }: { tp: Float64Array; fp: Float64Array }): Counts['order'] {
  let [point, last, positives] = [-1, -1, 0];
  for (let at = 0; at < walk.length; at++) {
    const code = walk[at] ?? 0;
    const group = code >>> 1;
    point += group === last ? 0 : 1;
    last = group;
    positives += code & 1;
    tp[point] = positives;
    fp[point] = at + 1 - positives;
  }
  const negatives = walk.length - positives;
  const thresholds = new Float64Array();
  return { positives, negatives, figures: orderFigures({ thresholds, tp: tp.subarray(0, point + 1), fp: fp.subarray(0, point + 1), positives, negatives }, false) };
}

function classCounts({ byClass, k }: CountColumns, { scores, ranking }: ClassRanking, { c, mask }: { c: number; mask: Uint8Array }): ClassCounts {
  if (!ranking || !byClass) return { figures: null, sure: null, sides: { positives: 0, negatives: 0 } };
  const own = within(ranking, scores, mask);
  const { truth } = byClass;
  const curve = cumulate(own, { truth, positive: c });
  return { figures: classWalk({ truth, k }, own, c), sure: deLong(curve), sides: { positives: curve.positives, negatives: curve.negatives } };
}
