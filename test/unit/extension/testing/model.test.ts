import { describe, expect, test } from 'vitest';
import { descriptionOf, leavesOf, newestOf, testTree } from '../../../../src/extension/testing/model';
import { evaluationTest } from '../../../support/evaluation-rows';

const history = [{ evaluation: 'a', created: 1, outcome: 'fail' as const }, { evaluation: 'b', created: 2, outcome: 'pass' as const }];
const tests = [
  evaluationTest({ id: 'p7', kind: 'pinned', name: '7', file: 'pinned-examples.jsonl', line: 1 }),
  evaluationTest({ id: 's1' }), evaluationTest({ id: 's2', name: 'old' }),
  evaluationTest({ id: 'o', kind: 'overall', name: 'car-loan', line: 3, history }),
  evaluationTest({ id: 'x', evaluation: 'other' }),
];

describe('the tree of tests', () => {
  test('has a node an evaluation: all rows first, slices as they are defined, pinned examples held together', () => {
    const tree = testTree(tests);
    expect(tree.map(({ label, line, description }) => [label, line, description])).toEqual([['car-loan', 3, '1 of last 2 passed'], ['other', null, '']]);
    expect(tree[0]?.children.map(({ label }) => label)).toEqual(['All Rows', 'young', 'old', 'Pinned Examples']);
    expect(tree[0]?.children.at(-1)).toMatchObject({ description: '1', file: 'pinned-examples.jsonl' });
  });
  test('holds each test once', () => {
    expect(testTree(tests).flatMap(leavesOf).map(({ id }) => id).sort()).toEqual(tests.map(({ id }) => id).sort());
  });
  test('says of an evaluation that it passed where every test of it did', () => {
    const past = (...outcomes: ('pass' | 'fail')[]) => outcomes.map((outcome, created) => ({ evaluation: `e${created}`, created, outcome }));
    const [root] = testTree([evaluationTest({ history: past('pass', 'pass', 'fail') }), evaluationTest({ id: 's2', name: 'old', history: past('fail', 'pass', 'pass') })]);
    expect(root?.description).toBe('1 of last 3 passed');
  });
  test('of nothing is nothing', () => {
    expect(testTree([])).toEqual([]);
  });
});

describe('what stands behind a test', () => {
  test('is why nobody can tell, for the editor has no such state', () => {
    expect(descriptionOf(evaluationTest({ outcome: 'cannot tell', message: '12 rows, 30 are needed', history }))).toBe('cannot tell: 12 rows, 30 are needed · 1 of last 2 passed');
  });
  test('is that it was never evaluated', () => {
    expect(descriptionOf(evaluationTest({ outcome: null }))).toBe('not evaluated yet');
  });
});

test('the newest evaluation of some tests is found among all that they tell of', () => {
  expect(newestOf([evaluationTest(), evaluationTest({ history })])).toMatchObject({ evaluation: 'b' });
  expect(newestOf([])).toBeUndefined();
});
