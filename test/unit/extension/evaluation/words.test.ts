import { describe, expect, test } from 'vitest';
import { evaluationLens, historyWords, limitWords, newestByName, progressWords, sliceLens, summaryDetail, summaryWords, valueWords } from '../../../../src/extension/evaluation/words';
import { check, evaluationSummary, evaluationTest } from '../../../support/evaluation-rows';

describe('progress', () => {
  test('counts rows where they are counted, and never more than there are', () => {
    expect(progressWords({ phase: 'scoring', done: 12_000.7, total: 50_000 })).toBe('scoring 12,000 of 50,000');
    expect(progressWords({ phase: 'scoring', done: 60_000, total: 50_000 })).toBe('scoring 50,000 of 50,000');
    expect(progressWords({ phase: 'reading', done: 700, total: 0 })).toBe('reading 700');
    expect(progressWords({ phase: 'loading the model', done: 0, total: 0 })).toBe('loading the model');
  });
});

describe('history', () => {
  const outcomes = (list: readonly ('pass' | 'fail')[]) => list.map((outcome, index) => ({ evaluation: `e${index}`, created: index, outcome }));
  test('says how many of the last passed', () => {
    expect(historyWords(outcomes(['fail', 'pass', 'pass', 'pass', 'pass', 'pass']))).toBe('5 of last 6 passed');
  });
  test('counts the newest ten, in whichever order they come', () => {
    const list = outcomes([...Array<'fail'>(5).fill('fail'), ...Array<'pass'>(10).fill('pass')]).reverse();
    expect(historyWords(list)).toBe('10 of last 10 passed');
  });
  test('of one evaluation says nothing more', () => {
    expect(historyWords(outcomes(['pass']))).toBe('');
  });
});

describe('figures', () => {
  test('stand with their interval, and with a dash where there is none', () => {
    expect(valueWords({ value: 0.874, low: 0.86, high: 0.89 })).toBe('0.874 [0.86, 0.89]');
    expect(valueWords({ value: null, low: null, high: null })).toBe('–');
  });
  test('are held against a limit, or two', () => {
    expect(limitWords(check())).toBe('accuracy ≥ 0.8');
    expect(limitWords(check({ metric: 'mae', min: null, max: 3 }))).toBe('mae ≤ 3');
    expect(limitWords(check({ max: 0.9 }))).toBe('accuracy between 0.8 and 0.9');
  });
});

describe('an evaluation', () => {
  test('is told with its outcome, its main figure and its failing slices', () => {
    expect(summaryWords(evaluationSummary({ outcome: 'fail', slices: 12, failing: 2 }))).toBe('fail · accuracy 0.874 [0.86, 0.89] · 2 of 12 slices fail');
    expect(summaryWords(evaluationSummary({ slices: 1 }))).toBe('pass · accuracy 0.874 [0.86, 0.89] · 1 slice');
    expect(summaryDetail(evaluationSummary({ baseline: 'old.onnx' }), 1_000_000 + 7_200_000)).toBe('model.onnx against old.onnx on test.csv, 2,000 rows · 2 h ago');
  });
  test('that is the newest of its name stands for the name', () => {
    const newest = newestByName([evaluationSummary({ id: 'a', created: 1 }), evaluationSummary({ id: 'b', created: 3 }), evaluationSummary({ id: 'c', created: 2 }), evaluationSummary({ id: 'x', name: 'other' })]);
    expect([...newest].map(([name, one]) => `${name} ${one.id}`)).toEqual(['car-loan b', 'other x']);
  });
  test('is one lens over its entry', () => {
    expect(evaluationLens(evaluationSummary({ outcome: 'cannot tell', value: null }))).toBe('last: cannot tell –');
  });
});

describe('the lens over a slice', () => {
  test('names the evaluations where they differ', () => {
    expect(sliceLens([evaluationTest(), evaluationTest({ evaluation: 'other', outcome: 'fail' })])).toBe('last: pass in car-loan, fail in other');
    expect(sliceLens([evaluationTest(), evaluationTest({ evaluation: 'other' })])).toBe('last: pass');
  });
  test('is not there before anything was evaluated', () => {
    expect(sliceLens([evaluationTest({ outcome: null })])).toBeUndefined();
  });
});
