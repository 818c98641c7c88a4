import { expect, test } from 'vitest';
import { RunyardError } from '../../../../src/core/base/errors';
import { exists, invalid, missing, MlflowError, toMlflowError } from '../../../../src/engine/mlflow/errors';

test("errors have MLflow's statuses, and none of a user's is one that clients try again for", () => {
  expect([invalid(''), missing(''), exists(''), new MlflowError('UNAUTHENTICATED', ''), new MlflowError('PERMISSION_DENIED', ''), new MlflowError('REQUEST_LIMIT_EXCEEDED', '')].map(({ status }) => status)).toEqual([400, 404, 400, 401, 403, 413]);
});

test.each([['bad_input', 'INVALID_PARAMETER_VALUE'], ['conflict', 'INVALID_PARAMETER_VALUE'], ['not_found', 'RESOURCE_DOES_NOT_EXIST'], ['already_exists', 'RESOURCE_ALREADY_EXISTS'], ['refused', 'PERMISSION_DENIED'], ['disk_full', 'INTERNAL_ERROR']] as const)('%s of ours is %s', (code, word) => {
  expect(toMlflowError(new RunyardError(code, 'what', 'do this'))).toMatchObject({ code: word, message: 'what: do this' });
});

test("what isn't known is told without its text", () => {
  const known = toMlflowError(new TypeError("secret of /home/me at line 3"));
  expect(known).toMatchObject({ code: 'INTERNAL_ERROR', status: 500 });
  expect(known.message).not.toContain('secret');
});

test('an error of ours stays what it is', () => {
  const one = invalid('x');
  expect(toMlflowError(one)).toBe(one);
});
