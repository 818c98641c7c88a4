import { describe, expect, test } from 'vitest';
import { metricFacts } from '../../../../src/core/queries/editor-metric';
import { paramFacts, tabulate } from '../../../../src/core/queries/editor-param';
import { against, scriptFacts } from '../../../../src/core/queries/editor-script';
import { id, m, say, spec } from '../store/support';
import { workspace } from './support';

function finished(context: ReturnType<typeof workspace>, n: number, acc: number | 'NaN', params: Record<string, string> = {}): void {
  context.store.createRun(spec(n, { params }), 'queued');
  context.store.setState(id(n), { state: 'running', t: 1000 + n });
  say(context.store, n, m(0, { val_acc: acc, loss: typeof acc === 'number' ? 1 - acc : acc }));
  context.store.setState(id(n), { state: 'finished', t: 1001 + n });
}

describe('over a script', () => {
  test('nothing has run yet', () => {
    expect(scriptFacts(workspace(), 'train.py')).toEqual({ script: 'train.py', experiment: null, last: null, baseline: null, mainMetric: null, metrics: {} });
  });

  test('the last run stands against the finished one before it, each metric by its own goal', () => {
    const context = workspace();
    finished(context, 1, 0.25);
    finished(context, 2, 0.75);
    const facts = scriptFacts(context, `${context.workspace}/train.py`);
    expect(facts).toMatchObject({ script: 'train.py', experiment: 'loan', last: { id: id(2), state: 'finished' }, baseline: { id: id(1), pinned: false }, mainMetric: 'val_acc' });
    expect(facts.metrics).toEqual({ val_acc: { value: 0.75, delta: 0.5, direction: 'better' }, loss: { value: 0.25, delta: -0.5, direction: 'better' } });
  });

  test('a pinned run of the experiment is the baseline, however old; the last run is not its own', () => {
    const context = workspace();
    for (const [n, acc] of [[1, 0.75], [2, 0.25], [3, 0.5]] as const) finished(context, n, acc);
    say(context.store, 1, { e: 'edit', t: 3000, pinned: true });
    expect(scriptFacts(context, 'train.py')).toMatchObject({ baseline: { id: id(1), pinned: true }, metrics: { val_acc: { delta: -0.25, direction: 'worse' } } });
    say(context.store, 3, { e: 'edit', t: 3000, pinned: true });
    expect(scriptFacts(context, 'train.py').baseline?.id).toBe(id(1));
  });

  test('a run that failed is no baseline', () => {
    const context = workspace();
    finished(context, 1, 0.5);
    context.store.createRun(spec(2), 'queued');
    context.store.setState(id(2), { state: 'failed', t: 1002 });
    finished(context, 3, 0.5);
    expect(scriptFacts(context, 'train.py')).toMatchObject({ baseline: { id: id(1) }, metrics: { val_acc: { delta: 0, direction: 'same' } } });
  });

  test('what is not finite has no delta', () => {
    const at = (value: number | 'NaN') => ({ value, step: 0, t: 0, min: value, max: value, count: 1 });
    expect(against(at('NaN'), at(1), 'maximize')).toEqual({ value: 'NaN', delta: null, direction: 'unknown' });
    expect(against(at(1), undefined, 'maximize')).toEqual({ value: 1, delta: null, direction: 'unknown' });
  });
});

describe('over a param', () => {
  test('the values tried come best first, with how many runs, best and mean', () => {
    const context = workspace('metrics: {val_acc: {main: true}}');
    finished(context, 1, 0.5, { lr: '0.1' });
    finished(context, 2, 0.75, { lr: '0.1' });
    finished(context, 3, 0.9, { lr: '0.01' });
    finished(context, 4, 'NaN', { lr: '1' });
    expect(paramFacts(context, { name: 'lr', script: 'train.py' })).toEqual({
      param: 'lr', metric: 'val_acc', goal: 'maximize',
      rows: [
        { value: '0.01', runs: 1, best: 0.9, mean: 0.9, last: id(3) },
        { value: '0.1', runs: 2, best: 0.75, mean: 0.625, last: id(2) },
        { value: '1', runs: 1, best: null, mean: null, last: id(4) },
      ],
    });
    expect(paramFacts(context, { name: 'nothing' }).rows).toEqual([]);
  });

  test('where less is better the least is best', () => {
    expect(tabulate([{ value: 'a', run: 'x', metric: 3 }, { value: 'b', run: 'y', metric: 1 }, { value: 'a', run: 'z', metric: 2 }], 'minimize')).toEqual([
      { value: 'b', runs: 1, best: 1, mean: 1, last: 'y' }, { value: 'a', runs: 2, best: 2, mean: 2.5, last: 'x' },
    ]);
  });
});

test('a metric over the runs is oldest first, with the best by its goal', () => {
  const context = workspace();
  for (const [n, acc] of [[1, 0.5], [2, 0.75], [3, 'NaN'], [4, 0.25]] as const) finished(context, n, acc);
  const facts = metricFacts(context, { key: 'val_acc' });
  expect(facts.runs.map(({ value }) => value)).toEqual([0.5, 0.75, 'NaN', 0.25]);
  expect(facts.best).toBe(id(2));
  expect(metricFacts(context, { key: 'loss' }).best).toBe(id(2));
  expect(metricFacts(context, { key: 'nothing' })).toMatchObject({ runs: [], best: null });
});
