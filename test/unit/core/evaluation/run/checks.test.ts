// Figures held against limits, pinned examples, and what all comes to.
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../../src/core/evaluation/run/checks';
import { outcomeOf } from '../../../../../src/core/evaluation/run/outcome';
import { pinnedResults } from '../../../../../src/core/evaluation/run/pinned';
import { pinnedExample } from '../../../../../src/protocol/evaluation/request';
import { largestMethod } from '../../../../../src/protocol/evaluation/result';
import { binary, binaryModel, regression } from './rows';

describe('a limit', () => {
  const held = { figures: { n: 100, accuracy: 0.9, max_error: 3, per_class: { 1: { recall: 0.5 } } }, intervals: { accuracy: { low: 0.85, high: 0.94, method: 'wilson' }, 'per_class.1.recall': { low: 0.4, high: 0.6, method: 'wilson' } } };
  test.each([
    [{ accuracy: { min: 0.85 } }, 'pass'], [{ accuracy: { min: 0.95 } }, 'fail'], [{ accuracy: { min: 0.9 } }, 'cannot tell'], [{ accuracy: { min: 0.92 } }, 'cannot tell'],
    [{ accuracy: { max: 0.94 } }, 'pass'], [{ accuracy: { max: 0.8 } }, 'fail'], [{ accuracy: { min: 0.8, max: 0.9 } }, 'cannot tell'],
    [{ 'per_class.1.recall': { min: 0.7 } }, 'fail'], [{ max_error: { max: 3 } }, 'pass'], [{ max_error: { max: 2.9 } }, 'fail'],
    [{ nonsense: { min: 0 } }, 'cannot tell'],
  ])('%j: %s', (thresholds, outcome) => {
    const [found] = checksOf(thresholds, held);
    expect(found?.outcome).toBe(outcome);
    expect(found?.reason).toMatch(/./);
  });

  test('a largest error beyond its limit is beyond it, whatever its interval', () => {
  const held = { figures: { n: 100, max_error: 3 }, intervals: { max_error: { low: 2, high: 3, method: largestMethod } } };
  expect(checksOf({ max_error: { max: 2.9 } }, held)[0]).toMatchObject({ outcome: 'fail', low: null });
  expect(checksOf({ max_error: { max: 3 } }, held)[0]).toMatchObject({ outcome: 'pass' });
});

test("can't be told of fewer rows than are asked for", () => {
    expect(checksOf({ accuracy: { min: 0.1 } }, held, 101)).toMatchObject([{ outcome: 'cannot tell', value: 0.9, low: 0.85, high: 0.94, reason: expect.stringContaining('101 are asked for') as string }]);
  });

  test('on the difference to the rest, and on the worsening, looks at their own intervals', () => {
    const compared = { comparison: {}, differences: {}, failed: false, verdict: { metric: 'accuracy', goal: 'maximize' as const, word: 'cannot tell' as const, difference: -0.02, interval: [-0.03, 0.01] as [number, number], p: 0.2, method: 'mcnemar', rowsToTell: null, reason: '' } };
    const found = checksOf({ accuracy_diff: { min: -0.05 }, worsening: { max: 0.02 } }, { ...held, vs_rest: { accuracy_diff: -0.01, newcombe95: [-0.04, 0.02] }, compared });
    expect(found).toMatchObject([{ outcome: 'pass', low: -0.04 }, { outcome: 'cannot tell', value: 0.02, low: -0.01, high: 0.03 }]);
  });
});

describe('a pinned example', () => {
  const scored = binary([1, 0, 1], [0.9, 0.8, NaN], { ids: ['a', 'b', 'c'], model: binaryModel([0.9, 0.8, NaN], new Map([[2, 'it failed']])) });
  const of = (id: string, expected: string | number, within?: number) => pinnedExample.parse({ id, expected, within });

  test('passes where it is called right, whatever the number is written like', () => {
    expect(pinnedResults([of('a', '1'), of('a', 1), of('a', '1.0'), of('b', '0')], scored).map(({ outcome }) => outcome)).toEqual(['pass', 'pass', 'pass', 'fail']);
  });

  test("can't be told without its row or a prediction", () => {
    expect(pinnedResults([of('zz', '1'), of('c', '1')], scored)).toMatchObject([{ outcome: 'cannot tell', row: null, reason: 'no row has the id zz' }, { outcome: 'cannot tell', row: 2, reason: expect.stringContaining('it failed') as string }]);
  });

  test('of a number is right within a distance', () => {
    const numbers = regression([1, 2], [1.4, 2], { ids: ['a', 'b'] });
    expect(pinnedResults([of('a', 1, 0.5), of('a', 1, 0.3), of('a', 1), of('b', 2)], numbers).map(({ outcome }) => outcome)).toEqual(['pass', 'fail', 'fail', 'pass']);
  });
});

test('what fails counts more than what nobody can tell, and comes first among the reasons', () => {
  const check = (outcome: 'pass' | 'fail' | 'cannot tell') => ({ metric: 'm', min: 0, max: null, value: 0, low: 0, high: 0, outcome, reason: outcome });
  expect(outcomeOf({ checks: [], slices: [], pinned: [], compared: null })).toEqual({ outcome: 'pass', reasons: [] });
  expect(outcomeOf({ checks: [check('cannot tell')], slices: [{ name: 's', outcome: 'fail', checks: [check('fail')], compared: null }], pinned: [], compared: null })).toEqual({ outcome: 'fail', reasons: ['slice s: fail', 'cannot tell'] });
});
