/** Why a request isn't answered with predictions. */

/** `code` is MLflow's error_code; `column`: the one at fault. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly status: number, readonly code: string, message: string, readonly more: { column?: string; rule?: string; allow?: string } = {}) {
    super(message);
  }
}
export const badRequest = (message: string, column?: string): Refusal => new Refusal(400, 'BAD_REQUEST', message, column === undefined ? {} : { column });
