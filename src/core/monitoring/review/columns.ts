/** Columns of two sides in a form that can be learnt from, with what the reference's side holds. Pure. */
import type { Values } from '../../evaluation/data/types';
import { textAt } from '../feedback/keys';

/** With more different values on the reference's side a text is a name, not a group. */
const MOST_GROUPS = 1000;
/** What the reference has of a column: its range, or its values. */
export type Held = { kind: 'range'; low: number; high: number } | { kind: 'groups'; known: ReadonlyMap<string, number> };

const isNumeric = ({ type }: Values): boolean => type === 'float' || type === 'int';
const isGroup = ({ type }: Values): boolean => type === 'string' || type === 'bool';

/** Null where the column says nothing: another type on each side, dates, names, or no values in the reference. */
export function heldBy(reference: Values, now: Values): Held | null {
  if (isNumeric(reference) && isNumeric(now)) {
    let [low, high] = [Infinity, -Infinity];
    for (let row = 0; row < reference.values.length; row++) {
      const value = reference.missing?.[row] ? NaN : Number(reference.values[row]);
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low <= high ? { kind: 'range', low, high } : null;
  }
  if (!isGroup(reference) || !isGroup(now)) return null;
  const counts = new Map<string, number>();
  for (let row = 0; row < reference.values.length && counts.size <= MOST_GROUPS; row++) {
    const text = textAt(reference, row);
    if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0 || counts.size > MOST_GROUPS) return null;
  const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { kind: 'groups', known: new Map(sorted.map(([text], at) => [text, at])) };
}

/** Numbers as they are; groups by how frequent the reference has them, those that it hasn't as -1; NaN where missing. */
export function coded(column: Values, held: Held): Float64Array {
  const rows = column.values.length;
  const codes = new Float64Array(rows).fill(NaN);
  for (let row = 0; row < rows; row++) {
    if (column.missing?.[row]) continue;
    codes[row] = held.kind === 'range' ? Number(column.values[row]) : (held.known.get(textAt(column, row) ?? '') ?? -1);
  }
  return codes;
}

/** Why a cell is none that the reference has; null where it is one, or missing. A coded cell. */
export function oddness(code: number, held: Held): string | null {
  if (Number.isNaN(code)) return null;
  if (held.kind === 'groups') return code < 0 ? 'not in the reference' : null;
  return code < held.low ? `below the reference's ${shown(held.low)} to ${shown(held.high)}` : code > held.high ? `above the reference's ${shown(held.low)} to ${shown(held.high)}` : null;
}

const shown = (value: number): string => String(Number(value.toPrecision(5)));
