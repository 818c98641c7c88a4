/** The columns that metrics read, and what all of them ask of these. */
import { RunyardError } from '../../base/errors';

/** Numbers by row: the float32 of a model's output is widened exactly as it is read. */
export type Reals = Float64Array | Float32Array;
/** A class by row, as its index in the list of classes; -1 (of a predicted label only) is a label outside that list. */
export type Codes = Int32Array | Int16Array | Int8Array | Uint8Array;
/** What each row counts for, not below 0. A row of weight 0 is as good as absent. Resamples count in whole numbers. */
export type Weights = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

/** The value where it is a number, else null: "undefined", as in reference files and JSON. */
export const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** A quotient, null where the denominator is 0 or either side isn't finite. */
export const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : defined(part / whole));

/** Refuses columns of unequal length (`bad_input`), which would give a number of something else. */
export function sameLength(rows: number, columns: Readonly<Record<string, { readonly length: number } | undefined>>): void {
  for (const [name, column] of Object.entries(columns)) {
    if (column && column.length !== rows) throw new RunyardError('bad_input', `${name} has ${column.length} rows where ${rows} are expected`, 'Give every column one value a row.');
  }
}

/** The sum of the weights, or the number of rows. Refuses a weight that is negative or not a finite number (`bad_input`). */
export function totalWeight(rows: number, weights: Weights | undefined): number {
  if (!weights) return rows;
  sameLength(rows, { weights });
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row] ?? 0;
    if (!(weight >= 0 && weight < Infinity)) throw new RunyardError('bad_input', `the weight of row ${row} is ${weight}`, 'Weights are finite and not below 0.');
    total += weight;
  }
  return total;
}
