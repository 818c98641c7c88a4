import type { AlertRow, CheckResult, MonitorRow, PolicyResult, ResultSummary, RetrainingRow, RetrainingRun, ServingLog } from '../../src/protocol/monitoring';
import type { MonitoringOverview } from '../../src/extension/monitoring/facts';

/** 2026-11-20, 00:00 UTC */
export const DAY = Date.UTC(2026, 10, 20);
export const HOUR = 3_600_000;

export const checkRow = (over: Partial<CheckResult> = {}): CheckResult =>
  ({ key: 'drift:income', check: 'drift', subject: 'income', severity: 'warning', outcome: 'fail', value: 0.42, low: null, high: null, threshold: 0.1, reason: 'psi 0.42 is above 0.1', at: 0, ...over });

/** Of one day, in which one column drifted. */
export const resultRow = (over: Partial<ResultSummary> = {}): ResultSummary => ({
  id: 'r1', monitor: 'daily', created: DAY + 26 * HOUR, window: { from: DAY, to: DAY + 24 * HOUR, rows: 1200 }, outcome: 'fail', reasons: ['income drifted'],
  columns: { income: { ratio: 4.2, outcome: 'fail', harm: 0.8, psi: 0.42, type: 'numeric', role: 'input' }, age: { ratio: 0.2, outcome: 'pass', harm: 0, psi: 0.02, type: 'numeric', role: 'input' } },
  figures: {}, alerts: ['a1'], checks: [checkRow(), checkRow({ key: 'schema', check: 'schema', subject: '', outcome: 'pass', at: 1, value: null, threshold: null, reason: '' })], versions: [3], ...over,
});

export const monitorRow = (over: Partial<MonitorRow> = {}): MonitorRow => ({
  name: 'daily', model: 'car-loan@production', line: 5, schedule: 'every 1d', window: 86_400, cadence: 'none', severity: 'warning', checks: ['drift', 'schema'], runbook: '',
  last: resultRow(), next: DAY + 48 * HOUR, running: false, problem: null, open: 1, ...over,
});

export const alertRow = (over: Partial<AlertRow> = {}): AlertRow => ({
  id: 'a1', monitor: 'daily', key: 'drift:income', check: 'drift', subject: 'income', model: 'car-loan@production', severity: 'warning', state: 'open', text: 'income drifted: psi 0.42, limit 0.1',
  opened: DAY + 26 * HOUR, updated: DAY + 26 * HOUR, windows: 1, result: 'r1', snoozedUntil: null, resolved: null, version: 3, onCall: null, incident: null, ...over,
});

export const logRow = (over: Partial<ServingLog> = {}): ServingLog =>
  ({ model: 'car-loan@production', folder: '.runyard/serving/car-loan/production', days: [{ day: '2026-11-20', rows: 1200, files: 2 }], rows: 1200, from: DAY, to: DAY + 20 * HOUR, versions: [3], ...over });

export const attemptRow = (over: Partial<RetrainingRun> = {}): RetrainingRun =>
  ({ id: 't1', name: 'weekly', trigger: 'schedule', reason: '', t: DAY, ended: DAY + HOUR, state: 'registered', run: 'run-1', version: 4, fresh: null, old: null, text: '', window: { from: 0, to: DAY }, ...over });

export const retrainingRow = (over: Partial<RetrainingRow> = {}): RetrainingRow => ({
  name: 'weekly', line: 20, model: 'car-loan@production', experiment: 'train', triggers: ['every week'], last: attemptRow(), runs: [attemptRow()], coolDown: null, used: { runs: 1, minutes: 2 }, budget: { perWeek: 7, minutes: 60 }, next: null, problem: null, ...over,
});

export const policyRow = (over: Partial<PolicyResult> = {}): PolicyResult => ({
  policy: 'weekly', retrainings: 2, minutes: 1.5, quality: 0.81, interval: [0.8, 0.82], worst: 0.74, below: 1,
  windows: [0.8, 0.74, 0.82].map((value, index) => ({ from: DAY + index * 24 * HOUR, to: DAY + (index + 1) * 24 * HOUR, value, retrained: index === 2, age: 0 })), ...over,
});

export const overview = (over: Partial<MonitoringOverview> = {}): MonitoringOverview => ({ monitors: [], broken: [], open: [], resolved: [], onCall: null, logs: [], retrainings: [], feedback: new Map(), ...over });
