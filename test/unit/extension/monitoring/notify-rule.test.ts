import { expect, test } from 'vitest';
import { levelOf, loudness, openKey, stillOpen } from '../../../../src/extension/monitoring/notify-rule';
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
