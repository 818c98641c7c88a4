/** A few rows as they stand in a file: cells of JSON that are fed to a model again, and what it says of them. */
import { RunyardError } from '../../base/errors';
import type { ColumnType, DataSpec } from '../../../protocol/evaluation/request';
import type { Golden } from '../process/probe';
import type { Data, Values } from '../data/types';
import type { Predictor } from '../models/types';

export type Cell = string | number | boolean | null;
export type Rows = Pick<Golden, 'columns' | 'rows' | 'types'>;
export type Prediction = Golden['predictions'][number];

/** Columns as a model's opening looks at them; there are no rows behind it to be read. */
export function columnsOnly({ columns, types }: Pick<Rows, 'columns' | 'types'>): Data {
  const spec: DataSpec = { files: ['golden'], types: {} };
  const none = (): never => { throw new RunyardError('unsupported', 'these rows can only be fed to a model', 'give the data set itself'); };
  return {
    spec, files: [], rows: Number.MAX_SAFE_INTEGER, bytes: 0, digest: '', changed: 0,
    columns: columns.map((name) => ({ name, type: (types[name] ?? 'other') as ColumnType, stored: '' })),
    read: none, column: none, groups: none, sample: none, ids: none, checkPredicate: none, members: none, missing: none, cells: none, fingerprints: none, frequent: none,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Cells of a column as values: null is missing, and a whole number beyond 2^53 or an infinity is text. */
export function valuesOf(type: ColumnType, cells: readonly Cell[]): Values {
  const missing = cells.includes(null) ? Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)) : null;
  const numbers = (): Float64Array => Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
  switch (type) {
    case 'float': return { type, values: numbers(), missing };
    case 'int': {
      const big = cells.some((cell) => typeof cell === 'string') ? BigInt64Array.from(cells, (cell) => BigInt(cell ?? 0)) : undefined;
      return { type, values: numbers(), ...(big && { big }), missing };
    }
    case 'bool': return { type, values: Uint8Array.from(cells, (cell) => (cell === true ? 1 : 0)), missing };
    default: return { type, values: cells.map((cell) => (cell === null ? '' : String(cell))), missing };
  }
}

/** Rows [from, to) as a batch's columns. */
export function columnsOf({ columns, rows, types }: Rows, from: number, to: number): Record<string, Values> {
  const part = rows.slice(from, to);
  return Object.fromEntries(columns.map((name, at) => [name, valuesOf((types[name] ?? 'other') as ColumnType, part.map((row) => row[at] ?? null))]));
}

/** What the model says of each row; a row that it fails on has no label and no score. */
export async function predict(predictor: Predictor, golden: Rows, signal: AbortSignal): Promise<Prediction[]> {
  const found: Prediction[] = [];
  for (let from = 0; from < golden.rows.length; from += predictor.batch) {
    const to = Math.min(golden.rows.length, from + predictor.batch);
    const { labels, scores, width, failed } = await predictor.score({ from, count: to - from, columns: columnsOf(golden, from, to) }, signal);
    for (let row = 0; row < to - from; row++) {
      found.push(failed.has(row) ? { label: null, scores: [] } : { label: labels?.[row] ?? null, scores: [...(scores?.subarray(row * width, (row + 1) * width) ?? [])] });
    }
  }
  return found;
}

const TOLERANCE = 1e-5;
/** Within 1e-5, or within 1e-5 of the value: other processors round a float32 otherwise. */
const near = (was: number, now: number): boolean => Math.abs(was - now) <= TOLERANCE * Math.max(1, Math.abs(was));

/** Rows of which the model says something else now, in their order. */
export function differing(was: readonly Prediction[], now: readonly Prediction[]): { row: number; was: string; now: string }[] {
  return was.flatMap((before, row) => {
    const after = now[row] ?? { label: null, scores: [] };
    const same = before.label === after.label && before.scores.length === after.scores.length && before.scores.every((score, at) => near(score, after.scores[at] ?? NaN));
    return same ? [] : [{ row, was: shown(before), now: shown(after) }];
  });
}

function shown({ label, scores }: Prediction): string {
  if (label === null && scores.length === 0) return 'no prediction';
  const numbers = scores.slice(0, 5).map((score) => String(Number(score.toPrecision(7)))).join(', ') + (scores.length > 5 ? ' ...' : '');
  return [...(label === null ? [] : [label]), ...(numbers === '' ? [] : [label === null ? numbers : `(${numbers})`])].join(' ');
}
