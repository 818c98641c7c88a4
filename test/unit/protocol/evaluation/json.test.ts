import { expect, test } from 'vitest';
import { discoveryJson, evaluationJson, importanceJson } from '../../../../src/protocol/evaluation/json';
import { discoverSettings } from '../../../../src/protocol/evaluation/request';
import type { DiscoveryDoc } from '../../../../src/protocol/evaluation/result';
import { sampleEvaluation } from '../../../support/evaluation-doc';

test('figures are flat with their intervals beside them, slices are found by name', () => {
  expect(evaluationJson(sampleEvaluation(), true)).toMatchObject({
    id: '0123456789abcdef0123456789abcdef', cached: true, outcome: 'fail', task: 'binary', verdict: { word: 'better', metric: 'accuracy' },
    overall: { n: 400, accuracy: 0.89, roc_auc: 0.951234, per_class: { 1: { recall: 0.87 } }, profit: 1234.5, intervals: { accuracy: { method: 'wilson' } }, checks: [{ outcome: 'pass' }] },
    slices: { north: { n: 100, accuracy: 0.8, vs_rest: { p_holm: 0.002 }, outcome: 'fail', where: "region = 'north'", failed: true }, empty: { n: 0, accuracy: null, vs_rest: null, outcome: 'cannot tell' } },
    bootstrap95: { B: 1000, accuracy: { lo: 0.856 } }, splits: { spring: { overall: { accuracy: 0.9 } } },
  });
});

test('two models: the whole, each slice that both score, and which slices fail the gate', () => {
  expect(evaluationJson(sampleEvaluation(), false).compare).toMatchObject({
    overall: { n: 400, diff: 0.04 }, slices: { north: { p_holm: 0.003 } },
    verdict: { overall_better: true, overall_significant: true, failing_slices: ['north'], gate: 'fail' },
  });
});

test('without a baseline there is no comparison', () => {
  const { overall } = sampleEvaluation();
  const alone = evaluationJson(sampleEvaluation({ baseline: null, baselineOverall: null, overall: { ...overall, compared: null } }), false);
  expect([alone.verdict, 'compare' in alone, 'baselineOverall' in alone]).toEqual([null, false, false]);
});

test('less is better where the figure is an error', () => {
  const doc = sampleEvaluation();
  const compared = doc.overall.compared;
  if (!compared) throw new Error('the sample has two models');
  const lower = { ...compared, verdict: { ...compared.verdict, goal: 'minimize' as const, p: 0.2 } };
  expect(evaluationJson({ ...doc, slices: [], overall: { ...doc.overall, compared: lower } }, false).compare).toMatchObject({ verdict: { overall_better: false, overall_significant: false, failing_slices: [], gate: 'pass' } });
});

test('a search has its own figures by label, and those of what got worse under their own name too', () => {
  const sliceline = { average_error: 0.1, n: 400, found: 0, scores_sorted: [], order: [], slices: {} };
  const doc: DiscoveryDoc = { evaluation: 'e', settings: discoverSettings.parse({}), mode: 'worsening', loss: 'zero_one', rows: { searched: 200, checked: 200 }, leftOut: [], slices: [], families: [], duration: 1, sliceline };
  expect(discoveryJson(doc, false)).toMatchObject({ sliceline, sliceline_worsening: sliceline, cached: false });
  expect(discoveryJson({ ...doc, mode: 'loss' }, false)).not.toHaveProperty('sliceline_worsening');
});

test('importance stands under the name of each metric', () => {
  const figures = { accuracy: { age: { mean: 0.1, std: 0.01 } } };
  expect(importanceJson({ metric: 'accuracy', baseline: 0.9, repeats: 30, seed: 7, rows: 400, columns: [], figures })).toEqual({ n_repeats: 30, random_state: 7, n: 400, baseline: { accuracy: 0.9 }, ...figures });
});
