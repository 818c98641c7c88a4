/** Evaluations' documents as the evaluator writes them, in as few words as a test needs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { evaluationRequest } from '../../../../../src/protocol/evaluation/request';
import type { EvaluationDoc, Outcome, SliceResult } from '../../../../../src/protocol/evaluation/result';
import { id } from '../../store/support';

export function sliceOf(name: string, outcome: Outcome = 'pass', reason = ''): SliceResult {
  return {
    name, spec: { name, where: 'a > 1', minSupport: 30, thresholds: {} }, unscored: 0, vs_rest: null, harm: null, outcome, compared: null,
    checks: reason === '' ? [] : [{ metric: 'accuracy', min: 0.8, max: null, value: 0.5, low: 0.4, high: 0.6, outcome, reason }],
    figures: { n: 10, accuracy: 0.5 }, intervals: { accuracy: { low: 0.4, high: 0.6, method: 'wilson' } },
  };
}

export function docOf(n: number, rest: Partial<EvaluationDoc> = {}): EvaluationDoc {
  const model = { name: 'm.onnx', kind: 'onnx' as const, digest: `digest-${n}`, source: 'm.onnx', inputs: [], mapping: { inputs: {} }, producer: '', notes: [] };
  return {
    format: 1, id: id(n), name: 'car-loan', created: 1000 * n, duration: 1.5, versions: {},
    request: evaluationRequest.parse({ name: 'car-loan', model: { file: 'm.onnx' }, data: { files: ['test.csv'] }, label: 'repaid' }),
    model, baseline: null, data: { name: 'test.csv', digest: 'data', files: ['test.csv'], bytes: 10, rows: 100, columns: [], collected: 0, looks: 1 },
    task: 'binary', label: 'repaid', classes: ['0', '1'], positive: '1', threshold: null, main: { metric: 'accuracy', goal: 'maximize' }, slicesVersion: 'v',
    unscored: { count: 0, reasons: {}, first: [] }, baselineUnscored: null, warnings: [],
    overall: {
      figures: { n: 100, accuracy: 0.9, support: { 0: 50, 1: 50 }, per_class: { 0: { recall: 0.8, n: 3 } }, confusion_matrix: [[1]], roc_auc: null },
      intervals: { accuracy: { low: 0.85, high: 0.95, method: 'wilson' }, 'per_class.0.recall': { low: 0.7, high: NaN, method: 'wilson' } }, checks: [], compared: null, bootstrap95: {},
    },
    slices: [sliceOf('young')], baselineOverall: null, baselineSlices: {}, splits: {}, pinned: [], flips: null, outcome: 'pass', reasons: [], ...rest,
  };
}

/** Puts an evaluation's folder where it belongs. */
export function putFolder(workspace: string, doc: EvaluationDoc, text = JSON.stringify(doc)): string {
  const folder = path.join(workspace, '.runyard', 'evaluations', doc.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'evaluation.json'), text);
  return folder;
}
