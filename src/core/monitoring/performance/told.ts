/** What a model said of the rows of a data set: its columns of predictions, or the model asked. */
import { refuseStopped } from '../../base/stopping';
import type { Data } from '../../evaluation/data/types';
import { openModel } from '../../evaluation/models/open';
import { collectLabels } from '../../evaluation/run/labels';
import { collectOutput, type RawOutput } from '../../evaluation/run/outputs';
import type { ModelSpec, Task } from '../../../protocol/evaluation/request';
import type { LogColumns } from '../../domain/log-place';

/** `classes`: of the scores, in their order; null where nothing tells. */
export interface Told { raw: RawOutput; classes: readonly string[] | null; task: Task | null }
export interface Asking {
  columns: Pick<LogColumns, 'prediction' | 'probabilities'>; label: string | null;
  task: Task | undefined; classes: readonly string[] | undefined;
  /** is asked where there are no columns of predictions */
  model: ModelSpec | undefined;
  workspace: string; temp: string; python: string | null; signal: AbortSignal; progress(done: number, total: number): void;
}

/** Of whole numbers without probabilities: with more different ones they are amounts, no classes. */
const MOST_CLASSES = 30;

/** Null where the data hold no predictions and no model is named. Throws what reading and the model throw. */
export async function toldOf(data: Data, asking: Asking): Promise<Told | null> {
  return (await fromColumns(data, asking)) ?? (asking.model ? await fromModel(data, asking.model, asking) : null);
}

async function fromColumns(data: Data, { columns, task, classes, signal }: Asking): Promise<Told | null> {
  const typeOf = (name: string | null): string | undefined => data.columns.find((column) => column.name === name)?.type;
  const numeric = (name: string): boolean => ['float', 'int', 'bool'].includes(typeOf(name) ?? '');
  const prediction = typeOf(columns.prediction) === undefined ? null : columns.prediction;
  const byClass = columns.probabilities === null ? [] : typeof columns.probabilities === 'string' ? [columns.probabilities] : Object.values(columns.probabilities);
  // Some of several say nothing: they have to add up.
  const there = byClass.every(numeric) ? byClass : [];
  if (prediction === null && there.length === 0) return null;
  const own = typeof columns.probabilities === 'object' && columns.probabilities !== null && there.length > 0 ? Object.keys(columns.probabilities) : null;
  const raw: RawOutput = { codes: null, names: [], scores: null, width: 0, failed: new Map() };
  if (prediction !== null) {
    const labels = collectLabels(data.rows);
    labels.take(await data.column(prediction, signal), 0, data.rows);
    const { codes, names, numbers, type } = labels.done();
    const amount = task === 'regression' || (task === undefined && !classes && there.length === 0 && (type === 'float' || (type === 'int' && names.length > MOST_CLASSES)));
    if (amount && numbers) Object.assign(raw, { scores: numbers, width: 1 });
    else Object.assign(raw, { codes, names });
  }
  if (there.length > 0) {
    const width = there.length;
    const scores = new Float64Array(data.rows * width).fill(NaN);
    for (const [at, name] of there.entries()) {
      const { values, missing } = await data.column(name, signal);
      for (let row = 0; row < data.rows; row++) if (!missing?.[row]) scores[row * width + at] = Number(values[row]);
    }
    Object.assign(raw, { scores, width });
  }
  return { raw, classes: own, task: own ? (own.length === 2 ? 'binary' : own.length > 2 ? 'multiclass' : null) : null };
}

async function fromModel(data: Data, model: ModelSpec, { label, task, classes, workspace, temp, python, signal, progress }: Asking): Promise<Told> {
  await using predictor = await openModel(model, { workspace, temp, python, signal, data, id: undefined, label: label ?? '', exclude: [], task, ...(classes && { classes: [...classes] }) });
  const output = collectOutput(data.rows);
  for await (const batch of data.read({ columns: [...predictor.columns], batch: Math.max(1, Math.min(20_000, predictor.batch)), signal })) {
    refuseStopped(signal);
    output.take(batch.from, batch.count, await predictor.score(batch, signal));
    progress(batch.from + batch.count, data.rows);
  }
  return { raw: output.done(), classes: predictor.classes, task: predictor.task };
}

/** Rows whose scores aren't all from 0 to 1 are made to have none; how many there were. */
export function withoutOutside({ scores, width }: RawOutput): number {
  if (!scores) return 0;
  let found = 0;
  for (let start = 0; start < scores.length; start += width) {
    let bad = false;
    for (let at = start; at < start + width; at++) if ((scores[at] ?? NaN) < -1e-6 || (scores[at] ?? NaN) > 1 + 1e-6) bad = true;
    if (!bad) continue;
    scores.fill(NaN, start, start + width);
    found++;
  }
  return found;
}
