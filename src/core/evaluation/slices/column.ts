/** Columns as slice search sees them: one small integer a row. */
import { RunyardError } from '../../base/errors';

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** What one code of a column stands for. A range is open below and closed above: `above < x <= upTo`, null where it has no end. */
export type CodeMeaning =
  | { kind: 'range'; above: number | null; upTo: number | null }
  | { kind: 'equals'; value: string }
  | { kind: 'missing' };

/** How the refusal begins where there is nothing to make slices of. */
export const NO_GROUPS = 'no column makes groups to search';

/**
 * A column as codes: row i holds `labels[codes[i]]`, which means `meanings[codes[i]]`. Labels are for people and need not differ
 * (the text `missing` may be a category beside the missing values); codes are what tells two values apart.
 */
export interface CodedColumn { name: string; codes: Codes; labels: readonly string[]; meanings: readonly CodeMeaning[] }

/** An array of `length` codes in the fewest bytes that hold 0 to `most`. */
export function codesFor(length: number, most: number): Codes {
  if (most < 256) return new Uint8Array(length);
  return most < 65_536 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Whether every row holds one and the same code (also where there is no row): such a column divides nothing. */
export function isConstant({ codes }: CodedColumn): boolean {
  const first = codes[0];
  return codes.every((code) => code === first);
}

/** The rows at these places, in that order; labels and meanings stay. */
export function takeRows(column: CodedColumn, rows: Int32Array): CodedColumn {
  const codes = codesFor(rows.length, column.labels.length);
  for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i] ?? 0] ?? 0;
  return { ...column, codes };
}

/** Refuses columns that don't fit each other or the rows: another length, a code without a label. */
export function checkColumns(columns: readonly CodedColumn[], rows: number): void {
  for (const { name, codes, labels, meanings } of columns) {
    if (codes.length !== rows) throw new RunyardError('bad_input', `column ${name} has ${codes.length} rows, the losses ${rows}`, 'give every column a code for each row');
    if (meanings.length !== labels.length) throw new RunyardError('bad_input', `column ${name} has ${labels.length} labels and ${meanings.length} meanings`, 'give each code both');
    let row = 0;
    while (row < codes.length && (codes[row] ?? 0) < labels.length) row++;
    if (row < codes.length) throw new RunyardError('bad_input', `column ${name}, row ${row}: code ${codes[row] ?? ''} has no label (${labels.length} there are)`, 'code the column again');
  }
}
