/** An evaluation of a loan model against an older one, small enough to read. */
import { evaluationRequest } from '../../src/protocol/evaluation/request';
import type { Compared, EvaluationDoc, SliceResult } from '../../src/protocol/evaluation/result';

const compared = (n: number, diff: number, more: { p_holm?: number; word?: Compared['verdict']['word']; failed?: boolean } = {}): Compared => ({
  comparison: { n, accuracy_baseline: 0.85, accuracy_candidate: 0.85 + diff, diff, only_baseline_right: 20, only_candidate_right: 60, mcnemar_exact_p: 0.001, p: 0.001, wald_paired95: [diff - 0.01, diff + 0.01], ...(more.p_holm !== undefined && { p_holm: more.p_holm }) },
  verdict: { metric: 'accuracy', goal: 'maximize', word: more.word ?? 'better', difference: diff, interval: [diff - 0.01, diff + 0.01], p: 0.001, method: 'mcnemar', rowsToTell: null, reason: '60 rows only the candidate gets right, 20 only the baseline' },
  differences: { accuracy: { difference: diff, low: diff - 0.01, high: diff + 0.01, method: 'wald' } },
  failed: more.failed ?? false,
});

const slice = (name: string, where: string, more: Partial<SliceResult>): SliceResult => ({
  name, spec: { name, where, minSupport: 30, thresholds: {}, owner: 'ana' }, unscored: 0, figures: { n: 100, accuracy: 0.8 }, intervals: { accuracy: { low: 0.71, high: 0.87, method: 'wilson' } },
  vs_rest: { n_rest: 300, accuracy_rest: 0.92, accuracy_diff: -0.12, newcombe95: [-0.2, -0.04], z_pooled: -3.2, p_pooled: 0.001, p_holm: 0.002, p_bh: 0.002 }, harm: 12, outcome: 'pass', checks: [], compared: null, ...more,
});

/** `more` goes over it. Two slices: `north` gets worse and fails, `empty` has no rows. */
export function sampleEvaluation(more: Partial<EvaluationDoc> = {}): EvaluationDoc {
  const request = evaluationRequest.parse({ model: { file: 'new.onnx' }, baseline: { file: 'old.onnx' }, data: { files: ['test.csv'] }, label: 'repaid', gate: { maxWorsening: 0.01 }, metrics: { profit: 'm.py:profit' } });
  const model = { name: 'new.onnx', kind: 'onnx' as const, digest: 'ab'.repeat(32), source: 'new.onnx', inputs: [], mapping: { inputs: {} }, producer: 'skl2onnx 1.20', notes: [] };
  return {
    format: 1, id: '0123456789abcdef0123456789abcdef', name: 'loans', created: Date.UTC(2026, 10, 1), duration: 2.34, versions: { runyard: '1.0.0' }, request,
    model, baseline: { ...model, name: 'old.onnx' },
    data: { name: 'test.csv', digest: 'cd'.repeat(32), files: ['test.csv'], bytes: 12_345, rows: 402, columns: [], collected: Date.UTC(2026, 9, 1), looks: 1 },
    task: 'binary', label: 'repaid', classes: ['0', '1'], positive: '1', threshold: null, main: { metric: 'accuracy', goal: 'maximize' }, slicesVersion: 'ef01',
    unscored: { count: 2, reasons: { 'input age: missing value': 2 }, first: [{ row: 7, id: 'k7', reason: 'input age: missing value' }, { row: 70, id: 'k70', reason: 'input age: missing value' }] },
    baselineUnscored: { count: 0, reasons: {}, first: [] },
    warnings: [{ code: 'unseen_label', message: "label 'yess' of 1 row is none of the classes", hint: "did you mean 'yes'?", count: 1 }],
    overall: {
      figures: { n: 400, accuracy: 0.89, per_class: { 0: { recall: 0.9 }, 1: { precision: 0.88, recall: 0.87, f1: 0.875 } }, roc_auc: 0.951234, log_loss: 0.27, confusion_matrix: [[180, 20], [24, 176]], profit: 1234.5 },
      intervals: { accuracy: { low: 0.855, high: 0.917, method: 'wilson' }, roc_auc: { low: 0.93, high: 0.97, method: 'delong' } },
      checks: [{ metric: 'accuracy', min: 0.8, max: null, value: 0.89, low: 0.855, high: 0.917, outcome: 'pass', reason: '' }], compared: compared(400, 0.04), bootstrap95: { B: 1000, accuracy: { lo: 0.856, hi: 0.918 } },
    },
    slices: [
      slice('empty', 'age > 200', { figures: { n: 0, accuracy: null }, intervals: {}, vs_rest: null, harm: null, outcome: 'cannot tell' }),
      slice('north', "region = 'north'", { outcome: 'fail', compared: compared(100, -0.08, { p_holm: 0.003, word: 'worse', failed: true }) }),
    ],
    baselineOverall: { figures: { n: 400, accuracy: 0.85, roc_auc: 0.94 }, intervals: {} }, baselineSlices: { north: { n: 100, accuracy: 0.88 } },
    splits: { spring: { overall: { figures: { n: 200, accuracy: 0.9 }, intervals: {} }, slices: {} } },
    pinned: [{ example: { id: 'k12', expected: '1', note: '', by: 'ana', at: '' }, outcome: 'fail', row: 12, predicted: '0', reason: 'called 0' }],
    flips: { broken: 20, fixed: 60 }, outcome: 'fail', reasons: ['slice north is worse than the baseline by 0.08 (p = 0.003)', 'pinned example k12 is called 0'],
    ...more,
  };
}
