import { expect, test } from 'vitest';
import { alertWords, attemptWords, checkTitle, columnOf, feedbackWords, lensWords, lengthWords, logWords, monitorWords, retrainingWords, served, titleWords, untilWords, windowWords } from '../../../../src/extension/monitoring/words';
import { alertRow, attemptRow, DAY, HOUR, logRow, monitorRow, resultRow, retrainingRow } from '../../../support/monitoring-rows';

const now = DAY + 28 * HOUR;

test('a window is told by its days where it is whole days, else by its hours in UTC', () => {
  expect(windowWords({ from: DAY, to: DAY + 24 * HOUR })).toBe('2026-11-20');
  expect(windowWords({ from: DAY, to: DAY + 7 * 24 * HOUR })).toBe('2026-11-20 to 2026-11-26');
  expect(windowWords({ from: DAY + 14 * HOUR, to: DAY + 15 * HOUR })).toBe('2026-11-20 14:00 to 15:00 UTC');
  expect(windowWords({ from: DAY + 23 * HOUR, to: DAY + 25 * HOUR })).toBe('2026-11-20 23:00 to 2026-11-21 01:00 UTC');
});

test('what is to come is told in the largest unit that says something', () => {
  expect([0, 60, 3600, 7200, 3 * 86_400].map((seconds) => untilWords(now + seconds * 1000, now))).toEqual(['now', 'in 1 min', 'in 60 min', 'in 2 h', 'in 3 d']);
  expect(untilWords(now - 1, now)).toBe('now');
});

test('a monitor says how its newest window came out and when it looks next; why it cannot stands alone', () => {
  expect(monitorWords(monitorRow(), now)).toBe('fail · 2026-11-20 · next in 20 h');
  expect(monitorWords(monitorRow({ last: null, next: null }), now)).toBe('not run yet');
  expect(monitorWords(monitorRow({ running: true }), now)).toBe('running · fail · 2026-11-20');
  expect(monitorWords(monitorRow({ problem: 'no log yet' }), now)).toBe('no log yet');
});

test('an alert says how old it is and who has it in hand', () => {
  expect(alertWords(alertRow(), now)).toBe('2 h ago');
  expect(alertWords(alertRow({ state: 'acknowledged', windows: 3 }), now)).toBe('acknowledged · 2 h ago · 3 windows');
  expect(alertWords(alertRow({ state: 'snoozed', snoozedUntil: now + HOUR }), now)).toBe('snoozed, wakes in 60 min · 2 h ago');
  expect(alertWords(alertRow({ state: 'resolved', resolved: now - HOUR }), now)).toBe('resolved 60 min ago · 2 h ago');
});

test('a model is parted at its last @, and what has no such parts is none', () => {
  expect(served('a@b@production')).toEqual({ model: 'a@b', environment: 'production' });
  expect([served(null), served('plain'), served('@x'), served('x@')]).toEqual([undefined, undefined, undefined, undefined]);
});

test('only drift of a column leads to a column', () => {
  expect(columnOf({ check: 'drift', subject: 'income' })).toBe('income');
  expect(columnOf({ check: 'estimated', subject: 'roc_auc' })).toBeUndefined();
  expect(columnOf({ check: 'drift', subject: '' })).toBeUndefined();
  expect(columnOf({ check: 'drift', subject: 'domain_auc' })).toBeUndefined();
});

test('a log says its rows, days and versions; an empty one that it is', () => {
  expect(logWords(logRow(), now)).toBe('1,200 rows in 1 day · version 3 · newest 8 h ago');
  expect(logWords(logRow({ rows: 0 }), now)).toBe('empty');
});

test('feedback says labels and judgements, and only what there is', () => {
  const none = { model: 'm@p', since: null, labels: 0, right: 0, wrong: 0, unsure: 0, reviewers: [], newest: null, honest: null, recent: [] };
  expect(feedbackWords(none)).toBe('none yet');
  expect(feedbackWords({ ...none, labels: 1200, right: 3, wrong: 1, reviewers: [{ name: 'Ana', rows: 4 }] })).toBe('1,200 labels · 3 right, 1 wrong · 1 reviewer');
});

test('a retraining says what came of the last one, what holds it and what it has used', () => {
  expect(retrainingWords(retrainingRow({ coolDown: now + 2 * HOUR }), now)).toBe('registered version 4 · 28 h ago · cools down, ready in 2 h · 1 of 7 runs this week');
  expect(retrainingWords(retrainingRow({ last: null, used: { runs: 0, minutes: 0 } }), now)).toBe('never run');
  expect(attemptWords(attemptRow({ state: 'rejected', version: null }), now)).toBe('not better · 28 h ago');
});

test('the lens says how the last window came out, or why it can not', () => {
  expect(lensWords(monitorRow(), now)).toBe('last: fail 2 h ago');
  expect(lensWords(monitorRow({ last: null }), now)).toBe('not run yet');
  expect(lensWords(monitorRow({ last: null, problem: 'no log' }), now)).toContain('run');
  expect(lensWords(monitorRow({ running: true, last: resultRow() }), now)).toBe('running');
});

test('lengths of time are whole units where they can be', () => {
  expect([86_400, 7200, 604_800, 1800, 45].map(lengthWords)).toEqual(['1 day', '2 hours', '1 week', '30 minutes', '45 s']);
});

test('an alert is named by what it is about, and by its text where nothing shorter is known', () => {
  const title = (check: string, subject: string): string => titleWords(alertRow({ check, subject }));
  expect([title('drift', 'income'), title('drift', 'domain_auc'), title('predictions', ''), title('estimated', 'roc_auc in young'), title('command', 'ask.py')]).toEqual(['income drifted', 'all columns together (classifier)', 'predictions drifted', 'estimated roc_auc in young beyond its limit', 'ask.py']);
  expect(titleWords({ check: 'new kind', subject: '', text: 'x'.repeat(100) })).toHaveLength(60);
  expect([checkTitle({ check: 'drift', subject: 'income' }), checkTitle({ check: 'estimated', subject: 'f1' }), checkTitle({ check: 'schema', subject: '' }), checkTitle({ check: 'drift', subject: 'domain_auc' })]).toEqual(['income', 'estimated f1', 'schema', 'all columns together']);
});
