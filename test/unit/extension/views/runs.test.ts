import { describe, expect, test } from 'vitest';
import { RUN_STATES } from '../../../../src/protocol/model';
import { sectionsOf } from '../../../../src/extension/views/facts';
import { groupRuns, paramLabels } from '../../../../src/extension/views/nodes';
import { runContext, runDescription, stateLooks } from '../../../../src/extension/views/state';
import { tooltipText } from '../../../../src/extension/views/tooltip-text';
import { runDetail, runRow, summary } from '../../../support/extension-rows';

describe('a run in the tree', () => {
  test('tells its main metric and when it ended', () => {
    expect(runDescription(runRow({ metrics: { acc: summary(0.91234) } }), 'acc', 1121)).toBe('acc 0.9123 · 1 min ago');
  });
  test('that failed, waits or runs says so', () => {
    expect(runDescription(runRow({ state: 'failed' }), null, 1070)).toBe('failed · just now');
    expect(runDescription(runRow({ state: 'queued', started: null, ended: null }), null, 1070)).toBe('queued');
    expect(runDescription(runRow({ state: 'running', ended: null }), null, 1004.2)).toBe('running 3 s');
  });
  test('that is pinned is the baseline', () => {
    expect(runDescription(runRow({ pinned: true }), null, 1070)).toBe('★ baseline · just now');
  });
  test('offers what fits its state', () => {
    expect(runContext(runRow({ state: 'queued' }))).toBe('run live loose');
    expect(runContext(runRow({ pinned: true }))).toBe('run done pinned');
  });
  test('has a picture of its own for each state', () => {
    expect(new Set(RUN_STATES.map((state) => stateLooks[state].icon)).size).toBe(RUN_STATES.length);
  });
});

describe('groups', () => {
  test('by params are named by what differs between them, not by the seed inside', () => {
    const rows = [
      runRow({ id: 'a', group: '1', params: { lr: '0.1', depth: '3', seed: '0' } }),
      runRow({ id: 'b', group: '1', params: { lr: '0.1', depth: '3', seed: '1' } }),
      runRow({ id: 'c', group: '2', params: { lr: '0.2', depth: '3', seed: '0' } }),
    ];
    const groups = groupRuns(rows, 'params');
    expect(groups.map((one) => one.rows.map((row) => row.id))).toEqual([['a', 'b'], ['c']]);
    expect(groups.map((one) => one.label)).toEqual(['lr 0.1', 'lr 0.2, seed 0']);
    expect(paramLabels([[runRow()]])).toEqual(['no params']);
    expect(paramLabels([rows.slice(0, 2)])).toEqual(['lr 0.1, depth 3']);
  });
  test('by state stand in the order of a run’s life', () => {
    const rows = (['failed', 'finished', 'running', 'queued'] as const).map((state) => runRow({ id: state, state }));
    expect(groupRuns(rows, 'state').map((one) => one.label)).toEqual(['queued', 'running', 'finished', 'failed']);
  });
  test('by script name what has none', () => {
    expect(groupRuns([runRow({ script: null }), runRow({ script: 'a.py' })], 'script').map((one) => one.label)).toEqual(['without a script', 'a.py']);
  });
});

describe('a tooltip', () => {
  test('leads with the main metric and shows a stranger’s text as text', () => {
    const run = runRow({ name: 'x](command:y)', metrics: { a: summary(1), z: summary(2) }, params: { p: '<img>' } });
    const text = tooltipText(run, { mainMetric: 'z', image: '', now: 1100 });
    expect(text.indexOf('| z |')).toBeLessThan(text.indexOf('| a |'));
    expect(text).toContain('x\\]\\(command:y\\)');
    expect(text).toContain('&lt;img\\>');
  });
  test('of a run with very many metrics stays short', () => {
    const metrics = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`m${index}`, summary(index)]));
    expect(tooltipText(runRow({ metrics }), { mainMetric: null, image: '', now: 1100 })).toContain('and 18 more');
  });
});

describe('details', () => {
  test('have no empty section and name each fact once', () => {
    const sections = sectionsOf(runDetail({ params: { lr: '0.1' }, artifacts: [{ path: 'out/model.onnx', kind: 'model', digest: 'd', size: 1500, t: 0 }] }), 1100);
    expect(sections.map((one) => one.key)).toEqual(['overview', 'params', 'artifacts']);
    expect(sections.at(-1)?.facts).toMatchObject([{ label: 'out/model.onnx', value: '1.5 kB', open: { file: 'artifacts/out/model.onnx' } }]);
  });
  test('say how a run that was killed came to its end', () => {
    const run = runDetail({ state: 'killed', signal: 'SIGKILL', exitCode: null, reason: 'out of memory' });
    expect(sectionsOf(run, 1100)[0]?.facts.slice(0, 2).map((fact) => fact.value)).toEqual(['killed · SIGKILL', 'out of memory']);
  });
  test('keep a metric’s full value to copy', () => {
    const facts = sectionsOf(runDetail({ metrics: { acc: summary(0.123456789, { count: 3, min: 0, max: 1 }) } }), 1100)[1]?.facts;
    expect(facts).toMatchObject([{ value: '0.1235  (min 0, max 1)', full: '0.123456789' }]);
  });
});
