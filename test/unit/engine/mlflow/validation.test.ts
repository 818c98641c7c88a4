import { expect, test } from 'vitest';
import { checkBatch, checkExperimentName, checkExperimentTag, checkName, checkParams, checkTags, cutTo } from '../../../../src/engine/mlflow/validation';

const bad = expect.objectContaining({ code: 'INVALID_PARAMETER_VALUE', status: 400 }) as Error;

test.each(['loss', 'val/loss', 'a b', 'a:b', 'a.b', 'a-b_c', 'Größe', '日本', 'x'.repeat(250), 'constructor', 'toString', 'hasOwnProperty'])('%j is a name', (name) => {
  expect(() => checkName(name, 'key')).not.toThrow();
});

test.each(['..', '.', '../x', 'a/../b', '/a', 'a//b', './a', 'a/', 'a\u0000b', 'a\nb', 'a\\b', 'a%b', 'a"b', '\ud800', '__proto__', 'x'.repeat(251), '<script>'])('%j is none, and its place is told', (name) => {
  expect(() => checkName(name, 'metrics[3].name')).toThrow(bad);
  expect(() => checkName(name, 'metrics[3].name')).toThrow('metrics[3].name');
});

test('values that are too long are cut, keys that come twice refused', () => {
  expect(checkParams([{ key: 'a', value: 'x'.repeat(7000) }])[0]?.value).toHaveLength(6000);
  expect(checkTags([{ key: 'a', value: 'x'.repeat(9000) }])[0]?.value).toHaveLength(8000);
  expect(cutTo('ab', 2)).toBe('ab');
  expect(() => checkParams([{ key: 'a', value: '1' }, { key: 'a', value: '1' }])).toThrow(bad);
  expect(() => checkTags([{ key: 'a', value: '1' }, { key: '../b', value: '1' }])).toThrow('tags[1].key');
});

test('an experiment has a name that is not too long, and its tags have an end', () => {
  expect(() => checkExperimentName('')).toThrow(bad);
  expect(() => checkExperimentName('x'.repeat(501))).toThrow(bad);
  expect(() => checkExperimentName('any name: äöü / \\')).not.toThrow();
  expect(() => checkExperimentTag({ key: 'a', value: 'x'.repeat(20_001) })).toThrow(bad);
});

test.each([
  ['metrics', { metrics: 1001, params: 0, tags: 0, bytes: 0 }], ['params', { metrics: 0, params: 101, tags: 0, bytes: 0 }], ['tags', { metrics: 0, params: 0, tags: 101, bytes: 0 }],
  ['metrics, params, and tags', { metrics: 999, params: 1, tags: 1, bytes: 0 }], ['bytes', { metrics: 0, params: 0, tags: 0, bytes: 1_000_001 }],
])('a batch with too many %s is refused', (word, counts) => {
  expect(() => checkBatch(counts)).toThrow(bad);
  expect(() => checkBatch(counts)).toThrow(word);
});

test('a batch at its limits is taken', () => {
  expect(() => checkBatch({ metrics: 1000, params: 0, tags: 0, bytes: 1_000_000 })).not.toThrow();
});
