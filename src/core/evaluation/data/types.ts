/** Rows of a data set as evaluation sees them: columns of typed arrays, read in batches, in the order of the files. */
import type { ColumnType, DataSpec } from '../../../protocol/evaluation/request';

export interface Column { name: string; type: ColumnType; /** DuckDB's name of it */ stored: string }

/** Values of a column. `missing[i]` is 1 where there is none (null: none is missing); a missing number is NaN, a missing text ''. A float column's own NaN is missing too. */
export type Values =
  | { type: 'float'; values: Float64Array; missing: Uint8Array | null }
  /** `big` where a number is beyond 2^53; the doubles are then the nearest */
  | { type: 'int'; values: Float64Array; big?: BigInt64Array; missing: Uint8Array | null }
  | { type: 'bool'; values: Uint8Array; missing: Uint8Array | null }
  | { type: 'string' | 'date' | 'time' | 'other'; values: string[]; missing: Uint8Array | null };

/** Rows from `from` on, `count` of them; `columns` by name. */
export interface Batch { from: number; count: number; columns: Readonly<Record<string, Values>> }

export interface ReadOptions {
  columns: readonly string[]; batch?: number; signal?: AbortSignal | undefined;
  /** only rows for which this predicate is true; they are then counted from 0 */
  where?: string | undefined;
  /** memory for a column of numbers, used again and again or shared with a thread, instead of a new array for each batch */
  memory?(column: string, rows: number): Float64Array;
}
/** Values that differ, with how many rows have each; a missing value is one of them. */
export interface Groups { values: Values; counts: Float64Array }
/** Some rows of the data, by their numbers there (ascending). */
export interface Sampled { rows: Float64Array; columns: Readonly<Record<string, Values>> }

/** A predicate of a person's that was looked at: only the row's columns, operators and functions that touch nothing else. */
export interface Predicate { where: string; columns: string[] }

/** How a column's values count in a row's fingerprint: numbers of any type, or texts. */
export interface FingerprintColumn { name: string; as: 'number' | 'text' }
/** 64 bits a row, as two halves each. `near`: numbers to 3 significant digits, texts in lower case without spaces around them. */
export interface Fingerprints { count: number; exact: Uint32Array; near: Uint32Array }

/** An opened data set. Nothing but its own files can be read through it. */
export interface Data extends AsyncDisposable {
  readonly spec: DataSpec;
  /** absolute paths, sorted; globs made out */
  readonly files: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 (hex) over the bytes of the files in their order and how they are read: other bytes, other data; names don't count */
  readonly digest: string;
  /** newest change of a file, ms since the epoch */
  readonly changed: number;
  read(options: ReadOptions): AsyncIterable<Batch>;
  /** All rows of one column. */
  column(name: string, signal?: AbortSignal): Promise<Values>;
  /** Stable ids: the id column's values as text, else a hash of what the row says, with a running number where rows are the same. */
  ids(idColumn: string | undefined): Promise<string[]>;
  /** Looks at predicates without running them. Throws bad_input naming the predicate, the place and what is wrong. */
  checkPredicate(where: string): Promise<Predicate>;
  /** 1 where the predicate is true; null and false are 0. One pass over the data for all of them. */
  members(predicates: readonly string[], signal?: AbortSignal): Promise<Uint8Array[]>;
  /** Missing values of each column, in one pass. */
  missing(): Promise<Record<string, number>>;
  /** How often each value of a column comes, thousands at a time, in no order. */
  groups(column: string, options?: { where?: string | undefined; signal?: AbortSignal | undefined }): AsyncIterable<Groups>;
  /** About `most` rows by chance, all where there are no more: the same for the same seed. */
  sample(columns: readonly string[], options: { most: number; seed: number; signal?: AbortSignal | undefined }): Promise<Sampled>;
  /** Cells of these rows, in the order asked; what can't be written in JSON is text. */
  cells(rows: readonly number[], columns: readonly string[]): Promise<(string | number | boolean | null)[][]>;
  /** Two hashes of each row over some columns, to find it among other data: see overlap.ts. */
  fingerprints(columns: readonly FingerprintColumn[], signal?: AbortSignal): AsyncIterable<Fingerprints>;
  /** Most frequent values of a column with their counts, as text. */
  frequent(column: string, most: number): Promise<{ value: string; count: number }[]>;
}

export interface OpenOptions {
  /** relative paths are looked for here */
  workspace: string;
  /** where DuckDB may put what doesn't fit into memory */
  temp: string;
  /** of DuckDB, in bytes */
  memory?: number;
  signal?: AbortSignal | undefined;
}
