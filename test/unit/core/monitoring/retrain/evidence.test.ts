import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../../../../src/core/base/log';
import { retrainingSection, type RetrainingConfig } from '../../../../../src/core/config/monitoring';
import { gatherEvidence, sinceOf } from '../../../../../src/core/monitoring/retrain/evidence';
import { openJournal, pastOf, type Entry, type Journal } from '../../../../../src/core/monitoring/retrain/journal';
import { decide } from '../../../../../src/core/monitoring/retrain/policy';
import { openStore } from '../../../../../src/core/store/open';
import type { Store } from '../../../../../src/core/store/store';

const DAY = 86_400_000;
let folder: string;
let store: Store;
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'runyard-evidence-'));
  store = openStore({ dir: path.join(folder, '.runyard'), log: silentLog, clock: () => 0 });
  journal = openJournal(store.records);
});
afterEach(() => {
  store.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const config: RetrainingConfig = { ...retrainingSection.parse({ model: 'loan@production', experiment: 'loan', triggers: [{ on: 'drift', monitor: 'daily', windows: 2 }, { on: 'labels', count: 100 }] }), name: 'loan', line: 1 };
const entry = (t: number, given: Partial<Entry['row']> = {}, labels: number | null = null): Entry => ({
  format: 1, step: 'done', by: { name: 'Ana', email: '' }, force: false, alert: null, hold: null, minutes: 1, labels, data: null, live: null,
  row: { id: `e${t}`, name: 'loan', trigger: 'x', reason: '', t, ended: t + 1, state: 'registered', run: null, version: null, fresh: null, old: null, text: '', window: { from: null, to: null }, ...given },
});
const failing = (created: number, window: number): void => store.records.put('monitorResult', {
  id: `${created}`, scope: 'daily', sort: created,
  doc: { id: `${created}`, monitor: 'daily', created, window: { from: window, to: window + DAY, rows: 1 }, outcome: 'fail', reasons: [], columns: {}, figures: {}, alerts: [], versions: [], checks: [{ key: 'k', check: 'drift', subject: 'salary', severity: 'warning', outcome: 'fail', value: 1, low: null, high: null, threshold: null, reason: '', at: 0 }] },
});

test('time counts from the last retraining that began, else from when it was first looked at, which is kept', () => {
  expect(sinceOf({ store }, journal, 'loan', 5 * DAY)).toBe(5 * DAY);
  expect(sinceOf({ store }, journal, 'loan', 6 * DAY)).toBe(5 * DAY);
  journal.put(entry(7 * DAY));
  journal.put(entry(8 * DAY, { state: 'held' }));
  expect(sinceOf({ store }, journal, 'loan', 9 * DAY)).toBe(7 * DAY);
});

test('results that are kept begin a retraining once; a window that was looked at twice counts once', () => {
  const decided = (now: number) => decide(config, journal.list('loan').map(pastOf), gatherEvidence({ store }, journal, config, { now, labels: null }));
  sinceOf({ store }, journal, 'loan', 1);
  failing(10 * DAY, 9 * DAY);
  failing(10 * DAY + 1, 9 * DAY);
  expect(decided(10 * DAY + 2).what).toBe('nothing');
  failing(11 * DAY, 10 * DAY);
  expect(decided(11 * DAY + 1)).toMatchObject({ what: 'begin', fired: { trigger: 'drift of daily, 2 windows in a row' } });
  journal.put(entry(11 * DAY + 1));
  expect(decided(20 * DAY).what).toBe('nothing');
});

test('labels are counted from those that there were when the last one began', () => {
  journal.put(entry(DAY, {}, 450));
  journal.put(entry(2 * DAY, { state: 'held' }, 480));
  const labels = (count: number | null): number | null => gatherEvidence({ store }, journal, config, { now: 3 * DAY, labels: count }).labels;
  expect([labels(520), labels(null), labels(100)]).toEqual([70, null, 0]);
});

test('an entry that another version wrote and nobody can read is left out, and the others stay', () => {
  journal.put(entry(DAY));
  store.records.put('retraining', { id: 'odd', scope: 'loan', sort: 9, doc: { format: 9 } });
  expect(journal.list('loan')).toHaveLength(1);
  expect(journal.get('odd')).toBeUndefined();
});
