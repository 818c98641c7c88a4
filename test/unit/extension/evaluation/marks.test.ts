import { describe, expect, test } from 'vitest';
import { marksOf, wordsOf } from '../../../../src/extension/evaluation/marks';
import { evaluationTest } from '../../../support/evaluation-rows';

describe('marks', () => {
  const history = [{ evaluation: 'new', created: 2, outcome: 'fail' as const }, { evaluation: 'old', created: 1, outcome: 'pass' as const }];
  test('are an error for what fails, with the evaluation that told it', () => {
    expect(marksOf([evaluationTest({ outcome: 'fail', message: 'accuracy 0.7 is below 0.8', history })])).toEqual([
      { file: 'runyard.yaml', line: 12, severity: 'error', message: "slice 'young' fails in car-loan: accuracy 0.7 is below 0.8", evaluation: 'new' },
    ]);
  });
  test('are calm for what nobody can tell', () => {
    const [mark] = marksOf([evaluationTest({ kind: 'pinned', name: '77', file: 'pinned-examples.jsonl', line: 1, outcome: 'cannot tell' })]);
    expect(mark).toMatchObject({ severity: 'information', message: "pinned example '77': cannot tell in car-loan", file: 'pinned-examples.jsonl', evaluation: null });
  });
  test('are none for what passes, was never evaluated, or has no place', () => {
    expect(marksOf([evaluationTest(), evaluationTest({ outcome: null }), evaluationTest({ outcome: 'fail', file: null })])).toEqual([]);
  });
});

test('a mark lies under the words of its line', () => {
  expect(wordsOf('  young-north:  # risk')).toEqual([2, 14]);
  expect(wordsOf('')).toEqual([0, 0]);
});
