/** What a model says of all rows of a data set, as columns that drift is measured of. */
import { refuseStopped } from '../../base/stopping';
import type { Data, Values } from '../../evaluation/data/types';
import { openModel } from '../../evaluation/models/open';
import type { Predictor } from '../../evaluation/models/types';
import { collectOutput, inUnit, type RawOutput } from '../../evaluation/run/outputs';
import type { DriftRequest } from '../../../protocol/drift';

export interface Predicting { workspace: string; temp: string; python: string | null; signal: AbortSignal; progress(done: number, total: number): void; /** columns that are no input of the model */ exclude?: readonly string[] }
/** By the name of what was predicted: 'label', 'probability:CLASS', 'score', 'prediction'. */
export type Predictions = Map<string, { values: Values; type: 'numeric' | 'categorical' }>;

/** Rows that the model fails on count as missing. Throws what opening the model throws: a column that no input takes, say. */
export async function predictionsOf(data: Data, request: DriftRequest, place: Predicting): Promise<Predictions> {
  const { model, task, classes, label } = request;
  if (!model) return new Map();
  await using predictor = await openModel(model, { ...place, data, id: undefined, label: label ?? '', exclude: place.exclude ?? [], task, classes });
  const output = collectOutput(data.rows);
  for await (const batch of data.read({ columns: [...predictor.columns], batch: Math.max(1, Math.min(20_000, predictor.batch)), signal: place.signal })) {
    refuseStopped(place.signal);
    output.take(batch.from, batch.count, await predictor.score(batch, place.signal));
    place.progress(batch.from + batch.count, data.rows);
  }
  return columnsOf(output.done(), data.rows, { predictor, request });
}

function columnsOf(raw: RawOutput, rows: number, { predictor, request }: { predictor: Predictor; request: DriftRequest }): Predictions {
  const task = request.task ?? predictor.task ?? (raw.codes ? 'binary' : 'regression');
  const found: Predictions = new Map();
  const failed = Uint8Array.from({ length: rows }, (_, row) => (raw.failed.has(row) ? 1 : 0));
  const number = (at: number): Values => ({ type: 'float', values: Float64Array.from({ length: rows }, (_, row) => (failed[row] ? NaN : (raw.scores?.[row * raw.width + at] ?? NaN))), missing: failed });
  if (task === 'regression') {
    // A model may give its number as its label.
    const values = raw.scores ? number(0) : { type: 'float' as const, values: Float64Array.from({ length: rows }, (_, row) => Number(raw.names[raw.codes?.[row] ?? -1] ?? NaN)), missing: failed };
    return found.set('prediction', { values, type: 'numeric' });
  }
  const classes = (request.classes ?? predictor.classes ?? []).map(String);
  const label = (row: number): string => raw.names[raw.codes?.[row] ?? -1] ?? classes[largest(raw, row)] ?? '';
  if (raw.codes || (classes.length > 1 && raw.width === classes.length)) {
    const values = Array.from({ length: rows }, (_, row) => (failed[row] ? '' : label(row)));
    found.set('label', { type: 'categorical', values: { type: 'string', values, missing: Uint8Array.from(values, (value) => (value === '' ? 1 : 0)) } });
  }
  if (!raw.scores) return found;
  if (raw.width === 1) return found.set(inUnit(raw) && request.positive !== undefined ? `probability:${request.positive}` : 'score', { values: number(0), type: 'numeric' });
  const names = classes.length === raw.width ? classes : Array.from({ length: raw.width }, (_, at) => String(at));
  // Of two the one is what the other leaves.
  const shown = raw.width === 2 ? [request.positive === undefined ? 1 : Math.max(0, names.indexOf(request.positive))] : names.map((_, at) => at);
  for (const at of shown) found.set(`probability:${names[at] ?? at}`, { values: number(at), type: 'numeric' });
  return found;
}

function largest({ scores, width }: RawOutput, row: number): number {
  let best = 0;
  for (let at = 1; at < width; at++) if ((scores?.[row * width + at] ?? -Infinity) > (scores?.[row * width + best] ?? -Infinity)) best = at;
  return best;
}
