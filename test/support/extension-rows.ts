import type { RunDetail, RunRow } from '../../src/protocol/model';

/** A finished run of which only what matters to a test is said. */
export function runRow(over: Partial<RunRow> = {}): RunRow {
  return {
    id: '0123456789abcdef0123456789abcdef', experiment: 'car', name: 'calm-fox-1', state: 'finished', reason: '', created: 1000, started: 1001, ended: 1061,
    source: 'editor', script: 'train.py', parent: null, pinned: false, trashed: false, notes: '', params: {}, metrics: {}, tags: {},
    commit: null, branch: null, dirty: null, group: 'g', ...over,
  };
}

export function runDetail(over: Partial<RunDetail> = {}): RunDetail {
  return {
    ...runRow(), argv: ['python', 'train.py'], cwd: '.', exitCode: 0, signal: null, interpreter: null, remote: null, patch: null, environment: {},
    datasets: [], artifacts: [], problems: [], models: [], children: [], folder: '/somewhere/runs/1', ...over,
  };
}

/** A metric's summary with one value. */
export const summary = (value: RunRow['metrics'][string]['value'], over: Partial<RunRow['metrics'][string]> = {}): RunRow['metrics'][string] =>
  ({ value, step: 0, t: 0, min: value, max: value, count: 1, ...over });
