/** Documents of the registry as the engine answers them, typed by hand. */
import { terminal } from '../../../../src/cli/terminal';
import type { GateReport, GateResult, VersionDetail } from '../../../../src/protocol/registry';

export const out = terminal({ write: () => true }, {});
/** 2026-11-01 03:00 UTC */
export const now = Date.UTC(2026, 10, 1, 3);
export const ana = { name: 'Ana Gil', email: 'ana@example.org' };
export const EVALUATION = '5e1f00d5e1f00d5e';
const HOUR = 3_600_000;

export const gateResult = (over: Partial<GateResult> = {}): GateResult => ({ kind: 'pinned', name: 'pinned examples', outcome: 'pass', blocks: false, reason: 'none is pinned', hint: '', evidence: [], ...over });

/** Better overall, worse on one subgroup: the gate on slices stops it. */
export const sampleReport = (over: Partial<GateReport> = {}): GateReport => ({
  model: 'loan', version: 2, environment: 'production', from: null, live: 1, t: now, outcome: 'fail', evaluations: [EVALUATION], duration: 4.2,
  gates: [
    gateResult({ kind: 'change', name: 'change', reason: 'accuracy is 0.0375 better than in version 1', evidence: [{ text: 'accuracy 0.862 against 0.824', outcome: 'pass', evaluation: EVALUATION, metric: 'accuracy', value: 0.862, live: 0.8245, difference: 0.0375, interval: [0.0348, 0.0402], n: 50_000 }] }),
    gateResult({
      kind: 'slices', name: 'slices', outcome: 'fail', blocks: true, reason: "rich: accuracy is 0.12 lower than in version 1 (0.10 to 0.14 lower, p < 0.001)", hint: 'look at the rows with runyard evaluate --show 5e1f00d5 --rows broken',
      evidence: [
        { text: 'poor: better', outcome: 'pass', evaluation: EVALUATION, slice: 'poor', metric: 'accuracy', value: 0.9, live: 0.85, difference: 0.05, interval: [0.04, 0.06], n: 12_000 },
        { text: 'rich: worse', outcome: 'fail', evaluation: EVALUATION, slice: 'rich', metric: 'accuracy', value: 0.71, live: 0.83, difference: -0.12, interval: [-0.14, -0.1], n: 3120 },
        { text: 'tiny: 12 rows are too few', outcome: 'cannot tell', evaluation: EVALUATION, slice: 'tiny', metric: 'accuracy', value: 0.75, live: 0.75, difference: 0, interval: null, n: 12 },
      ],
    }),
    gateResult(),
  ],
  ...over,
});

export const sampleDetail = (): VersionDetail => ({
  row: { model: 'loan', version: 2, created: now - 2 * HOUR, author: ana, description: 'trees, 300 of them', tags: { team: 'credit' }, aliases: ['candidate'], digest: 'ab'.repeat(32), size: 69_367, run: '3fa9c1d2', licence: 'Apache-2.0', live: ['staging'], was: ['production', 'staging'], here: true, evaluation: null },
  facts: {
    digest: 'ab'.repeat(32), files: [{ path: 'model_v2.onnx', digest: 'cd'.repeat(32), size: 69_367 }], size: 69_367, inputs: [{ name: 'salary_range', type: 'string', shape: '? x 1' }], outputs: [{ name: 'label', type: 'int64', shape: '?' }], producer: 'skl2onnx 1.20',
    source: { kind: 'run', text: 'train-3 out/model_v2.onnx' }, run: '3fa9c1d2', code: { commit: '0123456789abcdef0123456789abcdef01234567', dirty: true, patch: 'ef'.repeat(32) }, data: [{ name: 'train.csv', digest: '12'.repeat(32), rows: 50_000, role: 'train' }],
    environment: { python: '3.11.7', packages: 42, digest: '34'.repeat(32) }, licence: 'Apache-2.0', author: ana,
  },
  evaluations: [], approvals: [
    { judgement: 'approved', by: { name: 'Bo', email: 'bo@example.org' }, t: now - HOUR, comment: 'looked at rich', signed: true, own: false, environment: 'production' },
    { judgement: 'approved', by: ana, t: now - HOUR, comment: 'mine', signed: null, own: true, environment: 'production' },
  ],
  comments: [{ id: 'c1', by: ana, t: now - HOUR, text: 'one branch\nonly', on: { model: 'loan', version: 2, slice: 'rich' } }], folder: '.runyard/weights/abab', golden: { rows: 100, recorded: now - HOUR }, card: 'cards/loan-2.md',
});
