import { expect, test } from 'vitest';
import { statusLook, type StatusFacts } from '../../../../src/extension/views/status-words';
import { alertRow } from '../../../support/monitoring-rows';
import { liveRow, modelRow, waitingRow } from '../../../support/registry-rows';

const facts = (over: Partial<StatusFacts> = {}): StatusFacts => ({ live: 0, queued: 0, models: [], waiting: [], conflicts: 0, alerts: [], ...over });

test('with nothing live and nothing wanted there is no item', () => {
  expect(statusLook(facts({ models: [modelRow({ live: [liveRow({ version: null })] })] }), 0)).toBeUndefined();
});

test('runs alone stand as they always did, and lead to them', () => {
  expect(statusLook(facts({ live: 2, queued: 1 }), 0)).toMatchObject({ text: '$(loading~spin) 2 running, 1 queued', command: { command: 'runyard.showLive' } });
});

test('one live model is named with its version, several are counted', () => {
  const staged = modelRow({ live: [liveRow({ environment: 'staging', version: 4 }), liveRow({ version: 3 })] });
  expect(statusLook(facts({ models: [staged] }), 0)).toMatchObject({ text: '$(package) car-loan 3 in production', command: { command: 'runyard.openRegistry', arguments: [{ model: 'car-loan' }] } });
  expect(statusLook(facts({ models: [staged, modelRow({ name: 'x'.repeat(80) })] }), 0)?.text).toBe('$(package) 2 models live');
  expect(statusLook(facts({ models: [modelRow({ name: 'x'.repeat(80) })] }), 0)?.text.length).toBeLessThan(60);
});

test('what waits for the person is what a click leads to, and all stands in the one item', () => {
  const look = statusLook(facts({ live: 1, models: [modelRow()], waiting: [waitingRow()] }), 0);
  expect(look?.text).toBe('$(loading~spin) 1 running  $(bell-dot) 1 to approve  $(package) car-loan 1 in production');
  expect(look?.command).toEqual({ command: 'runyard.openRegistry', arguments: [{ model: 'car-loan', version: 2, environment: 'production' }] });
  expect(look?.label).toBe('Runyard, 1 running, 1 to approve, car-loan 1 in production');
});

test('the tooltip shows a name as text, and links only to our own commands', () => {
  const look = statusLook(facts({ models: [modelRow({ name: '](command:evil) <b>' })] }), 0);
  expect(look?.tooltip).not.toContain('<b>');
  expect([...(look?.tooltip.matchAll(/(?<!\\)\(command:([\w.]+)/g) ?? [])].map(([, id]) => id)).toEqual(['runyard.openRegistry']);
});

test('alerts that wait stand before all else and are what a click leads to', () => {
  const one = statusLook(facts({ waiting: [waitingRow()], alerts: [alertRow({ severity: 'critical' })] }), 0);
  expect(one).toMatchObject({ text: '$(error) 1 alert  $(bell-dot) 1 to approve', command: { command: 'runyard.showAlert', arguments: [{ alert: 'a1' }] } });
  expect(one?.tooltip).toContain('command:runyard.acknowledgeAlert');
  expect(statusLook(facts({ alerts: [alertRow(), alertRow({ id: 'a2' })] }), 0)).toMatchObject({ text: '$(warning) 2 alerts', label: 'Runyard, 2 alerts', command: { command: 'runyard.showAlerts' } });
});
