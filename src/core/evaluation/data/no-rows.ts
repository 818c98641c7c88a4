/** Data without a row: for most an error, for a window of a log an answer. */
import { RunyardError } from '../../base/errors';

/** The cause of the error. */
export class NoRows extends Error {
  override readonly name = 'NoRows';
}

export function noRows(message: string, hint: string): RunyardError {
  return new RunyardError('bad_input', message, hint, { cause: new NoRows(message) });
}

/** Whether data could be read and held no row, or none of the window and predicate asked for. */
export const hasNoRows = (error: unknown): error is RunyardError => error instanceof RunyardError && error.cause instanceof NoRows;
