/** One error class for everything a person may see: a stable code, what is wrong, and how to mend it. */
export type ErrorCode =
  | 'bad_input' | 'not_found' | 'already_exists' | 'conflict' | 'refused' | 'untrusted'
  | 'store_newer' | 'store_corrupt' | 'disk_full' | 'engine_unreachable' | 'cancelled' | 'unsupported' | 'internal';

export class RunyardError extends Error {
  override readonly name = 'RunyardError';
  constructor(readonly code: ErrorCode, message: string, readonly hint = '', options?: { cause?: unknown }) {
    super(message, options);
  }
}

/** What is wrong in one line, for a log or a message; never throws. */
export function describeError(error: unknown): string {
  if (error instanceof RunyardError) return error.hint ? `${error.message}: ${error.hint}` : error.message;
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (ENOENT, ENOSPC ...), or '' where there is none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
