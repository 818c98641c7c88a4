/** An evaluation's model asked again, with other values in its columns. */
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import type { Data, Values } from '../data/types';
import { openModel } from '../models/open';
import type { Predictor } from '../models/types';
import type { Kept } from '../process/jobs';
import { collectOutput, sayOf } from '../run/outputs';
import { taken } from '../run/prepared';
import type { Scored, ScoredModel } from '../run/scored';
import { takenValues } from './discover-columns';
import type { Opened } from './kept';

export interface Asking extends AsyncDisposable {
  data: Data; predictor: Predictor;
  /** Predictions of rows whose columns are these; `rows` are theirs in the evaluation, as rows that have a label are told from it. */
  score(columns: Readonly<Record<string, Values>>, rows: Int32Array): Promise<ScoredModel>;
}

/**
 * Opens the data and the model (or the baseline). Throws unsupported for predictions that were made elsewhere: nobody can be asked what other values would give; conflict where
 * data or model are no longer those that were evaluated.
 */
export async function openModelOf(kept: Kept, { doc, scored, data }: Pick<Opened, 'doc' | 'scored' | 'data'>, { baseline, signal }: { baseline: boolean; signal: AbortSignal }): Promise<Asking> {
  const [spec, facts] = baseline ? [doc.request.baseline, doc.baseline] : [doc.request.model, doc.model];
  if (!spec || !facts) throw new RunyardError('bad_input', 'this evaluation has no baseline', 'ask for the model itself');
  if (facts.kind === 'predictions') throw new RunyardError('unsupported', `${facts.name} is a column of predictions: there is no model to ask what other values would give`, 'evaluate an .onnx file or a command');
  const opened = await data();
  const { label, id, split, task, classes } = doc.request;
  const predictor = await openModel(spec, { workspace: kept.workspace, temp: kept.temp, python: kept.python, data: opened, id, label, exclude: split === undefined ? [] : [split], task, classes, signal });
  if (predictor.facts.digest !== facts.digest) {
    await predictor[Symbol.asyncDispose]();
    throw new RunyardError('conflict', `${facts.name}: the model is no longer the one that was evaluated`, 'evaluate again: then answers are about the same model');
  }
  return {
    data: opened, predictor,
    score: (columns, rows) => scoreRows(predictor, columns, { scored, rows, threshold: doc.threshold, signal }),
    [Symbol.asyncDispose]: () => predictor[Symbol.asyncDispose](),
  };
}

interface Scoring { scored: Scored; rows: Int32Array; threshold: number | null; signal: AbortSignal }

async function scoreRows(predictor: Predictor, columns: Readonly<Record<string, Values>>, { scored, rows, threshold, signal }: Scoring): Promise<ScoredModel> {
  const output = collectOutput(rows.length);
  for (let from = 0; from < rows.length; from += predictor.batch) {
    refuseStopped(signal);
    const count = Math.min(predictor.batch, rows.length - from);
    output.take(from, count, await predictor.score({ from, count, columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, part(values, from, from + count)])) }, signal));
  }
  const own = subset(scored, rows);
  return sayOf(output.done(), { task: scored.task, classes: scored.classes, positive: scored.positive, codes: own.truth, numbers: own.truthNumbers, unlabelled: new Map(), warnings: [] }, { classes: predictor.classes, threshold, who: predictor.facts.name }).model;
}

/** The evaluation of these rows alone, without ids, split and slices. */
export function subset(scored: Scored, rows: Int32Array): Scored {
  const { truth, truthNumbers, task, classes, positive, model } = scored;
  return {
    task, classes, positive, rows: rows.length, ids: [], split: null, slices: [], unlabelled: new Map(), model, baseline: null,
    truth: truth && taken(truth, rows, new Int32Array(rows.length)), truthNumbers: truthNumbers && taken(truthNumbers, rows, new Float64Array(rows.length)),
  };
}

/** Columns at these rows, all of them in memory. */
export async function columnsAt(data: Data, { columns, rows, signal }: { columns: readonly string[]; rows: Int32Array; signal: AbortSignal }): Promise<Record<string, Values>> {
  const found: Record<string, Values> = {};
  for (const name of columns) found[name] = takenValues(await data.column(name, signal), rows);
  return found;
}

function part(values: Values, from: number, to: number): Values {
  const missing = values.missing?.subarray(from, to) ?? null;
  switch (values.type) {
    case 'float': return { type: 'float', values: values.values.subarray(from, to), missing };
    case 'int': return { type: 'int', values: values.values.subarray(from, to), ...(values.big && { big: values.big.subarray(from, to) }), missing };
    case 'bool': return { type: 'bool', values: values.values.subarray(from, to), missing };
    default: return { type: values.type, values: values.values.slice(from, to), missing };
  }
}
