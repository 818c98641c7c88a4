/** Which columns moved one row's score: each set to what is usual in these data, one at a time. Neither causes nor parts of a sum. */
import { RunyardError } from '../../base/errors';
import type { Data, Values } from '../data/types';
import type { JobTable } from '../process/jobs';
import type { ScoredModel } from '../run/scored';
import { takenValues } from './discover-columns';
import { openKept } from './kept';
import { openModelOf } from './rescore';
import { valueAt } from './custom/wire';

type Cell = string | number | boolean | null;

/**
 * Leave-one-out against the reference: a number's reference is the median of the data (of whole numbers the lower one of two), any other's the most frequent value; missing ones don't count.
 * The score is the positive class's probability (or a ranking's score), the probability of the class that this row is called, or the number. `change` is the row's score less the
 * score with the reference in that column: above 0 where the row's own value raises it. Most moved first. Throws bad_input where the row can't be scored or the model gives labels alone.
 */
export const explain: JobTable['explain'] = async (params, { signal, progress }) => {
  await using kept = await openKept(params, signal);
  const { scored } = kept;
  const row = scored.ids.indexOf(params.example);
  if (row < 0) throw new RunyardError('not_found', `this evaluation has no example '${params.example}'`, 'ids are listed with its rows');
  await using asking = await openModelOf(params, kept, { baseline: params.baseline, signal });
  const { data, predictor } = asking;
  const columns = predictor.columns;
  const references: Values[] = [];
  const values: Record<string, Values> = {};
  // The row as it is, and once more for each column.
  const copies = new Int32Array(columns.length + 1).fill(0);
  for (const [at, name] of columns.entries()) {
    const own = await ownValue(data, name, { row, signal });
    const reference = await referenceOf(data, name, signal);
    references.push(reference);
    values[name] = withReference(own, reference, { copies: copies.length, at: at + 1 });
    progress('looking at columns', at + 1, columns.length);
  }
  const model = await asking.score(values, copies.fill(row));
  const why = model.unscored.get(0);
  if (why !== undefined) throw new RunyardError('bad_input', `row ${row} has no prediction: ${why}`, 'choose a row that was scored');
  const { of, score } = scoreReader(model, scored.classes, scored.positive);
  const own = score(0);
  return {
    id: params.example, row, of, score: own,
    columns: columns.map((column, at) => {
      const moved = score(at + 1);
      const change = own - moved;
      return { column, value: cellOf(values[column], 0), reference: cellOf(references[at], 0), score: Number.isNaN(moved) ? own : moved, change: Number.isNaN(change) ? 0 : change };
    }).sort((a, b) => Math.abs(b.change) - Math.abs(a.change)),
  };
};

function scoreReader({ numbers, probabilities, scores, predicted }: ScoredModel, classes: readonly string[], positive: number | null): { of: string; score(row: number): number } {
  if (numbers) return { of: 'prediction', score: (row) => numbers[row] ?? NaN };
  if (scores) return { of: `score of ${classes[positive ?? -1] ?? 'the positive class'}`, score: (row) => scores[row] ?? NaN };
  const c = positive ?? predicted?.[0] ?? -1;
  if (!probabilities || c < 0 || c >= classes.length) throw new RunyardError('bad_input', 'the model gives labels alone, so no score can move', 'use a model that gives probabilities or a score');
  return { of: `probability of ${classes[c] ?? ''}`, score: (row) => probabilities[row * classes.length + c] ?? NaN };
}

/** The row's own value, found without the column being read where the cell says it all. */
async function ownValue(data: Data, name: string, { row, signal }: { row: number; signal: AbortSignal }): Promise<Values> {
  const [[cell = null] = []] = await data.cells([row], [name]);
  const type = data.columns.find((column) => column.name === name)?.type ?? 'other';
  const missing = Uint8Array.of(cell === null ? 1 : 0);
  if (type === 'bool') return { type, values: Uint8Array.of(cell === true ? 1 : 0), missing };
  // A whole number beyond 2^53 comes as text: the column has all its digits.
  if (type === 'int' && typeof cell === 'string') return takenValues(await data.column(name, signal), Int32Array.of(row));
  if (type === 'int' || type === 'float') return { type, values: Float64Array.of(cell === null ? NaN : Number(cell)), missing };
  return { type, values: [cell === null ? '' : String(cell)], missing };
}

/** What is usual in data that stay open between questions. */
const usual = new WeakMap<Data, Map<string, Values>>();

/** One value; missing where the whole column is. */
async function referenceOf(data: Data, name: string, signal: AbortSignal): Promise<Values> {
  const known = usual.get(data) ?? new Map<string, Values>();
  usual.set(data, known);
  const found = known.get(name) ?? await usualValue(data, name, signal);
  known.set(name, found);
  return found;
}

async function usualValue(data: Data, name: string, signal: AbortSignal): Promise<Values> {
  const type = data.columns.find((column) => column.name === name)?.type ?? 'other';
  if (type === 'float' || type === 'int') {
    const { values, missing } = await data.column(name, signal);
    const there = Float64Array.from(values as Float64Array).filter((value, row) => !missing?.[row] && !Number.isNaN(value)).sort();
    const [low, high] = [there[(there.length - 1) >> 1] ?? NaN, there[there.length >> 1] ?? NaN];
    const gap = Uint8Array.of(there.length === 0 ? 1 : 0);
    return { type, values: Float64Array.of(type === 'int' ? low : low + (high - low) / 2), missing: gap };
  }
  const [first] = await data.frequent(name, 1);
  const missing = Uint8Array.of(first ? 0 : 1);
  return type === 'bool' ? { type, values: Uint8Array.of(first?.value === 'True' ? 1 : 0), missing } : { type, values: [first?.value ?? ''], missing };
}

/** `copies` of the one value, with the reference in place `at`. */
function withReference(own: Values, reference: Values, { copies, at }: { copies: number; at: number }): Values {
  const pick = <T>(mine: T, usual: T): T[] => Array.from({ length: copies }, (_, copy) => (copy === at ? usual : mine));
  const missing = Uint8Array.from(pick(own.missing?.[0] ?? 0, reference.missing?.[0] ?? 0));
  const [mine, usual] = [own.values[0] ?? '', reference.values[0] ?? ''];
  switch (own.type) {
    case 'float': return { type: 'float', values: Float64Array.from(pick(mine, usual), Number), missing };
    case 'int': return { type: 'int', values: Float64Array.from(pick(mine, usual), Number), ...(own.big && { big: BigInt64Array.from(pick(own.big[0] ?? 0n, BigInt(Math.trunc(Number(usual)) || 0))) }), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(pick(mine, usual), Number), missing };
    default: return { type: own.type, values: pick(mine, usual).map(String), missing };
  }
}

/** As JSON has it. */
function cellOf(values: Values | undefined, row: number): Cell {
  const value = values ? valueAt(values, row) : null;
  if (typeof value === 'bigint') return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? (Number.isNaN(value) ? null : String(value)) : value;
}
