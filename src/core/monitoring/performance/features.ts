/** Columns of any type as numbers that trees are fitted on. */
import type { Values } from '../../evaluation/data/types';

/** How a column becomes numbers: as it is, or each of its values a number. */
export type Coding = { kind: 'number' } | { kind: 'values'; codes: ReadonlyMap<string, number> };

/** A value with fewer rows says nothing that holds. */
const LEAST_ROWS = 20;
/** Of a text with more values than this the rare ones are left out. */
const MOST_VALUES = 1000;

/** Values of texts and times are put in the order of the target's mean over their rows, so that one split parts those with little from those with much; rare ones are missing. */
export function codingOf(column: Values, target: Float64Array): Coding {
  if (column.type === 'float' || column.type === 'int' || column.type === 'bool') return { kind: 'number' };
  const sums = new Map<string, { rows: number; sum: number }>();
  for (let row = 0; row < target.length; row++) {
    if (column.missing?.[row]) continue;
    const value = column.values[row] ?? '';
    const found = sums.get(value);
    if (found) {
      found.rows++;
      found.sum += target[row] ?? 0;
    } else sums.set(value, { rows: 1, sum: target[row] ?? 0 });
  }
  const usual = [...sums].filter(([, { rows }]) => rows >= LEAST_ROWS).sort(([, a], [, b]) => b.rows - a.rows).slice(0, MOST_VALUES);
  usual.sort(([a, one], [b, other]) => one.sum / one.rows - other.sum / other.rows || (a < b ? -1 : 1));
  return { kind: 'values', codes: new Map(usual.map(([value], at) => [value, at])) };
}

/** NaN where the value is missing, was never seen, or isn't of the column's kind any more. */
export function codedBy(coding: Coding, column: Values): Float64Array {
  const rows = column.values.length;
  const found = new Float64Array(rows).fill(NaN);
  const numeric = column.type === 'float' || column.type === 'int' || column.type === 'bool';
  if (numeric !== (coding.kind === 'number')) return found;
  for (let row = 0; row < rows; row++) {
    if (column.missing?.[row]) continue;
    const value = column.values[row];
    found[row] = coding.kind === 'number' ? Number(value) : (coding.codes.get(String(value)) ?? NaN);
  }
  return found;
}
