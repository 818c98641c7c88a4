import { expect, test } from 'vitest';
import { discoveryText } from '../../../../src/cli/evaluation/discovery-text';
import { evaluationText } from '../../../../src/cli/evaluation/evaluation-text';
import { inspectionText } from '../../../../src/cli/evaluation/inspect';
import { explanationText, importanceText, rowsText } from '../../../../src/cli/evaluation/look-text';
import { terminal } from '../../../../src/cli/terminal';
import { discoverSettings } from '../../../../src/protocol/evaluation/request';
import { largestMethod, type DiscoveryDoc } from '../../../../src/protocol/evaluation/result';
import { sampleEvaluation } from '../../../support/evaluation-doc';

const out = terminal({ write: () => true }, {});
const now = Date.UTC(2026, 10, 1, 3);

test('an evaluation of two models: figures with intervals, slices by harm, pinned rows, verdict, what was not scored, why it fails', () => {
  expect(evaluationText(sampleEvaluation(), { cached: false, now }, out)).toMatchSnapshot();
});

test('of one model, kept from before, where all is well', () => {
  const { overall, slices } = sampleEvaluation();
  const doc = sampleEvaluation({
    baseline: null, baselineOverall: null, baselineUnscored: null, overall: { ...overall, compared: null, checks: [] }, slices: slices.map((slice) => ({ ...slice, compared: null, outcome: 'pass' })), pinned: [], flips: null, splits: {},
    outcome: 'pass', reasons: [], warnings: [], unscored: { count: 0, reasons: {}, first: [] },
  });
  const text = evaluationText(doc, { cached: true, now }, out);
  expect(text).toMatchSnapshot();
  expect(text).toContain('kept since 3 h ago: nothing was computed');
});

test('the interval of a largest error is shown, with what it does not say', () => {
  const { overall } = sampleEvaluation();
  const doc = sampleEvaluation({ task: 'regression', main: { metric: 'mae', goal: 'minimize' }, overall: { ...overall, figures: { n: 3, mae: 1, max_error: 9 }, intervals: { mae: { low: 0.5, high: 1.5, method: 't' }, max_error: { low: 7, high: 9, method: largestMethod } }, compared: null } });
  const text = evaluationText(doc, { cached: false, now }, out);
  expect(text).toMatch(/max_error +9 +7 to 9/);
  expect(text).toContain('the interval of max_error ends at the largest error of these rows: others may hold a larger one');
});

test('control characters of names are shown, not obeyed', () => {
  expect(evaluationText(sampleEvaluation({ name: 'a\u001b[2Jb', reasons: ['\u0007'] }), { cached: false, now }, out)).not.toMatch(/[\u0007\u001b]/);
});

const found: DiscoveryDoc = {
  evaluation: 'e', settings: discoverSettings.parse({}), mode: 'loss', loss: 'zero_one', rows: { searched: 200, checked: 200 }, leftOut: [{ column: 'k', why: 'different in nearly every row' }], duration: 1.2,
  slices: [
    { label: 'region=north & age=b0', where: "region = 'north' AND age <= 30", columns: ['region', 'age'], size: 60, score: 1.44167, errorSum: 24, errorMean: 0.4, errorMax: 1, checked: { rows: 31, mean: 0.38, effect: 0.25, interval: [0.1, 0.4], p: 0.001, p_bh: 0.002, method: '' }, holds: true, family: 0 },
    { label: 'region=north', where: "region = 'north'", columns: ['region'], size: 100, score: 0.9, errorSum: 30, errorMean: 0.3, errorMax: 1, checked: { rows: 48, mean: 0.2, effect: 0.05, interval: [-0.1, 0.2], p: 0.3, p_bh: 0.3, method: '' }, holds: false, family: 0 },
  ],
  families: [{ representative: 0, members: [0, 1] }],
  sliceline: { average_error: 0.11, n: 200, found: 2, scores_sorted: [1.44167, 0.9], order: [], slices: {} },
};

test('found slices: what they are, what became of them on rows that were not searched, and which overlap', () => {
  expect(discoveryText(found, sampleEvaluation(), out)).toMatchSnapshot();
});

test('without a check there is no word on what holds', () => {
  const text = discoveryText({ ...found, settings: discoverSettings.parse({ check: false }), rows: { searched: 400, checked: 0 }, slices: found.slices.map((slice) => ({ ...slice, checked: null, holds: null })), families: [], leftOut: [] }, sampleEvaluation(), out);
  expect(text).toMatchSnapshot();
  expect(text).not.toContain('holds');
});

test('where the candidate got worse, it says by how much', () => {
  expect(discoveryText({ ...found, mode: 'worsening', families: [], leftOut: [] }, sampleEvaluation(), out)).toMatchSnapshot();
});

test('where nothing is found it says so', () => {
  expect(discoveryText({ ...found, slices: [], families: [] }, sampleEvaluation(), out)).toContain('No slice has at least the support asked for');
});

test('what would be evaluated: columns and what they go into, inputs, and what is wrong', () => {
  expect(inspectionText({
    data: { files: ['test.csv'], rows: 402, columns: [
      { name: 'age', type: 'int', stored: 'BIGINT', missing: 2, distinct: 60, examples: ['31', '44'] }, { name: 'repaid', type: 'int', stored: 'BIGINT', missing: 0, distinct: 2, examples: ['0', '1'] },
    ] },
    model: { name: 'new.onnx', kind: 'onnx', digest: '', source: '', inputs: [{ name: 'X', type: 'float32', shape: '[N, 1]', columns: ['age'] }], mapping: { inputs: {} }, producer: 'skl2onnx 1.20', notes: ['ZipMap was taken out'] },
    task: 'binary', label: 'repaid', id: null, classes: ['0', '1'], problems: [{ code: 'no_column', message: 'input income (float32, [N, 1]) has no column', hint: 'write --input income=COLUMN' }],
  }, out)).toMatchSnapshot();
});

test('rows, importance and what moves a score', () => {
  expect(rowsText({ columns: ['age', 'region'], total: 50, rows: [{ row: 7, id: 'k7', values: [31, 'north'], truth: '1', predicted: '0', baseline: '1', score: 0.123456, baselineScore: 0.8, loss: 1, right: false, unscored: null, pinned: true }] }, out)).toMatchSnapshot();
  expect(importanceText({ metric: 'accuracy', baseline: 0.9, repeats: 10, seed: 0, rows: 400, columns: [], figures: { accuracy: { region: { mean: 0.01, std: 0.002 }, age: { mean: 0.1, std: 0.01 } } } }, out)).toMatchSnapshot();
  expect(explanationText({ id: 'k7', row: 7, of: 'probability of 1', score: 0.12, columns: [{ column: 'age', value: 31, reference: 44, score: 0.3, change: -0.18 }] }, out)).toMatchSnapshot();
});
