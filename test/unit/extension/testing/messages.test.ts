import { describe, expect, test } from 'vitest';
import type { EvaluationDoc, SliceResult } from '../../../../src/protocol/evaluation/result';
import { evaluationRequest } from '../../../../src/protocol/evaluation/request';
import { failureMessages } from '../../../../src/extension/testing/messages';
import { check, evaluationDoc, evaluationTest } from '../../../support/evaluation-rows';

const failing = evaluationTest({ outcome: 'fail', message: 'two limits' });
const slice = (over: Partial<SliceResult>): SliceResult => ({ name: 'young', checks: [], compared: null, ...over }) as SliceResult;

describe('a failing slice', () => {
  test('shows what was expected beside what is, for each limit that is not kept', () => {
    const doc = evaluationDoc({ slices: [slice({ checks: [check(), check({ metric: 'mae', outcome: 'pass' }), check({ metric: 'per_class.1.recall', reason: 'recall is low' })] })] });
    expect(failureMessages(failing, doc)).toEqual([
      { text: 'accuracy ≥ 0.8 is not kept: 0.7 [0.65, 0.75]', expected: 'at least 0.8', actual: '0.7' },
      { text: 'recall is low', expected: 'at least 0.8', actual: '0.7' },
    ]);
  });
  test('says that it got worse than the baseline, and by how much it may', () => {
    const request = evaluationRequest.parse({ model: { file: 'm' }, data: { files: ['d'] }, label: 'y', gate: { maxWorsening: 0.01 } });
    const compared = { failed: true, comparison: {}, differences: {}, verdict: { metric: 'accuracy', goal: 'maximize', word: 'worse', difference: -0.05, interval: [-0.08, -0.02], p: 0.001, method: '', rowsToTell: null, reason: '' } } as const;
    const doc = evaluationDoc({ request, baseline: { name: 'champion' } as EvaluationDoc['baseline'], slices: [slice({ compared: { ...compared, verdict: { ...compared.verdict, interval: [-0.08, -0.02] } } })] });
    expect(failureMessages(failing, doc)).toEqual([{ text: 'worse than champion: −0.05 [−0.08, −0.02]', expected: 'at most 0.01 worse', actual: '−0.05' }]);
  });
  test('says its own words where the evaluation is gone, or has no such slice', () => {
    expect(failureMessages(failing, undefined)).toEqual([{ text: 'two limits' }]);
    expect(failureMessages(failing, evaluationDoc({}))).toEqual([{ text: 'two limits' }]);
    expect(failureMessages(evaluationTest({ outcome: 'fail' }), undefined)).toEqual([{ text: 'young fails' }]);
  });
});

test('a failing pinned example shows what it has to be called and what it is called', () => {
  const example = { id: '77', expected: 3, within: 0.5, note: 'from the review', by: '', at: '' };
  const doc = evaluationDoc({ pinned: [{ example, outcome: 'fail', row: 4, predicted: 9, reason: '' }] });
  expect(failureMessages(evaluationTest({ kind: 'pinned', name: '77', outcome: 'fail' }), doc)).toEqual([
    { text: 'it has to come out otherwise (from the review)', expected: '3 ± 0.5', actual: '9' },
  ]);
});

test('all rows together say the reasons where no limit of theirs is broken', () => {
  const doc = evaluationDoc({ overall: { figures: { n: 1 }, intervals: {}, checks: [], compared: null, bootstrap95: {} }, reasons: ['slice young fails', 'pinned 77 fails'] });
  expect(failureMessages(evaluationTest({ kind: 'overall', outcome: 'fail' }), doc)).toEqual([{ text: 'slice young fails' }, { text: 'pinned 77 fails' }]);
});
