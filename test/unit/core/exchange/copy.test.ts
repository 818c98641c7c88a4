import { expect, test } from 'vitest';
import { RunyardError } from '../../../../src/core/base/errors';
import { createCopy, each } from '../../../../src/core/exchange/copy';
import type { Experiment, Run, Sink, Source } from '../../../../src/core/exchange/model';
import { withOriginalIds } from '../../../../src/core/exchange/original';

const experiment: Experiment = { id: '1', name: 'e', lifecycle: 'active', created: 1, updated: 1, tags: {} };
const run = (id: string, more: Partial<Run> = {}): Run => ({
  id, experiment: '1', name: id, user: '', status: 'FINISHED', start: 1, end: 2, lifecycle: 'active', artifacts: '', params: {}, tags: {}, datasets: [], modelInputs: [], modelOutputs: [], ...more,
});
async function* these<T>(...items: T[]): AsyncGenerator<T> { for (const item of items) yield await Promise.resolve(item); }

const source = (more: Partial<Source> = {}): Source => ({
  title: 'from', experiments: () => these(experiment), runs: () => these(run('a'), run('b'), run('c')), points: () => these(), models: () => these(), traces: () => these(), registered: () => these(),
  evaluationDatasets: () => these(), artifacts: () => these(), leftOut: () => Promise.resolve([]), dispose: () => undefined, ...more,
});
const sink = (more: Partial<Sink> = {}): Sink => ({
  title: 'to', putExperiment: () => Promise.resolve('made'), putRun: () => Promise.resolve('made'), putModel: () => Promise.resolve('made'), linkRun: () => Promise.resolve(),
  putRegistered: () => Promise.resolve('made'), putTrace: () => Promise.resolve('made'), putEvaluationDataset: () => Promise.resolve('made'), finish: () => Promise.resolve([]), dispose: () => undefined, ...more,
});

test('a thing that fails is told, and the others go over', async () => {
  const report = await createCopy().run(source(), sink({ putRun: ({ id }) => (id === 'b' ? Promise.reject(new RunyardError('bad_input', 'no', 'way')) : Promise.resolve(id === 'a' ? 'made' : 'same')) }));
  expect(report.counts.runs).toEqual({ made: 1, completed: 0, same: 1, failed: 1 });
  expect(report).toMatchObject({ failed: 1, failures: [{ where: 'run b', why: 'no: way' }] });
});

test('a list that breaks off is told, and the next list is begun', async () => {
  const second = { ...experiment, id: '2', name: 'f' };
  async function* broken(): AsyncGenerator<Run> { yield run('a'); await Promise.reject(new Error('half a page')); }
  const report = await createCopy().run(source({ experiments: () => these(experiment, second), runs: ({ id }) => (id === '1' ? broken() : these(run('z'))) }), sink());
  expect(report.counts.runs.made).toBe(2);
  expect(report.failures).toEqual([{ where: 'runs of experiment e', why: 'half a page' }]);
});

test('a full disk ends it: what follows would fail too', async () => {
  const put: string[] = [];
  const full = sink({ putRun: ({ id }) => { put.push(id); return Promise.reject(new RunyardError('disk_full', 'no space')); } });
  await expect(createCopy({ parallel: 1 }).run(source(), full)).rejects.toMatchObject({ code: 'disk_full' });
  expect(put).toEqual(['a']);
});

test('runs are linked to models once all of both are there', async () => {
  const order: string[] = [];
  const made = run('a', { modelOutputs: [{ model: 'm', step: 0 }] });
  const model = { id: 'm', experiment: '1', name: 'm', type: '', status: 'LOGGED_MODEL_READY' as const, statusMessage: '', sourceRun: 'a', created: 1, updated: 1, lifecycle: 'active' as const, artifacts: '', params: {}, tags: {}, metrics: [] };
  const watched = sink({
    putRun: () => { order.push('run'); return Promise.resolve('made'); }, putModel: () => { order.push('model'); return Promise.resolve('made'); },
    linkRun: () => { order.push('link'); return Promise.resolve(); }, finish: () => { order.push('finish'); return Promise.resolve(['x']); },
  });
  const report = await createCopy().run(source({ runs: () => these(made), models: () => these(model) }), watched);
  expect(order).toEqual(['run', 'model', 'link', 'finish']);
  expect(report.leftOut).toEqual(['x']);
});

test('at most so many at a time; the first error is thrown when the others are over', async () => {
  let now = 0;
  let most = 0;
  const over: number[] = [];
  const all = each(these(1, 2, 3, 4, 5, 6), 2, async (item) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    over.push(item);
    if (item === 3) throw new Error('three');
  });
  await expect(all).rejects.toThrow('three');
  expect(most).toBe(2);
  expect(now).toBe(0);
  expect(over.length).toBeLessThan(6);
});

const OURS = '0123456789abcdef0123456789abcdef';
const THEIRS = 'fedcba9876543210fedcba9876543210';

test('what was exported once comes back under its own ids, also where others name it, and asks its source by theirs', async () => {
  const asked: string[] = [];
  const back = withOriginalIds(source({
    experiments: () => these({ ...experiment, tags: { 'runyard.experiment_id': '7', 'runyard.created': '5', own: 'x' } }),
    runs: () => these(run(THEIRS, { tags: { 'runyard.run_id': OURS } }), run('b', { tags: { 'mlflow.parentRunId': THEIRS, note: THEIRS } })),
    points: ({ id }) => { asked.push(id); return these(); },
  }));
  const found: unknown[] = [];
  for await (const one of back.experiments()) {
    found.push(one.tags, one.created);
    for await (const each of back.runs(one)) {
      found.push([each.id, each.tags]);
      for await (const _batch of back.points(each)) found.push('none');
    }
  }
  expect(found).toEqual([{ own: 'x' }, 5, [OURS, {}], ['b', { 'mlflow.parentRunId': OURS, note: THEIRS }]]);
  expect(asked).toEqual([THEIRS, 'b']);
});
