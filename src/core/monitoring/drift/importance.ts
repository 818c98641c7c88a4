/** How much a model's answers depend on each column, without labels: what drifts in a column that the model hardly reads does little harm. */
import { refuseStopped } from '../../base/stopping';
import type { Data, Values } from '../../evaluation/data/types';
import { shuffled } from '../../evaluation/intervals/random';
import { openModel } from '../../evaluation/models/open';
import type { BatchScores, Predictor } from '../../evaluation/models/types';
import { takenValues } from '../../evaluation/questions/discover-columns';
import type { DriftRequest } from '../../../protocol/drift';
import type { Predicting } from './predictions';

const ROWS = 500;
const REPEATS = 2;

/**
 * One column at a time is shuffled among some hundred rows of the reference and the model asked again: the mean distance of its answers (half the sum over the classes' probabilities;
 * of a number the absolute one; of a bare label the share that changed), by column, in shares of their sum. Source: permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019), held
 * against the model's own answers in place of labels. Null where nothing moves the model. Throws what opening the model throws.
 */
export async function sensitivity(data: Data, request: DriftRequest, place: Predicting): Promise<Record<string, number> | null> {
  const { model, task, classes, label, seed } = request;
  if (!model || model.predictions !== undefined) return null;
  await using predictor = await openModel(model, { ...place, data, id: undefined, label: label ?? '', exclude: place.exclude ?? [], task, classes });
  const columns = [...predictor.columns];
  const { rows, columns: values } = await data.sample(columns, { most: ROWS, seed, signal: place.signal });
  const own = await asked(predictor, values, rows.length, place.signal);
  const found: Record<string, number> = {};
  for (const [at, name] of columns.entries()) {
    found[name] = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      refuseStopped(place.signal);
      const order = shuffled(rows.length, seed, at * REPEATS + repeat);
      const changed = await asked(predictor, { ...values, [name]: takenValues(values[name] as Values, order) }, rows.length, place.signal);
      found[name] += distance(own, changed) / REPEATS;
    }
    place.progress((at + 1) * REPEATS * rows.length, columns.length * REPEATS * rows.length);
  }
  return sharesOf(found);
}

/** In shares of their sum; less than nothing is nothing. Null where all are nothing. */
export function sharesOf(importance: Readonly<Record<string, number>>): Record<string, number> | null {
  const entries = Object.entries(importance).map(([name, value]): [string, number] => [name, Number.isFinite(value) ? Math.max(0, value) : 0]);
  const total = entries.reduce((sum, [, value]) => sum + value, 0);
  return total > 0 ? Object.fromEntries(entries.map(([name, value]) => [name, value / total])) : null;
}

type Answers = { scores: Float64Array | null; labels: (string | null)[] | null; width: number };

async function asked(predictor: Predictor, values: Readonly<Record<string, Values>>, rows: number, signal: AbortSignal): Promise<Answers> {
  const parts: BatchScores[] = [];
  const size = Math.max(1, Math.min(rows, predictor.batch));
  for (let from = 0; from < rows; from += size) {
    const count = Math.min(size, rows - from);
    const places = Int32Array.from({ length: count }, (_, at) => from + at);
    const columns = Object.fromEntries(Object.entries(values).map(([name, column]) => [name, takenValues(column, places)]));
    parts.push(await predictor.score({ from, count, columns }, signal));
  }
  const all = <T>(of: (part: BatchScores) => ArrayLike<T> | null): T[] | null => (parts.every((part) => of(part) !== null) ? parts.flatMap((part) => Array.from(of(part) ?? [])) : null);
  const scores = all((part) => part.scores);
  return { scores: scores && Float64Array.from(scores), labels: all((part) => part.labels), width: parts[0]?.width ?? 0 };
}

/** Rows that have no answer on a side are left out. */
function distance(own: Answers, other: Answers): number {
  let [sum, rows] = [0, 0];
  if (own.scores && other.scores && own.width > 0) {
    for (let row = 0; row * own.width < own.scores.length; row++) {
      let apart = 0;
      for (let at = row * own.width; at < (row + 1) * own.width; at++) apart += Math.abs((own.scores[at] ?? NaN) - (other.scores[at] ?? NaN));
      if (Number.isNaN(apart)) continue;
      sum += own.width > 1 ? apart / 2 : apart;
      rows++;
    }
    return rows > 0 ? sum / rows : 0;
  }
  for (const [row, label] of (own.labels ?? []).entries()) {
    if (label === null || other.labels?.[row] == null) continue;
    sum += label === other.labels[row] ? 0 : 1;
    rows++;
  }
  return rows > 0 ? sum / rows : 0;
}
