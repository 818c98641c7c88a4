import { expect, test } from 'vitest';
import { bundles, levelOf, loudness, openKey, overWords, stillOpen, toldWords } from '../../../../src/extension/monitoring/notify-rule';
import { bySeverity } from '../../../../src/extension/monitoring/order';
import { alertRow } from '../../../support/monitoring-rows';

test('each level of the setting tells what is at least as severe, and as loudly as that is', () => {
  const told = (['off', 'critical', 'warning', 'all'] as const).map((level) => (['critical', 'warning', 'info'] as const).map((severity) => loudness(severity, level)));
  expect(told).toEqual([['none', 'none', 'none'], ['error', 'none', 'none'], ['error', 'warning', 'none'], ['error', 'warning', 'information']]);
});

test('a setting that is none of them is the usual one', () => {
  expect(['all', 'loud', undefined, 3].map(levelOf)).toEqual(['all', 'warning', 'warning', 'warning']);
});

test('an alert is told once for as long as it stands, and again only where it opened anew', () => {
  const row = alertRow();
  expect(openKey(row)).toBe(openKey({ ...row, state: 'acknowledged', windows: 4 }));
  expect(openKey({ ...row, opened: row.opened + 1 })).not.toBe(openKey(row));
  expect(stillOpen([openKey(row), 'gone 1'], [row])).toEqual([openKey(row)]);
});

test('what opens together is one notification a monitor, as loud as the worst in it', () => {
  const told = (id: string, over: Parameters<typeof alertRow>[0] = {}): { row: ReturnType<typeof alertRow>; woke: boolean } => ({ row: alertRow({ id, subject: id, text: `text of ${id}`, ...over }), woke: false });
  const found = bundles([told('b'), told('c', { severity: 'critical' }), told('i', { severity: 'info' }), told('x', { monitor: 'other' })], (row) => loudness(row.severity, 'warning'));
  expect(found.map(({ loud, rows }) => [loud, rows.map(({ row }) => row.id)])).toEqual([['error', ['c', 'b']], ['warning', ['x']]]);
  expect(bundles([told('i', { severity: 'info' })], (row) => loudness(row.severity, 'warning'))).toEqual([]);
  expect(toldWords(found[0]?.rows ?? [])).toBe('daily: c drifted, b drifted');
  expect(toldWords(['a', 'b', 'c', 'd'].map((id) => told(id)))).toBe('daily: a drifted, b drifted, c drifted and 1 more');
  expect(toldWords([{ row: alertRow({ text: 'a' }), woke: true }])).toBe('daily: a (it was snoozed, and still fails)');
});

test('of alerts that opened together those of a column stand first', () => {
  const rows = ['domain_auc', 'income', 'age'].map((subject) => alertRow({ id: subject, subject, key: `drift:${subject}` }));
  expect([...rows].sort(bySeverity).map(({ subject }) => subject)).toEqual(['age', 'income', 'domain_auc']);
});

test('of one that is over it is told why', () => {
  expect(overWords(alertRow({ text: 'income drifted', resolution: 'its monitor is no longer in runyard.yaml' }))).toBe('daily: income drifted: resolved, its monitor is no longer in runyard.yaml');
  expect(overWords(alertRow({ text: 'income drifted' }))).toBe('daily: income drifted: this is over');
});
