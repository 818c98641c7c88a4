import type { GateReport, GateResult, HistoryRow, LiveRow, ModelDetail, ModelRow, Plan, Promotion, VersionRow, WaitingRow } from '../../src/protocol/registry';

export const ana = { name: 'Ana', email: 'ana@example.org' };

export const liveRow = (over: Partial<LiveRow> = {}): LiveRow => ({ environment: 'production', version: 1, since: 0, by: ana, reason: '', forced: false, whole: true, ...over });
export const waitingRow = (over: Partial<WaitingRow> = {}): WaitingRow => ({ model: 'car-loan', version: 2, environment: 'production', have: 0, need: 1, since: 0, ...over });

/** A model of which only what matters to a test is said. */
export const modelRow = (over: Partial<ModelRow> = {}): ModelRow =>
  ({ name: 'car-loan', description: '', versions: 1, latest: 1, updated: 0, aliases: {}, live: [liveRow()], waiting: [], ...over });

export const versionRow = (over: Partial<VersionRow> = {}): VersionRow => ({
  model: 'car-loan', version: 1, created: 0, author: ana, description: '', tags: {}, aliases: [], digest: 'd'.repeat(64), size: 4_200_000, run: null, licence: '', live: [], was: [], here: true, evaluation: null, ...over,
});

export const modelDetail = (over: Partial<ModelDetail> = {}): ModelDetail =>
  ({ model: modelRow(), versions: [versionRow()], environments: [{ name: 'staging', from: [null], gates: [] }, { name: 'production', from: ['staging'], gates: ['slices'] }], comments: [], conflicts: [], ...over });

export const planOf = (over: Partial<Plan> = {}): Plan => ({
  model: 'car-loan', environment: 'production', from: 1, to: 2, since: 0, changes: [], metric: null, fromValue: null, toValue: null, hooks: [],
  files: [{ path: 'model.onnx', digest: 'd', size: 4_200_000 }], folder: '.runyard/models/car-loan/production', refusal: null, ...over,
});

export const gateOf = (over: Partial<GateResult> = {}): GateResult => ({ kind: 'slices', name: 'slices', outcome: 'pass', blocks: false, reason: '', hint: '', evidence: [], ...over });
export const gateReport = (over: Partial<GateReport> = {}): GateReport =>
  ({ model: 'car-loan', version: 2, environment: 'production', from: null, live: 1, t: 0, outcome: 'pass', gates: [gateOf()], evaluations: [], duration: 1.5, ...over });
export const promotion = (over: Partial<Promotion> = {}): Promotion =>
  ({ promoted: true, forced: false, from: 1, report: gateReport(), hooks: [], rolledBack: false, entry: 'h', folder: 'f', ...over });

export const historyRow = (over: Partial<HistoryRow> = {}): HistoryRow =>
  ({ hash: 'abcdef0123456789', clone: 'c'.repeat(16), n: 0, t: 0, by: ana, kind: 'promoted', model: 'car-loan', version: 1, environment: 'production', text: 'version 1 went live in production', forced: false, facts: {}, ...over });
