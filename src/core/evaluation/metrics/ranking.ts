/** Rows sorted once by score, from which ROC, PR, AUC, DeLong and threshold sweeps are read. */
import { sameLength, totalWeight, type Codes, type Reals, type Weights } from './columns';
import { ascending, hasNaN } from './order';

/** Rows by descending score; rows of one score are the group from `starts[g]` up to `starts[g + 1]`. */
export interface Ranking {
  order: Uint32Array;
  /** One more than there are groups: the last is the number of rows. */
  starts: Uint32Array;
  /** The score of each group, descending. */
  thresholds: Float64Array;
}

/** Sorts n scores. Null where one is NaN: it has no place. Within a group rows stand in their own order, reversed. */
export function rank(scores: Reals): Ranking | null {
  return hasNaN(scores) ? null : grouped(ascending(scores).reverse(), scores);
}

/** The ranking of a part of the rows: those that `member` is not 0 for. The whole need not be sorted again for each slice. */
export function within(ranking: Ranking, scores: Reals, member: Uint8Array): Ranking {
  const { order } = ranking;
  let members = 0;
  for (let row = 0; row < member.length; row++) members += member[row] === 0 ? 0 : 1;
  const kept = new Uint32Array(Math.min(members, order.length));
  let size = 0;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0;
    if (member[row] !== 0) kept[size++] = row;
  }
  return grouped(size === kept.length ? kept : kept.subarray(0, size), scores);
}

function grouped(order: Uint32Array, scores: Reals): Ranking {
  const starts = new Uint32Array(order.length + 1);
  const thresholds = new Float64Array(order.length);
  let groups = 0;
  for (let at = 0; at < order.length; at++) {
    const score = scores[order[at] ?? 0] ?? NaN;
    if (groups > 0 && thresholds[groups - 1] === score) continue;
    thresholds[groups] = score;
    starts[groups++] = at;
  }
  starts[groups] = order.length;
  return { order, starts: starts.slice(0, groups + 1), thresholds: thresholds.slice(0, groups) };
}

/** At each distinct score that has weight: how much of the positives (`tp`) and negatives (`fp`) scores that high or higher. */
export interface Cumulated { thresholds: Float64Array; tp: Float64Array; fp: Float64Array; positives: number; negatives: number }

export interface RankedColumns { truth: Codes; positive: number; weights?: Weights | undefined }

/** Counts down a ranking, in one pass. Groups of weight 0 are left out. Without rows all arrays are empty. */
export function cumulate({ order, starts, thresholds }: Ranking, { truth, positive, weights }: RankedColumns): Cumulated {
  sameLength(truth.length, { weights });
  const groups = thresholds.length;
  const kept = { thresholds: new Float64Array(groups), tp: new Float64Array(groups), fp: new Float64Array(groups) };
  let [size, tp, fp] = [0, 0, 0];
  for (let group = 0; group < groups; group++) {
    const before = tp + fp;
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) {
      const row = order[at] ?? 0;
      const weight = weights ? (weights[row] ?? 0) : 1;
      if (truth[row] === positive) tp += weight;
      else fp += weight;
    }
    if (tp + fp === before) continue;
    kept.thresholds[size] = thresholds[group] ?? NaN;
    kept.tp[size] = tp;
    kept.fp[size++] = fp;
  }
  return { thresholds: kept.thresholds.subarray(0, size), tp: kept.tp.subarray(0, size), fp: kept.fp.subarray(0, size), positives: tp, negatives: fp };
}

/** Sorts and counts in one call, for columns that are looked at once. Null where a score is NaN. Weights are checked here. */
export function cumulated(columns: RankedColumns & { scores: Reals }): Cumulated | null {
  sameLength(columns.truth.length, { scores: columns.scores });
  totalWeight(columns.truth.length, columns.weights);
  const ranking = rank(columns.scores);
  return ranking && cumulate(ranking, columns);
}
