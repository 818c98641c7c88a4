import { expect, test } from 'vitest';
import { fixesOf, marksOf, monitorHover, monitorLens } from '../../../../src/extension/editor/monitor-marks';
import { alertRow, DAY, HOUR, monitorRow, resultRow } from '../../../support/monitoring-rows';

const now = DAY + 28 * HOUR;
const places = [{ name: 'daily', line: 3, start: 2, stop: 7, end: 9 }];
const marked = (over: Parameters<typeof alertRow>[0], line: number | null = 6): ReturnType<typeof marksOf> => marksOf([{ row: alertRow(over), line }], places, now);

test('an alert stands at its check, by its severity', () => {
  expect(marked({ severity: 'critical' })).toMatchObject([{ line: 5, weight: 'error' }]);
  expect(marked({ severity: 'warning' })[0]?.weight).toBe('warning');
  expect(marked({ severity: 'info' })[0]?.weight).toBe('information');
  expect(marked({})[0]?.message).toMatch(/^income drifted: psi 0.42, limit 0.1 \(since 2026-11-2/);
});

test('where the line is unknown or no longer the monitor\u2019s it stands at the name', () => {
  expect([marked({}, null), marked({}, 40), marked({}, 1)].map(([mark]) => mark?.line)).toEqual([3, 3, 3]);
});

test('acknowledged it is calm; snoozed, resolved or of a monitor that is gone it has no mark', () => {
  expect(marked({ severity: 'critical', state: 'acknowledged' })[0]?.weight).toBe('information');
  expect([marked({ state: 'snoozed' }), marked({ state: 'resolved' }), marked({ monitor: 'gone' })]).toEqual([[], [], []]);
});

test('fixes lead to what can be done, and acknowledge only what nobody has', () => {
  const ids = (state: 'open' | 'acknowledged', runbook: boolean): string[] => fixesOf(alertRow({ state }), { runbook, column: 'income' }).map(({ command }) => command);
  expect(ids('open', true)).toEqual(['runyard.acknowledgeAlert', 'runyard.snoozeAlert', 'runyard.showDrift', 'runyard.showRunbook', 'runyard.showAlert']);
  expect(ids('acknowledged', false)).toEqual(['runyard.snoozeAlert', 'runyard.showDrift', 'runyard.showAlert']);
  expect(fixesOf(alertRow(), { runbook: false, column: 'income' })[2]?.argument).toEqual({ monitor: 'daily', column: 'income' });
});

test('the lens says the last outcome and how many alerts are open, with the worst one\u2019s sign', () => {
  expect(monitorLens(monitorRow(), [alertRow({ severity: 'critical' }), alertRow({ id: 'b' })], now)).toEqual({ last: 'last: fail 2 h ago', alerts: '$(error) 2 alerts' });
  expect(monitorLens(monitorRow(), [], now).alerts).toBeUndefined();
});

test('the hover has the last figures, the columns that drifted, what is open, and the runbook as Markdown', () => {
  const figure = { metric: 'roc_auc', goal: 'maximize' as const, estimated: 0.71, estimatedInterval: null, realised: null, realisedInterval: null, realisedRows: 0, reference: 0.8, lower: null, upper: null, why: '' };
  const text = monitorHover(monitorRow({ runbook: '1. *Look*', last: resultRow({ figures: { roc_auc: figure } }) }), [alertRow({ subject: 'a <b>' })], now);
  expect(text).toContain('0\\.71');
  expect(text).toMatch(/\| income \|.*4\\\.2/);
  expect(text).not.toContain('| age |');
  expect(text).toContain('a &lt;b');
  expect(text).toContain('1. *Look*');
  expect(monitorHover(monitorRow({ last: null }), [], now)).toContain('not run yet');
});
