/** Columns of typed arrays in a Parquet file (zstd) and back. */
import { RunyardError } from '../../base/errors';
import type { Values } from './types';

/** Writes beside the file first and moves it there whole. Columns have the same length. */
export function writeColumns(file: string, columns: Readonly<Record<string, Values>>): Promise<void> {
  return Promise.reject(new RunyardError('unsupported', `${file}: ${Object.keys(columns).length} columns can't be written yet`));
}

/** All columns, or those named. */
export function readColumns(file: string, names?: readonly string[]): Promise<{ rows: number; columns: Record<string, Values> }> {
  return Promise.reject(new RunyardError('unsupported', `${file}: ${names?.length ?? 'all'} columns can't be read yet`));
}
