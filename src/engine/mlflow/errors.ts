/** Errors as MLflow's clients read them. Source: mlflow.exceptions, mlflow.protos.databricks. */
import { RunyardError } from '../../core/base/errors';

const STATUS = {
  INVALID_PARAMETER_VALUE: 400, BAD_REQUEST: 400, RESOURCE_ALREADY_EXISTS: 400, MALFORMED_REQUEST: 400, UNAUTHENTICATED: 401, PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404, ENDPOINT_NOT_FOUND: 404, NOT_FOUND: 404, INVALID_STATE: 500, INTERNAL_ERROR: 500, TEMPORARILY_UNAVAILABLE: 503, NOT_IMPLEMENTED: 501,
  REQUEST_LIMIT_EXCEEDED: 413,
} as const;
export type MlflowCode = keyof typeof STATUS;

/** What is answered with its code's status. 5xx makes clients try again for minutes: never for a user's error. */
export class MlflowError extends Error {
  constructor(readonly code: MlflowCode, message: string, readonly status: number = STATUS[code]) { super(message); }
}

export const invalid = (message: string): MlflowError => new MlflowError('INVALID_PARAMETER_VALUE', message);
export const missing = (message: string): MlflowError => new MlflowError('RESOURCE_DOES_NOT_EXIST', message);
export const exists = (message: string): MlflowError => new MlflowError('RESOURCE_ALREADY_EXISTS', message);

/** A failure of ours in MLflow's words; what isn't known is internal, and its text stays in our log. */
export function toMlflowError(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  if (!(error instanceof RunyardError)) return new MlflowError('INTERNAL_ERROR', "Runyard met an error of its own; the engine's log has it");
  const message = error.hint ? `${error.message}: ${error.hint}` : error.message;
  switch (error.code) {
    case 'bad_input': case 'conflict': return invalid(message);
    case 'not_found': return missing(message);
    case 'already_exists': return exists(message);
    case 'refused': return new MlflowError('PERMISSION_DENIED', message);
    // Not 500: clients would try it again for minutes.
    case 'disk_full': return new MlflowError('INTERNAL_ERROR', message, 507);
    default: return new MlflowError('INTERNAL_ERROR', message);
  }
}
