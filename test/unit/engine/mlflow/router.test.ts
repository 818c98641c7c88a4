import { expect, test } from 'vitest';
import { z } from 'zod';
import { createRouter, rawRoute, route } from '../../../../src/engine/mlflow/router';

const done = (): Record<string, never> => ({});
const router = createRouter([
  route('GET /api/2.0/mlflow/runs/get', z.object({}), done), route('POST /api/2.0/mlflow/runs/create', z.object({}), done),
  route('GET /api/2.0/mlflow/logged-models/:model_id', z.object({}), done), route('PATCH /api/2.0/mlflow/logged-models/:model_id', z.object({}), done),
  route('DELETE /api/2.0/mlflow/logged-models/:model_id/tags/:tag_key', z.object({}), done), rawRoute('PUT /api/2.0/mlflow-artifacts/artifacts/*', done),
]);
const found = (method: string, path: string): unknown => {
  const match = router(method, path);
  return typeof match === 'string' ? match : [match.route.path, match.params];
};

test('a path is found by its method, the interface\'s prefix and a slash at its end make no difference', () => {
  for (const path of ['/api/2.0/mlflow/runs/get', '/ajax-api/2.0/mlflow/runs/get', '/api/2.0/mlflow/runs/get/']) expect(found('GET', path)).toEqual(['/api/2.0/mlflow/runs/get', {}]);
  expect(found('HEAD', '/api/2.0/mlflow/runs/get')).toEqual(['/api/2.0/mlflow/runs/get', {}]);
});

test('parts of a path are decoded once, the rest of one is not', () => {
  expect(found('GET', '/api/2.0/mlflow/logged-models/m-%2541')).toEqual(['/api/2.0/mlflow/logged-models/:model_id', { model_id: 'm-%41' }]);
  expect(found('DELETE', '/api/2.0/mlflow/logged-models/m/tags/a%2Fb')).toEqual(['/api/2.0/mlflow/logged-models/:model_id/tags/:tag_key', { model_id: 'm', tag_key: 'a/b' }]);
  expect(found('PUT', '/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/%2e%2e/x')).toEqual(['/api/2.0/mlflow-artifacts/artifacts/*', { rest: '0/r/artifacts/%2e%2e/x' }]);
  expect(found('GET', '/api/2.0/mlflow/logged-models/%zz')).toEqual(['/api/2.0/mlflow/logged-models/:model_id', { model_id: '%zz' }]);
});

test.each([['/'], [''], ['/api'], ['/api/2.0/mlflow/runs'], ['/api/2.0/mlflow/runs/get/more'], ['//api/2.0/mlflow/runs/get'], ['/API/2.0/mlflow/runs/get'], ['/api/2.0/mlflow/logged-models/'], ['/api/2.0/mlflow/logged-models/a/b'], ['/constructor'], ['http://elsewhere/api/2.0/mlflow/runs/get']])('%j is no path', (path) => {
  expect(found('GET', path)).toBe('no such path');
});

test.each([['POST', '/api/2.0/mlflow/runs/get'], ['GET', '/api/2.0/mlflow/runs/create'], ['OPTIONS', '/api/2.0/mlflow/runs/create'], ['DELETE', '/api/2.0/mlflow/logged-models/m'], ['TRACE', '/api/2.0/mlflow/runs/get']])('%s %s is no method of it', (method, path) => {
  expect(found(method, path)).toBe('no such method');
});
