import { expect, test } from 'vitest';
import { notate, ownServer, terminalVariables } from '../../../../src/extension/mlflow/words';

const address = { uri: 'http://127.0.0.1:23456', token: 'abc' };

test('a terminal gets the address, the token and short retries', () => {
  expect(terminalVariables(address)).toEqual({
    MLFLOW_TRACKING_URI: 'http://127.0.0.1:23456', MLFLOW_TRACKING_TOKEN: 'abc', RUNYARD_MLFLOW_URI: 'http://127.0.0.1:23456', MLFLOW_HTTP_REQUEST_MAX_RETRIES: '3', MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: '1',
  });
});

test("a tracking server that a person set is left alone, one of ours from the editor's own terminal is not", () => {
  expect(ownServer({}, {})).toBeUndefined();
  expect(ownServer({ MLFLOW_TRACKING_URI: '' }, { MLFLOW_TRACKING_URI: null })).toBeUndefined();
  expect(ownServer({ MLFLOW_TRACKING_URI: 'https://mlflow.example' }, {})).toBe('https://mlflow.example');
  expect(ownServer({}, { MLFLOW_TRACKING_URI: 'databricks' })).toBe('databricks');
  expect(ownServer({ MLFLOW_TRACKING_URI: 'http://127.0.0.1:1', RUNYARD_MLFLOW_URI: 'http://127.0.0.1:1' })).toBeUndefined();
});

test.each([
  ['uri', 'http://127.0.0.1:23456'], ['shell', 'export MLFLOW_TRACKING_URI=http://127.0.0.1:23456\nexport MLFLOW_TRACKING_TOKEN=abc\n'],
  ['powershell', "$env:MLFLOW_TRACKING_URI = 'http://127.0.0.1:23456'\n$env:MLFLOW_TRACKING_TOKEN = 'abc'\n"], ['dotenv', 'MLFLOW_TRACKING_URI=http://127.0.0.1:23456\nMLFLOW_TRACKING_TOKEN=abc\n'],
  ['notebook', '%env MLFLOW_TRACKING_URI=http://127.0.0.1:23456\n%env MLFLOW_TRACKING_TOKEN=abc\n'],
] as const)('as %s it can be pasted', (notation, text) => {
  expect(notate(address, notation)).toBe(text);
});
