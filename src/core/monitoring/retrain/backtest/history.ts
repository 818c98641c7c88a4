/** The labelled rows of a log as a back-test takes them: what is true of each, and what a model said of some. */
import type { Task } from '../../../../protocol/evaluation/request';
import type { Values } from '../../../evaluation/data/types';
import { collectLabels } from '../../../evaluation/run/labels';
import type { ScoredModel } from '../../../evaluation/run/scored';
import { truthOf, type Truth } from '../../../evaluation/run/truth';
import { labelColumn } from '../../feedback/label-column';
import type { Labelled } from '../labelled';

/** Places of rows, `to` exclusive. */
export interface Range { from: number; to: number }
export interface Asked { label: string; task?: Task | undefined; classes?: string[] | undefined; positive?: string | undefined }
export interface History extends Labelled { truth: Truth }
/** A model that was fitted on the rows of a range; what it says of others. */
export interface Scorer { score(range: Range): Promise<ScoredModel> }

/** Throws bad_input where the labels aren't of the task. */
export function historyOf(rows: Labelled, asked: Asked): History {
  const labels = collectLabels(rows.labels.length);
  labels.take(labelColumn(rows.labels), 0, rows.labels.length);
  return { ...rows, truth: truthOf(labels.done(), { task: null, classes: null, names: [], width: 0, inUnit: true }, asked) };
}

/** Some rows of a column, as they lie. */
export function cut(column: Values, { from, to }: Range): Values {
  const missing = column.missing && column.missing.subarray(from, to);
  switch (column.type) {
    case 'float': return { type: 'float', values: column.values.subarray(from, to), missing };
    case 'int': return { type: 'int', values: column.values.subarray(from, to), missing };
    case 'bool': return { type: 'bool', values: column.values.subarray(from, to), missing };
    default: return { type: column.type, values: column.values.slice(from, to), missing };
  }
}

export const inputsOf = ({ inputs }: Pick<History, 'inputs'>, range: Range): Map<string, Values> => new Map([...inputs].map(([name, column]) => [name, cut(column, range)]));

/** What a model said, of some of the rows. `classes`: how many there are. */
export function cutScored(model: ScoredModel, { from, to }: Range, classes: number): ScoredModel {
  return {
    predicted: model.predicted && model.predicted.subarray(from, to), numbers: model.numbers && model.numbers.subarray(from, to),
    probabilities: model.probabilities && model.probabilities.subarray(from * classes, to * classes), scores: model.scores && model.scores.subarray(from, to),
    unscored: new Map([...model.unscored].flatMap(([row, why]) => (row >= from && row < to ? [[row - from, why] as const] : []))),
  };
}

/** Parts after one another as one. All have the same kinds of answers. */
export function joined(parts: readonly { rows: number; model: ScoredModel }[]): ScoredModel {
  const unscored = new Map<number, string>();
  let at = 0;
  for (const { rows, model } of parts) {
    for (const [row, why] of model.unscored) unscored.set(at + row, why);
    at += rows;
  }
  const floats = (pick: (model: ScoredModel) => Float64Array | null): Float64Array | null => together(parts.map(({ model }) => pick(model)), (length) => new Float64Array(length));
  return {
    predicted: together(parts.map(({ model }) => model.predicted), (length) => new Int32Array(length)),
    numbers: floats(({ numbers }) => numbers), probabilities: floats(({ probabilities }) => probabilities), scores: floats(({ scores }) => scores), unscored,
  };
}

function together<T extends Float64Array | Int32Array>(parts: readonly (T | null)[], make: (length: number) => T): T | null {
  const there = parts.filter((part) => part !== null);
  if (there.length === 0 || there.length < parts.length) return null;
  const all = make(there.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of there) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
