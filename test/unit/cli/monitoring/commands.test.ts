import { expect, test } from 'vitest';
import { alertsText, alertText } from '../../../../src/cli/monitoring/alert-text';
import { monitorsText, runText } from '../../../../src/cli/monitoring/monitor-text';
import { spanIn, windowText } from '../../../../src/cli/monitoring/moments';
import { terminal } from '../../../../src/cli/terminal';
import type { AlertRow, ResultSummary } from '../../../../src/protocol/monitoring';
import { commandLine } from '../../../support/command-line';

const { program } = commandLine();

test.each([
  ['monitor', 'monitor needs run or list: write: runyard monitor [run|list] ...'],
  ['monitor rnu', 'monitor has no rnu: did you mean monitor run?'],
  ['monitor list --due', 'monitor list takes no --due: it belongs to monitor run'],
  ['monitor run --at noon', "--at noon isn't a time: write --at 2026-05-03T14:00Z, 2026-05-03T16:00+02:00, or 2026-05-03T14:00 for the time here"],
  ['alerts shwo x', 'alerts has no shwo: did you mean alerts show?'],
  ['alerts --for 1d', 'alerts takes no --for: it belongs to alerts snooze'],
  ['alerts show x --all', 'alerts show takes no --all: write: runyard alerts --all'],
  ['alerts show', "alerts show needs an alert's id, or its beginning: write: runyard alerts show ID"],
  ['alerts snooze abcd --reason x', "it isn't said how long: write --for 1d, or --until 2026-11-23T08:00"],
  ['alerts snooze abcd --for 1d --until 2026-11-23 --reason x', '--for and --until say the same: write --for 1d, or --until 2026-11-23T08:00'],
  ['alerts snooze abcd --for long --reason x', '--for long is no length of time: write --for 1d, 12h or 30m'],
  ['alerts resolve abcd', '--reason TEXT is missing: write --reason "what it was"'],
  ['alerts incident abcd', 'the note says nothing: write --what TEXT, --when, --cause or --action'],
])('`%s` is wrong use: %s', async (line, message) => {
  expect(await program(...line.split(' '))).toEqual({ status: 2, out: '', err: `runyard: ${message}\n` });
});

test('lengths of time and windows are read and shown as people write them', () => {
  const span = (text: string): number | undefined => spanIn({ text: () => text }, 'for');
  expect([span('1d'), span('1.5h'), span('30 m'), spanIn({ text: () => undefined }, 'for')]).toEqual([86_400_000, 5_400_000, 1_800_000, undefined]);
  const at = (text: string): number => Date.parse(text);
  expect(windowText({ from: at('2026-11-16'), to: at('2026-11-17') })).toBe('2026-11-16');
  expect(windowText({ from: at('2026-11-16'), to: at('2026-11-23') })).toBe('2026-11-16 to 2026-11-23');
  expect(windowText({ from: at('2026-11-16T06:00Z'), to: at('2026-11-16T07:00Z') })).toBe('2026-11-16 06:00 to 2026-11-16 07:00 UTC');
});

const out = terminal({ write: () => true }, {});
const now = Date.UTC(2026, 10, 18, 3);
const row: AlertRow = {
  id: '3fa9c1d2aa', monitor: 'loan-daily', key: 'drift:income', check: 'drift', subject: 'income', model: 'loan@production', severity: 'critical', state: 'open', text: 'drift: income: distribution, PSI 0.4', opened: now - 7_200_000, updated: now,
  windows: 2, result: 'r1', snoozedUntil: null, resolved: null, version: 3, onCall: 'Ana', incident: null,
};
const check = { key: 'drift:income', check: 'drift', subject: 'income', severity: 'critical' as const, outcome: 'fail' as const, value: 0.4, low: null, high: null, threshold: 0.1, reason: 'income: distribution, PSI 0.4', at: 0 };
const summary: ResultSummary = {
  id: 'r1', monitor: 'loan-daily', created: now, window: { from: Date.UTC(2026, 10, 16), to: Date.UTC(2026, 10, 17), rows: 1200 }, outcome: 'fail', reasons: ['drift: income: distribution, PSI 0.4'],
  columns: { income: { ratio: 4, outcome: 'fail', harm: 1.2, psi: 0.42, type: 'numeric', role: 'input' }, age: { ratio: 0.1, outcome: 'pass', harm: 0, psi: 0.01, type: 'numeric', role: 'input' } }, figures: {}, alerts: [row.id], checks: [check, { ...check, key: 'drift:age', outcome: 'pass', reason: '' }], versions: [3],
};

test('what a run found stands with its reasons, the columns that drifted, what could not run, and the alerts', () => {
  expect(runText({ results: [summary], opened: [row], resolved: [], outcome: 'fail', failed: [{ monitor: 'feed', message: 'there is no file x.csv', hint: 'name another' }] }, out)).toBe(`loan-daily  fail  2026-11-16, 1200 rows, 1 of 2 checks pass
  drift: income: distribution, PSI 0.4
  column   PSI  times its limit  harm
  income  0.42                4   1.2
feed  could not run: there is no file x.csv (name another)

alert opened: 3fa9c1d2 loan-daily: drift: income: distribution, PSI 0.4 (critical)
`);
});

test('monitors and alerts are tables; nothing at all is an empty text', () => {
  const monitor = { name: 'loan-daily', model: 'loan@production', line: 3, schedule: 'every 1 h', window: 86_400, cadence: 'none', severity: 'critical', checks: ['drift'], runbook: '', last: summary, next: now - 1, running: false, problem: null, open: 1 };
  expect(monitorsText({ monitors: [monitor], broken: [], open: 1, onCall: 'Ana' }, now, out)).toBe(`monitor     watches          window      last  rows  alerts  next
loan-daily  loan@production  2026-11-16  fail  1200       1  due
1 open alert: runyard alerts
on call: Ana
`);
  const broken = [{ section: 'monitors' as const, name: 'feed', file: 'runyard.yaml', line: 12, column: 5, message: "there is no check 'drfit': did you mean 'drift'?", more: 1 }, { section: null, name: null, file: 'runyard.yaml', line: 2, column: 1, message: 'not YAML: a bracket', more: 0 }];
  expect(monitorsText({ monitors: [monitor], broken, open: 0, onCall: null }, now, out)).toBe(`monitor       watches          window      last           rows  alerts  next
loan-daily    loan@production  2026-11-16  fail           1200       1  due
feed                                       can't be read                      runyard.yaml:12: there is no check 'drfit': did you mean 'drift'? (and 1 more)
runyard.yaml                               can't be read                      runyard.yaml:2: not YAML: a bracket
`);
  expect(alertsText([row], now, out)).toBe(`alert     severity  state  monitor     opened   windows  on call  what
3fa9c1d2  critical  open   loan-daily  2 h ago        2  Ana      drift: income: distribution, PSI 0.4
`);
  expect(alertsText([{ ...row, state: 'resolved', resolution: 'its monitor is no longer in runyard.yaml' }], now, out)).toContain('resolved: its monitor is no longer in runyard.yaml  loan-daily');
  expect([monitorsText({ monitors: [], broken: [], open: 0, onCall: null }, now, out), alertsText([], now, out)]).toEqual(['', '']);
});

test('an alert is told whole: slices, windows, what happened, the incident, the runbook', () => {
  const incident = { when: 'today', what: 'no feed', cause: '', action: 'called ops', by: { name: 'Ana', email: '' }, t: now };
  const text = alertText({ row: { ...row, incident }, runbook: 'Look at the feed.\nThen roll back.', events: [{ t: now, what: 'acknowledged', by: { name: 'Ana', email: '' }, text: 'mine' }], results: [summary], line: 7, slices: [{ name: 'young', text: 'income by 0.6 (limit 0.1)' }] }, now, out);
  for (const part of ['loan-daily, line 7 of runyard.yaml', 'loan@production (version 3 was live)', 'failed in 2 windows', '  young: income by 0.6 (limit 0.1)\n', '  2026-11-16  fail  income: distribution, PSI 0.4\n', 'acknowledged by Ana: mine', '  what: no feed\n  action: called ops\n', '  Look at the feed.\n  Then roll back.\n']) expect(text).toContain(part);
});
