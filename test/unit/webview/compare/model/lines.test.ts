import { describe, expect, it } from 'vitest';
import { makeRuns } from '../../../../support/panel/data';
import type { Curve } from '../../../../../src/protocol/model';
import { defaultMetrics, groupRuns, linesOf, pointsOf } from '../../../../../webview/compare/model/lines';
import { deltaOf } from '../../../../../webview/compare/model/delta';
import { readPanelState } from '../../../../../webview/compare/model/state';

const rows = makeRuns(10);
const byId = (id: string) => rows.find((row) => row.id === id);
const curve = (run: string, ...values: (number | 'NaN' | 'Infinity')[]): Curve => ({ run, key: 'loss', total: values.length, exact: true, points: values.map((value, step) => ({ step, t: 1000 + step, value, n: 1 })) });
const ids = rows.map((row) => row.id);
const plain = { x: 'step', smoothing: 0, log: false, groups: null } as const;

describe('lines', () => {
  it('count what is NaN or infinite and leave it as gaps', () => {
    const found = linesOf([curve(ids[0] ?? '', 1, 'NaN', 'Infinity', 2)], byId, plain);
    expect(found.odd).toBe(2);
    expect(found.lines[0]?.points.map((point) => Number.isFinite(point.y))).toEqual([true, false, false, true]);
  });
  it('say how many values a logarithm leaves out', () => expect(linesOf([curve(ids[0] ?? '', 1, 0, -1)], byId, { ...plain, log: true }).hidden).toBe(2));
  it('keep the raw curve beside the smoothed one', () => {
    const [line] = linesOf([curve(ids[0] ?? '', 1, 3)], byId, { ...plain, smoothing: 0.9 }).lines;
    expect(line?.raw?.map((point) => point.y)).toEqual([1, 3]);
  });
  it('make one line with a band of a group of seeds', () => {
    const groups = groupRuns(rows);
    const found = linesOf(ids.map((id, at) => curve(id, at % 5, at % 5)), byId, { ...plain, groups });
    expect(found.lines.map((line) => [line.id, line.n, line.points[0]?.y])).toEqual([[ids[0], 5, 2], [ids[5], 5, 2]]);
    expect(found.lines[0]?.band?.low[0]?.y).toBeLessThan(2);
  });
  it('count time from the run\u2019s start, or from its first point where that is not known', () => {
    expect(pointsOf(curve('a', 1), 'relative', { started: 990 })[0]?.x).toBe(10);
    expect(pointsOf(curve('a', 1), 'relative', { started: null })[0]?.x).toBe(0);
  });
  it('are of the main metric first, four at most', () => expect([defaultMetrics(rows, 'val_auc')[0], defaultMetrics(rows, 'val_auc').length]).toEqual(['val_auc', 4]));
});

describe('deltas', () => {
  it.each([
    [0.9, 0.8, 'maximize', 'better'], [0.7, 0.8, 'maximize', 'worse'], [0.7, 0.8, 'minimize', 'better'], [0.8, 0.8, 'maximize', 'same'], [0.9, 0.8, null, 'unknown'],
  ] as const)('%d against %d with goal %s is %s', (value, baseline, goal, direction) => expect(deltaOf(value, baseline, goal)?.direction).toBe(direction));
  it('are none where a figure is missing or not finite', () => expect([deltaOf(null, 1, null), deltaOf(Number.NaN, 1, 'maximize'), deltaOf(1, Number.POSITIVE_INFINITY, 'maximize')]).toEqual([null, null, null]));
});

describe('the state that is kept', () => {
  it('has a default for everything', () => expect(readPanelState(undefined)).toMatchObject({ tab: 'curves', selected: [], sort: null, curves: { x: 'step', zoom: null } }));
  it('keeps what is right of a state that is wrong in parts', () => {
    expect(readPanelState({ tab: 'gone', selected: ['a'], split: 7, curves: { x: 'wall', smoothing: 'much' } })).toMatchObject({ tab: 'curves', selected: ['a'], split: 0.42, curves: { x: 'wall', smoothing: 0 } });
  });
  it('starts anew from nonsense', () => expect(readPanelState('nonsense').tab).toBe('curves'));
});
