/** Some rows of a log, and a file of them as evaluations know it. */
import { openData } from '../../evaluation/data/open';
import type { Data, OpenOptions, Values } from '../../evaluation/data/types';

/** SHA-256 over its bytes, as an evaluation tells its data apart. */
export async function digestOf(file: string, place: OpenOptions): Promise<string> {
  await using data: Data = await openData({ files: [file], types: {} }, place);
  return data.digest;
}

/** Some rows of a column. */
export function pick(column: Values, rows: ArrayLike<number>): Values {
  const at = (place: number): number => rows[place] ?? 0;
  const missing = column.missing && Uint8Array.from(rows, (row) => column.missing?.[row] ?? 0);
  switch (column.type) {
    case 'float': return { type: 'float', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), missing };
    case 'int': return { type: 'int', values: Float64Array.from(rows, (row) => column.values[row] ?? NaN), ...(column.big && { big: BigInt64Array.from({ length: rows.length }, (_, place) => column.big?.[at(place)] ?? 0n) }), missing };
    case 'bool': return { type: 'bool', values: Uint8Array.from(rows, (row) => column.values[row] ?? 0), missing };
    default: return { type: column.type, values: Array.from(rows, (row) => column.values[row] ?? ''), missing };
  }
}
