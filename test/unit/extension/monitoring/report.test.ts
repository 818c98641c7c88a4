import { expect, test } from 'vitest';
import { backtestMarkdown, chart } from '../../../../src/extension/monitoring/backtest-report';
import { alertMarkdown, alertsMarkdown, runbookMarkdown } from '../../../../src/extension/monitoring/report';
import { alertRow, DAY, HOUR, policyRow, resultRow } from '../../../support/monitoring-rows';

const now = DAY + 28 * HOUR;
const person = { name: 'Ana', email: 'ana@example.org' };

test('an alert shows what to do first, then the note, the slices, the windows and what happened', () => {
  const row = alertRow({ onCall: 'Ben', incident: { when: 'since noon', what: 'new form', cause: 'a field in cents', action: 'told the owner', by: person, t: now } });
  const text = alertMarkdown({
    row, runbook: '1. Look at **it**', line: 7, slices: [{ name: 'north', text: 'income moved by 4' }], results: [resultRow(), resultRow({ id: 'r0', outcome: 'pass', window: { from: DAY - 24 * HOUR, to: DAY, rows: 10 }, checks: [] })],
    events: [{ t: DAY, what: 'opened', by: null, text: 'psi 0.42' }, { t: now, what: 'acknowledged', by: person, text: '' }],
  }, now);
  const order = ['What to do', '**it**', 'Incident note', 'in cents', 'Slices that it hits', 'north', '## Windows', '2026\\-11\\-20', '0\\.42', '2026\\-11\\-19', 'What happened', 'opened', 'Ana'];
  const places = order.map((one) => text.indexOf(one));
  expect(places.every((place) => place >= 0), `${places.join(' ')}\n${text}`).toBe(true);
  expect(text).toContain('| on call | Ben |');
  expect(text).toContain('version 3');
});

test('what a stranger wrote is text, the runbook is Markdown', () => {
  const text = alertMarkdown({ row: alertRow({ text: '<b>[x](command:evil)' }), runbook: '', line: null, slices: [], results: [], events: [] }, now);
  expect(text).not.toContain('<b>');
  expect(text).not.toContain('[x](');
  expect(runbookMarkdown('daily', '- *look*')).toContain('- *look*');
  expect(runbookMarkdown('daily', ' ')).toContain('has no runbook');
});

test('the list of alerts has the newest first, counts what is not resolved, and says who is called', () => {
  const text = alertsMarkdown([alertRow({ opened: 1, text: 'old', state: 'resolved' }), alertRow({ id: 'a2', text: 'young' })], { name: 'Ana', weeks: [{ from: '2026-11-16', name: 'Ana' }, { from: '2026-11-23', name: 'Ben' }] }, now);
  expect(text).toContain('2 alerts, 1 not resolved');
  expect(text.indexOf('young')).toBeLessThan(text.indexOf('old'));
  expect(text).toMatch(/On call: Ana[^]*Ben/);
  expect(alertsMarkdown([], { name: null, weeks: [] }, now)).toBe('# Alerts\n\nThere has been none yet.\n');
});

test('a back-test ranks the policies by their figure, by its goal, with what each cost', () => {
  const base = { name: 'weekly', metric: 'roc_auc', goal: 'maximize' as const, from: DAY, to: DAY + 72 * HOUR, rows: 900, notes: ['a stand-in'], duration: 2 };
  const policies = [policyRow({ policy: 'never', retrainings: 0, minutes: 0, quality: 0.7 }), policyRow(), policyRow({ policy: 'unknown', quality: null, interval: null })];
  const text = backtestMarkdown({ ...base, policies });
  const [weekly = 0, never = 0, unknown = 0] = ['| weekly', '| never', '| unknown'].map((one) => text.indexOf(one));
  expect(weekly < never && never < unknown).toBe(true);
  expect(text).toContain('a stand\\-in');
  const least = backtestMarkdown({ ...base, goal: 'minimize', policies });
  expect(least.indexOf('| never')).toBeLessThan(least.indexOf('| weekly'));
  expect(least.indexOf('| weekly')).toBeLessThan(least.indexOf('| unknown'));
});

test('the chart draws all policies on one scale, with a mark where a retraining was', () => {
  const lines = chart([policyRow(), policyRow({ policy: 'never`', windows: [] })]).split('\n');
  expect(lines[0]).toBe('weekly  ▇▁█');
  expect(lines[1]).toBe('          ▲');
  expect(lines.join('\n')).not.toContain('`');
  expect(lines.at(-1)).toContain('▁ 0.74   █ 0.82');
  expect(chart([policyRow({ windows: [] })])).toBe('no window has a figure');
});

test('of very many windows neighbours share a column, and no mark of a retraining is lost', () => {
  const windows = Array.from({ length: 500 }, (_, at) => ({ from: at, to: at + 1, value: at === 3 ? null : at, retrained: at === 250, age: 0 }));
  const [figures = '', marks = ''] = chart([policyRow({ windows })]).split('\n');
  expect(figures.length).toBeLessThanOrEqual('weekly  '.length + 72);
  expect(marks).toContain('▲');
});
