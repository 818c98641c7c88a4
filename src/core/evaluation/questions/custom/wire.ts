/** Columns on their way to a Python process: numbers as bytes, so that all of them (infinities too) arrive as they are. */
import type { Values } from '../../data/types';

export interface WireColumn { type: 'float' | 'int' | 'big' | 'bool' | 'text'; bytes?: string; texts?: readonly string[]; missing: string | null }
export type Wire = Record<string, WireColumn>;

export function wireColumn(column: Values): WireColumn {
  const missing = column.missing && bytesOf(column.missing);
  if (column.type === 'int' && column.big) return { type: 'big', bytes: bytesOf(column.big), missing };
  if (column.type === 'int' || column.type === 'float' || column.type === 'bool') return { type: column.type, bytes: bytesOf(column.values), missing };
  return { type: 'text', texts: column.values, missing };
}

export const wireColumns = (columns: Readonly<Record<string, Values>>): Wire => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, wireColumn(values)]));

/** Base64 of the numbers as they lie in memory, low byte first on every machine that Node runs on here. */
export const bytesOf = (values: ArrayBufferView): string => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

/** One value, as a person's function sees it: a whole number beyond 2^53 as a bigint, null where there is none. */
export function valueAt(column: Values, row: number): string | number | bigint | boolean | null {
  if (column.missing?.[row]) return null;
  if (column.type === 'bool') return column.values[row] === 1;
  if (column.type === 'int' && column.big) return column.big[row] ?? null;
  return column.values[row] ?? null;
}
