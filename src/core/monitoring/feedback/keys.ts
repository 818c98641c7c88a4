/** What names a row of a log, as texts. */
import type { Values } from '../../evaluation/data/types';

/** A cell as text: whole numbers without a point, exact also beyond 2^53; booleans as True and False. Null where it is missing. */
export function textAt(column: Values, row: number): string | null {
  if (column.missing?.[row]) return null;
  const value = column.values[row];
  if (value === undefined) return null;
  if (column.type === 'int' && column.big) return String(column.big[row]);
  return column.type === 'bool' ? (value ? 'True' : 'False') : String(value);
}

/** Of several columns together; null where one of them is missing. */
export function keyAt(columns: readonly Values[], row: number): string | null {
  const [only] = columns;
  if (columns.length === 1 && only) return textAt(only, row);
  const parts = columns.map((column) => textAt(column, row));
  return parts.includes(null) ? null : keyOf(parts as string[]);
}

/** One value is itself; several are a JSON list. */
export const keyOf = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] ?? '') : JSON.stringify(parts));

/** A row of a request (0-based), as one text. */
export const rowKey = (request: string, row: number): string => `${row}\u0000${request}`;
