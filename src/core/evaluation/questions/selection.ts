/** Which rows of an evaluation a person looks at. */
import { RunyardError } from '../../base/errors';
import { selection as schema, type Selection } from '../../../protocol/evaluation/request';
import { categoryText } from '../slices/coding';
import type { Values } from '../data/types';
import { losses, scoreOf } from '../run/losses';
import { noClass } from '../run/saved';
import { usableRows, type Scored, type ScoredModel } from '../run/scored';
import { valueAt } from './custom/wire';
import type { Opened } from './kept';

type Brush = NonNullable<Selection['brush']>[number];

/**
 * `rows`: all rows selected, ascending, unscored ones among them where nothing was asked that only a scored row has (a brush of score, residual or loss, a cell, a flip).
 * `usable`: those with a label and a prediction of the model looked at. `plain`: the name of a slice, '' for all rows, where nothing else narrows them.
 */
export interface Selected { rows: Int32Array; usable: Int32Array; plain: string | null }

/** Throws not_found for a slice or a column that isn't there, bad_input for a predicate that is wrong and for flips without a baseline. */
export async function select({ doc, scored, data }: Pick<Opened, 'doc' | 'scored' | 'data'>, asked: Selection, { baseline = false, signal }: { baseline?: boolean; signal?: AbortSignal | undefined } = {}): Promise<Selected> {
  const { slice, where, split, ids, brush, truth, predicted, flip } = schema.parse(asked);
  const model = baseline ? scored.baseline : scored.model;
  if (!model) throw new RunyardError('bad_input', 'this evaluation has no baseline', 'evaluate with a baseline to compare with');
  const member = new Uint8Array(scored.rows).fill(1);
  const keep = (test: (row: number) => boolean): void => {
    for (let row = 0; row < member.length; row++) if (member[row] && !test(row)) member[row] = 0;
  };
  if (ids !== undefined) {
    const wanted = new Set(ids);
    keep((row) => wanted.has(scored.ids[row] ?? ''));
  }
  if (slice !== undefined) {
    const at = doc.slices.findIndex(({ name }) => name === slice);
    const mask = scored.slices[at];
    if (!mask) throw new RunyardError('not_found', `this evaluation has no slice '${slice}'`, `it has ${doc.slices.map(({ name }) => name).join(', ') || 'none'}`);
    keep((row) => mask[row] === 1);
  }
  if (where !== undefined) {
    const opened = await data();
    await opened.checkPredicate(where);
    const [mask] = await opened.members([where], signal);
    keep((row) => mask?.[row] === 1);
  }
  if (split !== undefined) {
    const { split: splits } = scored;
    if (!splits) throw new RunyardError('bad_input', 'this evaluation has no split column', 'name one in the evaluation: split');
    keep((row) => splits[row] === split);
  }
  if (ids !== undefined) {
    const wanted = new Set(ids);
    keep((row) => wanted.has(scored.ids[row] ?? ''));
  }
  const usable = new Uint8Array(scored.rows);
  for (const row of usableRows({ ...scored, model }, false)) usable[row] = 1;
  for (const one of brush) keep(await brushed(one, { scored, model, data, signal }));
  if (truth !== undefined || predicted !== undefined) keep((row) => usable[row] === 1 && cell(scored, model, { row, truth, predicted }));
  if (flip !== undefined) keep(flipTest(scored, flip));
  const ofScored = truth !== undefined || predicted !== undefined || flip !== undefined || brush.some(({ of }) => of !== 'column');
  const rows = taken(ofScored ? member.map((one, row) => one & (usable[row] ?? 0)) : member);
  const narrowed = ids !== undefined || where !== undefined || split !== undefined || brush.length > 0 || ofScored;
  return { rows, usable: rows.filter((row) => usable[row] === 1), plain: narrowed ? null : (slice ?? '') };
}

interface BrushOn { scored: Scored; model: ScoredModel; data: Opened['data']; signal: AbortSignal | undefined }

async function brushed(brush: Brush, { scored, model, data, signal }: BrushOn): Promise<(row: number) => boolean> {
  const { of, column, from = -Infinity, to = Infinity, values } = brush;
  if (of === 'column') {
    if (column === undefined) throw new RunyardError('bad_input', 'a brush of a column names no column', 'name one');
    return columnTest(await (await data()).column(column, signal), { from, to, values });
  }
  const numbers = of === 'score' ? scoreOf(scored, model) : of === 'loss' ? losses(scored, model) : residuals(scored, model);
  if (!numbers) throw new RunyardError('bad_input', `rows of this evaluation have no ${of}`, of === 'residual' ? 'a regression has' : 'a model that gives probabilities has');
  // NaN is in no range.
  return (row) => { const value = numbers[row] ?? NaN; return value >= from && value <= to; };
}

/** Texts are matched as the cell shows them and as a category is written ('2.0', 'True'); ranges are closed on both sides, of texts in the order of dates. A missing value is in none. */
function columnTest(column: Values, { from, to, values }: { from: number; to: number; values: readonly string[] | undefined }): (row: number) => boolean {
  const { type } = column;
  const wanted = values && new Set(values);
  const ranged = from !== -Infinity || to !== Infinity;
  return (row) => {
    const value = valueAt(column, row);
    if (value === null) return false;
    if (wanted && !wanted.has(String(value)) && !wanted.has(categoryText(value, type === 'float' || type === 'int' || type === 'bool' ? type : 'string') ?? '')) return false;
    if (!ranged) return true;
    const number = type === 'date' || type === 'time' ? Date.parse(String(value)) : Number(value);
    return number >= from && number <= to;
  };
}

/** predicted - true; NaN where either is missing; null where there are no numbers. */
export function residuals({ truthNumbers }: Scored, { numbers }: ScoredModel): Float64Array | null {
  return truthNumbers && numbers && Float64Array.from(numbers, (value, row) => value - (truthNumbers[row] ?? NaN));
}

function cell({ classes, truth: labels }: Scored, model: ScoredModel, { row, truth, predicted }: { row: number; truth: string | undefined; predicted: string | undefined }): boolean {
  return (truth === undefined || classes[labels?.[row] ?? -1] === truth) && (predicted === undefined || labelAt(classes, model.predicted?.[row] ?? -1) === predicted);
}

/** A class's name; null without a prediction. */
export const labelAt = (classes: readonly string[], code: number): string | null => (code < 0 ? null : (classes[code] ?? noClass));

/** How much worse the model is than the baseline, by row: 1, 0 or -1 for classes, |error| less the baseline's for numbers; NaN where either has no prediction. */
export function changes(scored: Scored): Float64Array | null {
  if (!scored.baseline) return null;
  const [own, other] = [losses(scored, scored.model), losses(scored, scored.baseline)];
  return own.map((loss, row) => loss - (other[row] ?? NaN));
}

function flipTest(scored: Scored, flip: 'broken' | 'fixed' | 'any'): (row: number) => boolean {
  const change = changes(scored);
  if (!change) throw new RunyardError('bad_input', 'this evaluation has no baseline, so nothing flipped', 'evaluate with a baseline to compare with');
  return (row) => { const by = change[row] ?? NaN; return flip === 'broken' ? by > 0 : flip === 'fixed' ? by < 0 : by !== 0 && !Number.isNaN(by); };
}

function taken(member: Uint8Array): Int32Array {
  const rows = new Int32Array(member.length);
  let n = 0;
  for (let row = 0; row < member.length; row++) if (member[row]) rows[n++] = row;
  return rows.slice(0, n);
}
