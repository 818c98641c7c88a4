import { describe, expect, test } from 'vitest';
import type { EvaluationSummary } from '../../../../../src/protocol/evaluation/result';
import { compareDocs, comparedSlices, figureLine, isAgainst, isModel, worthReading } from '../../../../../webview/registry/model/candidate';
import { sampleEvaluation } from '../../../../support/evaluation-doc';

const doc = sampleEvaluation();
const live = { name: 'loans/3', digest: 'ff'.repeat(32), files: [{ path: 'old.onnx', digest: doc.baseline?.digest ?? '', size: 1 }] };
const other = { name: 'loans/2', digest: '00'.repeat(32), files: [{ path: 'x.onnx', digest: '11'.repeat(32), size: 1 }] };

describe('a candidate and what is live', () => {
  test('are a pair where the evaluation\u2019s baseline is what is live, byte by byte', () => {
    expect(compareDocs(doc, live, null).pairing).toBe('paired');
    expect(isModel(undefined, live)).toBe(false);
    expect(isModel(live.digest, live)).toBe(true);
    // Weights that lie beside the model make a digest of their own: the name says it, too.
    expect(isAgainst({ ...doc, request: { ...doc.request, baseline: { registered: 'loans/2', mapping: { inputs: {} } } } }, other)).toBe(true);
  });

  test('stand apart where both were evaluated on the same data, and then have no difference', () => {
    const apart = compareDocs(doc, other, sampleEvaluation({ overall: { ...doc.overall, figures: { n: 400, accuracy: 0.8 } } }));
    expect(apart.pairing).toBe('apart');
    expect(figureLine(apart, 'accuracy')).toMatchObject({ own: { value: 0.89 }, live: { value: 0.8 }, gap: null });
    expect(comparedSlices(apart, null).map((line) => [line.name, line.before, line.change])).toEqual([['all rows', 0.8, null], ['north', 0.8, null], ['empty', null, null]]);
  });

  test('have nothing in common on other data: only the candidate is shown', () => {
    const alone = compareDocs(doc, other, sampleEvaluation({ data: { ...doc.data, digest: 'ee'.repeat(32) } }));
    expect([alone.pairing, alone.other, figureLine(alone, 'accuracy').live]).toEqual(['alone', null, null]);
  });

  test('side by side: both values, and the difference with its interval', () => {
    expect(figureLine(compareDocs(doc, live, null), 'accuracy')).toMatchObject({ own: { value: 0.89 }, live: { value: 0.85 }, gap: { value: 0.04, word: 'better' } });
  });
});

test('the slice that got worst is on top, under all rows; what can\u2019t be told comes last', () => {
  const lines = comparedSlices(compareDocs(doc, live, null), null);
  expect(lines.map((line) => [line.name, line.change?.word ?? null, line.before])).toEqual([['all rows', 'better', 0.85], ['north', 'worse', 0.88], ['empty', null, null]]);
  expect(comparedSlices(compareDocs(doc, live, null), { key: 'before', descending: true }).map((line) => line.name)).toEqual(['all rows', 'north', 'empty']);
});

test('the gates\u2019 own evaluation is read first, then one against something, then the newest', () => {
  const summary = (id: string, created: number, baseline: string | null): EvaluationSummary => ({ id, created, baseline } as EvaluationSummary);
  const all = [summary('old', 1, null), summary('pair', 2, 'live'), summary('new', 3, null)];
  expect(worthReading(all)).toEqual(['pair', 'new', 'old']);
  expect(worthReading(all, ['old'])).toEqual(['old', 'pair', 'new']);
});
