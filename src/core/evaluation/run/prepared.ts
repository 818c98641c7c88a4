/** A model's columns over the rows that can be judged, put side by side and sorted once: what every figure of every slice is taken from. */
import { column } from '../metrics/classification';
import type { ClassRanking } from '../metrics/multiclass-auc';
import { rank, type Ranking } from '../metrics/ranking';
import type { Task } from '../../../protocol/evaluation/request';
import type { Scored, ScoredModel } from './scored';

/** Row i of the columns is row `rows[i]` of the data. `ranking` and `byClass` are null where there is no score. */
export interface Prepared {
  task: Task; classes: readonly string[]; positive: number | null;
  rows: Int32Array;
  truth: Int32Array; predicted: Int32Array | null; probabilities: Float64Array | null;
  /** of the positive class: its probability, or a ranking's score */
  scores: Float64Array | null;
  ranking: Ranking | null;
  byClass: ClassRanking[] | null;
  /** a regression's; empty otherwise */
  truthNumbers: Float64Array; numbers: Float64Array;
}

/** `rows` are rows that have a label and a prediction of this model, ascending. Sorts the scores; copies nothing where all rows are asked for. */
export function prepare(scored: Scored, model: ScoredModel, rows: Int32Array): Prepared {
  const whole = rows.length === scored.rows;
  const k = scored.classes.length;
  const ints = (values: Int32Array): Int32Array => (whole ? values : taken(values, rows, new Int32Array(rows.length)));
  const reals = (values: Float64Array): Float64Array => (whole ? values : taken(values, rows, new Float64Array(rows.length)));
  const none = new Float64Array();
  const base = { task: scored.task, classes: scored.classes, positive: scored.positive, rows };
  if (scored.task === 'regression') {
    return { ...base, truth: new Int32Array(), predicted: null, probabilities: null, scores: null, ranking: null, byClass: null, truthNumbers: reals(scored.truthNumbers ?? none), numbers: reals(model.numbers ?? none) };
  }
  const probabilities = model.probabilities && (whole ? model.probabilities : takenRows(model.probabilities, rows, k));
  const scores = scored.positive === null ? null : model.scores ? reals(model.scores) : probabilities && column(probabilities, k, scored.positive);
  const byClass = scored.positive === null && probabilities
    ? Array.from({ length: k }, (_, c) => {
        const own = column(probabilities, k, c);
        return { scores: own, ranking: rank(own) };
      })
    : null;
  return {
    ...base, truth: ints(scored.truth ?? new Int32Array(scored.rows)), predicted: model.predicted && ints(model.predicted), probabilities, scores,
    ranking: scores && rank(scores), byClass, truthNumbers: none, numbers: none,
  };
}

type Column = Int32Array | Float64Array;

/** Values at the places given. */
export function taken<T extends Column>(values: T, places: Int32Array, out: T): T {
  for (let at = 0; at < places.length; at++) out[at] = values[places[at] ?? 0] ?? NaN;
  return out;
}

/** Rows of k values at the places given. */
export function takenRows(values: Float64Array, places: Int32Array, k: number): Float64Array {
  const out = new Float64Array(places.length * k);
  for (let at = 0; at < places.length; at++) {
    const from = (places[at] ?? 0) * k;
    for (let c = 0; c < k; c++) out[at * k + c] = values[from + c] ?? NaN;
  }
  return out;
}

/** A row's place among the columns, by its number in the data, as a mask over the columns: 1 where the row is a member. */
export function maskOf({ rows }: Pick<Prepared, 'rows'>, member: Uint8Array): Uint8Array {
  // All rows are here, in their order.
  if (rows.length === member.length) return member;
  const mask = new Uint8Array(rows.length);
  for (let at = 0; at < mask.length; at++) mask[at] = member[rows[at] ?? 0] ? 1 : 0;
  return mask;
}

/** The places where the mask isn't 0, ascending. */
export function placesOf(mask: Uint8Array): Int32Array {
  let members = 0;
  for (let at = 0; at < mask.length; at++) members += mask[at] ? 1 : 0;
  const places = new Int32Array(members);
  let n = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at]) places[n++] = at;
  return places;
}
