import { expect, test } from 'vitest';
import { childrenOf, contextOf, idOf, rootNodes, type MonitoringNode } from '../../../../src/extension/views/monitoring-nodes';
import { brokenWords } from '../../../../src/extension/monitoring/words';
import { alertRow, attemptRow, logRow, monitorRow, overview, resultRow, retrainingRow } from '../../../support/monitoring-rows';

const whole = (): MonitoringNode[] => rootNodes(overview({
  monitors: [monitorRow({ name: 'quiet', line: 2, last: null }), monitorRow({ line: 9, runbook: 'look' })],
  open: [alertRow(), alertRow({ id: 'a9', monitor: 'left' })], resolved: [alertRow({ id: 'a0', state: 'resolved', model: null })],
  logs: [logRow()], retrainings: [retrainingRow({ runs: [attemptRow(), attemptRow({ id: 't0' })] })],
  feedback: new Map([['car-loan@production', { model: 'car-loan@production', since: null, labels: 1, right: 0, wrong: 0, unsure: 0, reviewers: [], newest: null, honest: null, recent: [] }]]),
}));
const all = (nodes: readonly MonitoringNode[]): MonitoringNode[] => nodes.flatMap((node) => [node, ...all(childrenOf(node))]);

test('with nothing watched there is no row, so that the view can teach', () => {
  expect(rootNodes(overview())).toEqual([]);
});

test('what waits for a person stands first, then the order of the file; logs and retrainings follow', () => {
  expect(whole().map((node) => (node.kind === 'monitor' ? node.monitor : node.kind === 'group' ? node.key : node.kind))).toEqual(['daily', 'quiet', 'gone', 'logs', 'retraining']);
});

test('an acknowledged alert no longer lifts its monitor', () => {
  const monitors = [monitorRow({ name: 'quiet', line: 2 }), monitorRow({ line: 9 })];
  expect(rootNodes(overview({ monitors, open: [alertRow({ state: 'acknowledged' })] })).map((node) => 'monitor' in node && node.monitor)).toEqual(['quiet', 'daily']);
});

test('below a monitor are its alerts, the checks of its last window with the failing ones first, and what is resolved', () => {
  const [daily] = whole();
  const below = daily ? childrenOf(daily) : [];
  expect(below.map((node) => (node.kind === 'group' ? node.label : node.kind))).toEqual(['alert', 'Checks of the Last Window', 'Resolved']);
  expect(below[1]?.kind === 'group' && below[1].description).toBe('1 of 2 checks pass · 2026-11-20');
  expect(below[1] && childrenOf(below[1]).map((node) => node.kind === 'check' && node.row.outcome)).toEqual(['fail', 'pass']);
});

test('rows name model, environment and column, so that other commands know what they are about', () => {
  const nodes = all(whole());
  expect(nodes.find((node) => node.kind === 'alert')).toMatchObject({ model: 'car-loan', environment: 'production', monitor: 'daily', column: 'income', alert: 'a1' });
  expect(nodes.find((node) => node.kind === 'feedback')).toMatchObject({ served: 'car-loan@production' });
  expect(nodes.find((node) => node.kind === 'check')).toMatchObject({ monitor: 'daily', column: 'income' });
});

test('no two rows have the same id, also where a name holds what ids are made of', () => {
  const nodes = all([...whole(), ...rootNodes(overview({ monitors: [monitorRow({ name: '["checks","daily"]', last: resultRow() })] }))]);
  expect(new Set(nodes.map(idOf)).size).toBe(nodes.length);
});

test('menus are told what can be done', () => {
  const contexts = all(whole()).map(contextOf);
  expect(contexts).toContain('monitor idle runbook alarmed served');
  expect(contexts).toContain('alert open served');
  expect(contexts).toContain('alert resolved plain');
  expect(contextOf({ kind: 'monitor', monitor: 'x', row: monitorRow({ running: true }), alerts: [], resolved: [] })).toBe('monitor running bare calm plain');
});

test('a monitor that can not be read stands before those that are well, with its alerts, its error and its line', () => {
  const broken = [{ section: 'monitors' as const, name: 'feed', file: 'runyard.yaml', line: 12, column: 5, message: "there is no check 'drfit'", more: 1 }, { section: null, name: null, file: 'runyard.yaml', line: 2, column: 1, message: 'not YAML: a bracket', more: 0 }];
  const nodes = rootNodes(overview({ monitors: [monitorRow({ name: 'quiet', line: 2 }), monitorRow()], broken, open: [alertRow(), alertRow({ id: 'a9', monitor: 'feed' })] }));
  expect(nodes.map((node) => [node.kind, 'monitor' in node && node.monitor])).toEqual([['monitor', 'daily'], ['broken', 'feed'], ['broken', 'runyard.yaml'], ['monitor', 'quiet']]);
  expect(nodes[1]).toMatchObject({ line: 12 });
  expect(nodes[1] && [childrenOf(nodes[1]).map(idOf), contextOf(nodes[1])]).toEqual([['alert:a9'], 'broken']);
  expect(brokenWords(broken[0] ?? raise())).toBe("line 12: there is no check 'drfit' · 1 more");
  // All of them wrong, or all with alerts: none is lost.
  expect(rootNodes(overview({ broken })).map(({ kind }) => kind)).toEqual(['broken', 'broken']);
  expect(rootNodes(overview({ monitors: [monitorRow()], broken, open: [alertRow()] })).map(({ kind }) => kind)).toEqual(['monitor', 'broken', 'broken']);
});

test('a serving and a retraining that can not be read stand first in their groups, also where those have nothing else', () => {
  const wrong = (section: 'serving' | 'retraining', name: string | null) => ({ section, name, file: 'runyard.yaml', line: 7, column: 3, message: 'wrong', more: 0 });
  const broken = [wrong('serving', 'car-loan@staging'), wrong('retraining', 'weekly'), wrong('retraining', null)];
  const shown = (nodes: readonly MonitoringNode[]): unknown[] => nodes.map((node) => [node.kind === 'group' ? `${node.label} ${node.description}` : node.kind, ...childrenOf(node).map((one) => [one.kind, one.kind === 'broken' && one.monitor])]);
  const rows = [['broken', 'car-loan@staging']];
  const retrainings = [['broken', 'weekly'], ['broken', 'runyard.yaml']];
  expect(shown(rootNodes(overview({ broken })))).toEqual([['Serving Logs 1', ...rows], ['Retraining 2', ...retrainings]]);
  expect(shown(rootNodes(overview({ broken, logs: [logRow()], retrainings: [retrainingRow()] })))).toEqual([['Serving Logs 2', ...rows, ['log', false]], ['Retraining 3', ...retrainings, ['retraining', false]]]);
  // A monitor of the same name has its alerts itself.
  expect(new Set(all(rootNodes(overview({ broken: [...broken, { ...wrong('serving', 'weekly'), section: 'monitors' }] }))).map(idOf)).size).toBe(6);
});
const raise = (): never => { throw new Error('none'); };
