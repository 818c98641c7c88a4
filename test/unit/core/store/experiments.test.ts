import { rmSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { id, m, say, spec, store, tempDir } from './support';

describe('experiments', () => {
  it('begin with MLflow\'s own, number 0', () => {
    expect(store().experimentById(0)).toMatchObject({ name: 'Default', trashed: null, tags: {} });
  });

  it('are made, found by number and name, renamed, tagged, thrown away and brought back', () => {
    const at = store();
    const made = at.createExperiment({ name: 'loan', created: 10, tags: { team: 'x' }, location: 's3://b/p' });
    expect(at.experimentNamed('loan')).toEqual({ id: made.id, name: 'loan', created: 10, updated: 10, trashed: null, tags: { team: 'x' }, location: 's3://b/p' });
    at.editExperiment(made.id, { name: 'loans', setTags: { a: 'b' }, deleteTags: ['team'] });
    expect(at.experimentById(made.id)).toMatchObject({ name: 'loans', tags: { a: 'b' }, updated: 1_700_000_000 });
    expect(at.editExperiment(made.id, { trashed: true }).trashed).toBe(1_700_000_000);
    expect(at.editExperiment(made.id, { trashed: false }).trashed).toBeNull();
    expect(at.experimentRecords().map((one) => one.name).sort()).toEqual(['Default', 'loans']);
  });

  it('have names of their own: a taken one is refused and nothing changes, also where it was thrown away', () => {
    const at = store();
    const { id: first } = at.createExperiment({ name: 'a', created: 1 });
    at.editExperiment(first, { trashed: true });
    expect(() => at.createExperiment({ name: 'a', created: 2 })).toThrowError(/there is an experiment 'a'/);
    const second = at.createExperiment({ name: 'b', created: 2 });
    expect(() => at.editExperiment(second.id, { name: 'a' })).toThrowError(/there is an experiment 'a'/);
    expect(() => at.editExperiment(99, { name: 'c' })).toThrowError(/no experiment 99/);
    expect(at.experimentById(second.id)?.name).toBe('b');
  });

  it('keep their numbers, and records are there again, when the database is lost', () => {
    const dir = tempDir();
    const at = store(dir);
    at.createExperiment({ name: 'gone', created: 1 });
    at.createRun(spec(1, { experiment: 'by a run' }), 'running');
    const { id: number } = at.createExperiment({ name: 'kept', created: 2, tags: { a: 'b' } });
    const byRun = at.experimentNamed('by a run');
    at.records.put('loggedModel', { id: 'm-1', scope: '1', sort: 5, doc: { name: 'old' } });
    at.records.put('loggedModel', { id: 'm-1', scope: '1', sort: 6, doc: { name: 'new' } });
    at.records.put('trace', { id: 'tr-1', scope: '1', sort: 5, doc: {} });
    at.records.remove('trace', 'tr-1');
    at.dispose();
    appendFileSync(path.join(dir, 'records.jsonl'), '{"kind":"trace","id":"tr-2","sco');
    for (const file of ['runyard.db', 'runyard.db-wal', 'runyard.db-shm']) rmSync(path.join(dir, file), { force: true });
    const again = store(dir);
    expect(again.fresh).toBe(true);
    expect(again.experimentById(number)).toMatchObject({ name: 'kept', tags: { a: 'b' } });
    expect(again.experimentNamed('by a run')?.id).toBe(byRun?.id);
    expect(again.records.list('loggedModel')).toEqual([{ id: 'm-1', scope: '1', sort: 6, doc: { name: 'new' } }]);
    expect(again.records.list('trace')).toEqual([]);
  });
});

describe('records', () => {
  it('are listed largest first within their scopes, in pages', () => {
    const { records } = store();
    for (const [i, scope] of ['a', 'b', 'a', 'c'].entries()) records.put('trace', { id: `t${i}`, scope, sort: i, doc: { i } });
    records.put('spans', { id: 't0', scope: 'a', sort: 0, doc: [] });
    expect(records.list('trace').map((row) => row.id)).toEqual(['t3', 't2', 't1', 't0']);
    expect(records.list('trace', { scopes: ['a', 'b'], offset: 1, limit: 1 }).map((row) => row.id)).toEqual(['t1']);
    expect(records.get('trace', 't2')?.doc).toEqual({ i: 2 });
    expect(records.get('trace', 'none')).toBeUndefined();
  });

  it('are written together or not at all', () => {
    const { records } = store();
    expect(() => records.together(() => {
      records.put('trace', { id: 'a', scope: '', sort: 0, doc: {} });
      throw new Error('no');
    })).toThrowError('no');
    expect(records.list('trace')).toEqual([]);
  });
});

describe('a logged model', () => {
  it('has every figure that was measured of it, in order, and knows its runs', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    const measured = (s: number, value: number, dataset?: { name: string; digest: string }): Parameters<typeof say>[2] => ({ e: 'm', t: 100 + s, s, m: { acc: value }, model: 'm-1', ...(dataset ? { dataset } : {}) });
    say(at, 1, measured(0, 0.1), measured(2, 0.3), measured(1, 0.2), measured(0, 0.9, { name: 'test', digest: 'd' }), m(3, { acc: 1 }), { e: 'model', t: 1, io: 'output', model: 'm-1', step: 4 });
    expect(at.modelMetrics('m-1').map(({ key, value, step, datasetName }) => ({ key, value, step, datasetName }))).toEqual([
      { key: 'acc', value: 0.1, step: 0, datasetName: '' }, { key: 'acc', value: 0.9, step: 0, datasetName: 'test' },
      { key: 'acc', value: 0.2, step: 1, datasetName: '' }, { key: 'acc', value: 0.3, step: 2, datasetName: '' },
    ]);
    expect(at.getRun(id(1)).metrics['acc']).toMatchObject({ value: 1, step: 3, count: 5 });
    expect([at.runModels(id(1)), at.runsOfModel('m-1')]).toEqual([[{ io: 'output', model: 'm-1', step: 4 }], [{ run: id(1), io: 'output' }]]);
    at.purgeRun(id(1));
    expect([at.modelMetrics('m-1'), at.runsOfModel('m-1')]).toEqual([[], []]);
  });
});

describe('the state that a client says', () => {
  it('is the state of its own run, whatever was before', () => {
    const at = store();
    at.createRun(spec(1, { runner: 'mlflow' }), 'running');
    for (const [state, ended] of [['finished', 20], ['running', null], ['failed', 22]] as const) {
      say(at, 1, { e: 'state', t: ended ?? 21, state, client: true });
      expect(at.getRun(id(1))).toMatchObject({ state, ended });
    }
  });

  it('is kept beside the state of a run whose process is watched', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, { e: 'state', t: 20, state: 'finished', client: true });
    expect([at.getRun(id(1)).state, at.saidOf(id(1))]).toEqual(['running', { state: 'finished', ended: 20 }]);
    expect(at.search({ filter: "attributes.client_status = 'FINISHED'", orderBy: [], limit: 9, offset: 0, view: 'active' }).total).toBe(1);
    at.setState(id(1), { state: 'failed', t: 21, code: 1 });
    expect(at.getRun(id(1)).state).toBe('failed');
    expect(at.search({ filter: "attributes.client_status = 'FINISHED'", orderBy: [], limit: 9, offset: 0, view: 'active' }).total).toBe(0);
  });
});
