/** An evaluation's rows on disk: predictions.parquet beside evaluation.json, so that questions asked later need neither data nor model. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { readColumns, writeColumns } from '../data/columnar';
import type { Values } from '../data/types';
import type { EvaluationDoc } from '../../../protocol/evaluation/result';
import { noClass } from './labels';
import { losses, scoreOf } from './losses';
import type { Scored, ScoredModel } from './scored';

export { noClass };
export const predictionsFile = 'predictions.parquet';

/** What is needed of an evaluation to read its rows again. */
export type SavedShape = Pick<EvaluationDoc, 'task' | 'classes' | 'positive'> & { request: { slices: readonly unknown[] } };

/**
 * Writes every row, unscored ones among them, in the order of the data: `row`, `id`, `truth`, `predicted`, `score`, `p_0` ..., `loss`, `unscored`, `unlabelled`,
 * `split`, the same of the baseline with `b_` before it, and `s_0` ... for the slices. The file is there whole or not at all.
 */
export async function writeScored(folder: string, scored: Scored): Promise<void> {
  const { rows, classes, truth, truthNumbers } = scored;
  const columns: Record<string, Values> = {
    row: { type: 'int', values: Float64Array.from({ length: rows }, (_, row) => row), missing: null },
    id: { type: 'string', values: [...scored.ids], missing: null },
    truth: truth ? labels(truth, classes) : floats(truthNumbers ?? new Float64Array(rows).fill(NaN)),
    ...ofModel(scored, scored.model, ''),
    unlabelled: reasons(rows, scored.unlabelled),
    ...(scored.split && { split: { type: 'string', values: [...scored.split], missing: null } satisfies Values }),
    ...(scored.baseline && ofModel(scored, scored.baseline, 'b_')),
  };
  scored.slices.forEach((member, at) => (columns[`s_${at}`] = { type: 'bool', values: member, missing: null }));
  await writeColumns(path.join(folder, predictionsFile), columns);
}

function ofModel(scored: Scored, model: ScoredModel, prefix: string): Record<string, Values> {
  const { rows, classes } = scored;
  const columns: Record<string, Values> = {};
  const put = (name: string, values: Values): void => void (columns[prefix + name] = values);
  if (model.numbers) put('predicted', floats(model.numbers));
  else if (model.predicted) put('predicted', labels(model.predicted, classes));
  const score = scoreOf(scored, model);
  if (score) put('score', floats(score));
  if (model.probabilities) {
    const k = classes.length;
    for (let c = 0; c < k; c++) {
      const values = new Float64Array(rows);
      for (let row = 0; row < rows; row++) values[row] = model.probabilities[row * k + c] ?? NaN;
      put(`p_${c}`, floats(values));
    }
  }
  put('loss', floats(losses(scored, model)));
  put('unscored', reasons(rows, model.unscored));
  return columns;
}

function labels(codes: Int32Array, classes: readonly string[]): Values {
  const values = new Array<string>(codes.length);
  const missing = new Uint8Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] ?? -1;
    if (code < 0) missing[row] = 1;
    values[row] = code < 0 ? '' : (classes[code] ?? noClass);
  }
  return { type: 'string', values, missing };
}

function floats(values: Float64Array): Values {
  const missing = new Uint8Array(values.length);
  for (let row = 0; row < values.length; row++) if (Number.isNaN(values[row])) missing[row] = 1;
  return { type: 'float', values, missing };
}

function reasons(rows: number, by: ReadonlyMap<number, string>): Values {
  const values = new Array<string>(rows).fill('');
  const missing = new Uint8Array(rows).fill(1);
  for (const [row, reason] of by) {
    values[row] = reason;
    missing[row] = 0;
  }
  return { type: 'string', values, missing };
}

/** Reads what `writeScored` wrote. A label that is none of the classes has code `classes.length` again. */
export async function readScored(folder: string, doc: SavedShape): Promise<Scored> {
  const file = path.join(folder, predictionsFile);
  const { rows, columns } = await readColumns(file);
  const place = new Map(doc.classes.map((name, code) => [name, code]));
  const need = (name: string): Values => {
    const found = columns[name];
    if (!found) throw new RunyardError('store_corrupt', `${file} has no column ${name}`, 'evaluate again: the same question is computed afresh');
    return found;
  };
  const split = columns['split'];
  const regression = doc.task === 'regression';
  return {
    rows, task: doc.task, classes: doc.classes, positive: doc.positive === null ? null : (place.get(doc.positive) ?? null), ids: texts(need('id')),
    truth: regression ? null : codes(need('truth'), place), truthNumbers: regression ? numbers(need('truth')) : null,
    unlabelled: reasonsOf(need('unlabelled')), model: modelOf(columns, { place, doc, prefix: '' }),
    baseline: columns['b_unscored'] ? modelOf(columns, { place, doc, prefix: 'b_' }) : null,
    split: split ? texts(split) : null,
    slices: doc.request.slices.map((_, at) => bools(need(`s_${at}`))),
  };
}

function modelOf(columns: Record<string, Values>, { place, doc, prefix }: { place: ReadonlyMap<string, number>; doc: SavedShape; prefix: string }): ScoredModel {
  const of = (name: string): Values | undefined => columns[prefix + name];
  const unscored = of('unscored');
  const predicted = of('predicted');
  const k = doc.classes.length;
  const first = of('p_0');
  let probabilities: Float64Array | null = null;
  if (first) {
    probabilities = new Float64Array(first.values.length * k);
    for (let c = 0; c < k; c++) {
      const values = numbers(of(`p_${c}`) ?? first);
      for (let row = 0; row < values.length; row++) probabilities[row * k + c] = values[row] ?? NaN;
    }
  }
  const score = of('score');
  return {
    predicted: doc.task === 'regression' || !predicted ? null : codes(predicted, place), numbers: doc.task === 'regression' && predicted ? numbers(predicted) : null,
    probabilities, scores: score && !probabilities ? numbers(score) : null, unscored: unscored ? reasonsOf(unscored) : new Map(),
  };
}

const texts = (values: Values): string[] => (Array.isArray(values.values) ? values.values : Array.from(values.values, String));
const numbers = (values: Values): Float64Array => {
  const found = values.values instanceof Float64Array ? values.values : Float64Array.from(values.values as ArrayLike<number>);
  if (values.missing) for (let row = 0; row < found.length; row++) if (values.missing[row]) found[row] = NaN;
  return found;
};
const bools = (values: Values): Uint8Array => (values.values instanceof Uint8Array ? values.values : Uint8Array.from(values.values as ArrayLike<number>));

function codes(values: Values, place: ReadonlyMap<string, number>): Int32Array {
  const found = texts(values);
  const out = new Int32Array(found.length);
  for (let row = 0; row < out.length; row++) out[row] = values.missing?.[row] ? -1 : (place.get(found[row] ?? '') ?? place.size);
  return out;
}

function reasonsOf(values: Values): Map<number, string> {
  const found = new Map<number, string>();
  texts(values).forEach((text, row) => {
    if (!values.missing?.[row]) found.set(row, text);
  });
  return found;
}
