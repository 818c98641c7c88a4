/** A loan model's version 3, evaluated and approved, with version 2 live before it. */
import { createHash } from 'node:crypto';
import { defaultRegistry } from '../../../../../src/core/config/registry';
import type { CardEvidence, KeptEvaluation } from '../../../../../src/core/registry/card/evidence';
import type { EvaluationSummary, Importance, SliceResult } from '../../../../../src/protocol/evaluation/result';
import type { HistoryRow, VersionDetail } from '../../../../../src/protocol/registry';
import { sampleEvaluation } from '../../../../support/evaluation-doc';

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const ana = { name: 'Ana', email: 'ana@example.com' };
const bo = { name: 'Bo', email: 'bo@example.com' };
const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 1, 9);

export function kept(more: Partial<KeptEvaluation['doc']> = {}, importance: Importance | null = null): KeptEvaluation {
  const doc = sampleEvaluation(more);
  return { name: doc.name, doc, importance };
}

export const summaryOf = ({ doc }: KeptEvaluation): EvaluationSummary => ({
  id: doc.id, name: doc.name, created: doc.created, model: doc.model.name, modelDigest: doc.model.digest, baseline: null, data: doc.data.name, dataDigest: doc.data.digest, rows: doc.data.rows,
  task: doc.task, metric: doc.main.metric, value: null, low: null, high: null, outcome: doc.outcome, slices: doc.slices.length, failing: 0, run: null, slicesVersion: doc.slicesVersion,
});

export const row = (kind: string, day: number, more: Partial<HistoryRow> = {}): HistoryRow =>
  ({ hash: hash(`${kind} ${day}`), clone: 'a'.repeat(16), n: day, t: START + day * DAY, by: ana, kind, model: 'loans', version: 3, environment: null, text: `${kind} on day ${day}`, forced: false, facts: {}, ...more });

export function detailOf(evaluations: readonly KeptEvaluation[]): VersionDetail {
  return {
    row: { model: 'loans', version: 3, created: START, author: ana, description: 'with the *new* columns', tags: { team: 'risk_eu' }, aliases: [], digest: hash('v3'), size: 12_345, run: 'r1', licence: 'MIT', live: ['production'], was: [], here: true, evaluation: null },
    facts: {
      digest: hash('v3'), files: [{ path: 'model.onnx', digest: hash('bytes'), size: 12_345 }], size: 12_345, inputs: [{ name: 'car_value', type: 'float', shape: '[N, 1]' }], outputs: [{ name: 'label', type: 'int64', shape: '[N]' }], producer: 'skl2onnx 1.20',
      source: { kind: 'run', text: 'calm-fox, model.onnx' }, run: 'r1', code: { commit: 'c0ffee'.repeat(6), dirty: true, patch: hash('patch') }, data: [{ name: 'train.csv', digest: hash('train'), rows: 12_000, role: 'training' }],
      environment: { python: '3.12.3', packages: 87, digest: hash('pip') }, licence: 'MIT', author: ana,
    },
    evaluations: evaluations.map(summaryOf), comments: [], folder: null, golden: { rows: 100, recorded: START + 3 * DAY }, card: null,
    approvals: [{ judgement: 'approved', by: bo, t: START + 2 * DAY, comment: 'Looked at 50 rows | fine', signed: true, own: false, environment: 'production' }],
  };
}

export function evidence({ evaluations = [kept()], ...more }: Partial<CardEvidence> = {}): CardEvidence {
  const config = defaultRegistry();
  return {
    model: 'loans', version: 3, detail: detailOf(evaluations), evaluations, summaries: evaluations.map(summaryOf), told: new Map(),
    history: [row('registered', 0), row('approved', 2, { by: bo }), row('promoted', 3, { environment: 'production', facts: { from: 2 } })],
    environments: [
      { name: 'staging', moves: [] },
      { name: 'production', moves: [{ version: 2, t: START, kind: 'promoted', by: 'Ana', reason: 'first', hash: hash('m2'), golden: null }, { version: 3, t: START + 3 * DAY, kind: 'promoted', by: 'Ana', reason: 'better', hash: hash('m3'), golden: hash('golden') }] },
    ],
    config: { ...config, personal: { birth_date: 'only the year is kept', email: '' } }, ...more,
  };
}

export const importance = (): Importance => ({ metric: 'accuracy', baseline: 0.89, repeats: 10, seed: 0, rows: 400, columns: [{ column: 'age', mean: 0.01, std: 0.002 }, { column: 'car_value', mean: 0.12, std: 0.01 }], figures: {} });

export const manySlices = (count: number, made: SliceResult): SliceResult[] =>
  Array.from({ length: count }, (_, at) => ({ ...made, name: `s${String(at).padStart(2, '0')}`, figures: { n: 100 + at, accuracy: 0.5 + at / 100 }, outcome: at === 7 ? 'fail' as const : 'pass' as const }));
