import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openApp, type App } from '../../../src/core/app';
import { createCopy, type CopyOptions } from '../../../src/core/exchange/copy';
import { databaseSource } from '../../../src/core/exchange/database/source';
import { folderSource } from '../../../src/core/exchange/folder/source';
import { withOriginalIds } from '../../../src/core/exchange/original';
import { storeSink } from '../../../src/core/exchange/store/sink';
import type { CopyReport } from '../../../src/protocol/exchange';
import { databaseFixture, mlrunsFixture } from '../../support/exchange';
import { until } from '../../support/until';

const EXPERIMENT = '575721806102202498';
const FIRST = '45fa5b32083544668d30da19bd180442';
const RUNNING = '831f6f7b6d074bf8bb6db3bf27fd6e9f';
const MODEL = 'm-44f8fc2080884ee99fcddae8777cb290';
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

let folder = '';
let workspace = '';
let app: App;
const open = (): App => openApp({ workspace, supervisorPath: '', evaluatorPath: '', pythonPath: '', log, onChanged: () => undefined, onNotice: () => undefined });
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'runyard-import-')));
  workspace = path.join(folder, 'ws');
  app = open();
});
afterEach(async () => {
  // Files that are still being hashed would be put into the folder that is removed.
  await until('every file to have its digest', () => app.store.runIds().every((run) => app.store.artifacts(run).every(({ digest }) => digest !== '')));
  app.dispose();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function importFrom(source: string, options: CopyOptions = {}): Promise<CopyReport> {
  const copying = createCopy(options);
  const { fault } = copying;
  const from = source.endsWith('.db') ? databaseSource({ file: source, fault }) : folderSource({ root: source, fault });
  const sink = storeSink({ store: app.store, tracker: app.tracker, workspace, clock: app.clock, signal: options.signal });
  try {
    return await copying.run(withOriginalIds(from), sink);
  } finally {
    from.dispose();
    sink.dispose();
  }
}

const changes = (report: CopyReport): number => Object.values(report.counts).reduce((sum, { made, completed }) => sum + made + completed, 0);

test('an mlruns folder is in the workspace afterwards: runs under their ids, histories with NaN and infinities, files, datasets, models', async () => {
  const report = await importFrom(mlrunsFixture(folder));
  expect(report.failures).toEqual([]);
  expect(report.counts).toMatchObject({ experiments: { made: 2 }, runs: { made: 6, failed: 0 }, models: { made: 2 }, registered: { made: 3 }, traces: { made: 1 } });
  const run = app.store.getRun(FIRST);
  expect(run).toMatchObject({ name: 'first', experiment: 'iris', state: 'finished', started: 1795246249.598, ended: 1795246257.218, notes: '# a note', source: 'import', params: { lr: '0.1', 'opt/kind': 'adam' } });
  expect(run.tags).toMatchObject({ note: 'héllo\nworld', 'mlflow.user': 'ann' });
  expect(app.store.history(FIRST, 'odd', { limit: -1, offset: 0 }).points.map(({ step, t, value }) => [step, t, value]))
    .toEqual([[1, 1795246249651, 'NaN'], [2, 1795246249652, 'Infinity'], [3, 1795246249652, '-Infinity']]);
  expect(app.store.history(FIRST, 'loss', { limit: -1, offset: 0 }).total).toBe(50);
  expect(app.store.datasets(FIRST)).toMatchObject([{ name: 'toy', role: 'train', digest: 'b2892d90', mlflow: { source_type: 'code', tags: { k: 'v' } } }]);
  expect(app.store.artifacts(FIRST).map((one) => one.path)).toEqual(['a/b/hello wörld.txt', 'd.json', 'empty.txt']);
  expect(readFileSync(path.join(app.tracker.folder(FIRST), 'artifacts', 'a', 'b', 'hello wörld.txt'), 'utf8')).toBe('hello');
  expect(app.store.runModels(FIRST)).toEqual([{ io: 'output', model: MODEL, step: 0 }]);
  expect(app.store.modelMetrics(MODEL)).toEqual(expect.arrayContaining([expect.objectContaining({ key: 'm_acc', value: 0.9, datasetName: 'toy' })]));
  expect(app.store.getRun('41864f9ad4354180a2a9b5f69bfbf5e1')).toMatchObject({ trashed: true, state: 'finished' });
  expect(app.store.experimentNamed('gone')).toMatchObject({ tags: { a: 'b' } });
  expect(app.store.experimentNamed('gone')?.trashed).not.toBeNull();
  expect(app.store.records.get('registeredModel', 'clf')?.doc).toMatchObject({ aliases: { production: 1 }, last: 4, description: 'the descr' });
  expect(app.store.records.get('loggedModel', MODEL)?.doc).toMatchObject({ name: 'model', run: FIRST, params: { C: '1.0' } });
  expect(app.store.records.list('spans')).toHaveLength(2);
});

test('an import that is repeated changes nothing', async () => {
  const source = mlrunsFixture(folder);
  await importFrom(source);
  const spool = readFileSync(path.join(app.tracker.folder(FIRST), 'events.import.jsonl'), 'utf8');
  const again = await importFrom(source);
  expect(again).toMatchObject({ failed: 0, points: 0, files: 0 });
  expect(changes(again)).toBe(0);
  expect(readFileSync(path.join(app.tracker.folder(FIRST), 'events.import.jsonl'), 'utf8')).toBe(spool);
});

test('a run that went on in the source is completed, and what a person changed here stays', async () => {
  const source = mlrunsFixture(folder);
  await importFrom(source);
  expect(app.store.getRun(RUNNING).state).toBe('running');
  await app.tracker.edit(RUNNING, { name: 'mine', setTags: { own: 'yes' } });
  const run = path.join(source, EXPERIMENT, RUNNING);
  appendFileSync(path.join(run, 'metrics', 'k'), '1795246299999 2.5 1\n');
  // A run without params has no such folder in a clone: git keeps no empty ones.
  mkdirSync(path.join(run, 'params'), { recursive: true });
  writeFileSync(path.join(run, 'params', 'late'), '7');
  writeFileSync(path.join(run, 'meta.yaml'), readFileSync(path.join(run, 'meta.yaml'), 'utf8').replace('status: 1', 'status: 3').replace('end_time: null', 'end_time: 1795246300000'));
  const again = await importFrom(source);
  expect(again.counts.runs).toEqual({ made: 0, completed: 1, same: 5, failed: 0 });
  expect(again.points).toBe(1);
  expect(app.store.getRun(RUNNING)).toMatchObject({ state: 'finished', ended: 1795246300, name: 'mine', params: { late: '7' }, tags: { own: 'yes' } });
  expect(app.store.history(RUNNING, 'k', { limit: -1, offset: 0 }).total).toBe(2);
});

test('an import that was ended in the middle, even of a line, is completed by the next', async () => {
  const source = mlrunsFixture(folder);
  const stop = new AbortController();
  await expect(importFrom(source, { signal: stop.signal, parallel: 1, onProgress: ({ points }) => { if (points > 20) stop.abort(); } })).rejects.toMatchObject({ code: 'cancelled' });
  const spool = path.join(app.tracker.folder(FIRST), 'events.import.jsonl');
  const text = readFileSync(spool);
  truncateSync(spool, text.length - 7);
  const again = await importFrom(source);
  expect(again.failures).toEqual([]);
  expect(app.store.history(FIRST, 'loss', { limit: -1, offset: 0 }).total).toBe(50);
  expect(app.store.getRun(FIRST)).toMatchObject({ state: 'finished', problems: [] });
  expect(app.store.runIds()).toHaveLength(6);
});

test('a lost database is made again from the folders, with all that was imported', async () => {
  await importFrom(mlrunsFixture(folder));
  const before = app.store.getRun(FIRST);
  app.dispose();
  for (const name of ['store.db', 'store.db-wal', 'store.db-shm', 'runyard.db', 'runyard.db-wal', 'runyard.db-shm']) rmSync(path.join(workspace, '.runyard', name), { force: true });
  app = open();
  await app.tracker.ready;
  expect(app.store.getRun(FIRST)).toMatchObject({ metrics: before.metrics, params: before.params, tags: before.tags, state: 'finished' });
  expect(app.store.records.get('registeredModel', 'clf')).toBeDefined();
});

test('an mlflow.db comes in with the files of its server; what it holds beyond is told', async () => {
  const report = await importFrom(databaseFixture(folder));
  expect(report.counts.runs).toMatchObject({ made: 6, failed: 0 });
  expect(app.store.runModels('402886fd8ba144bb9107cebdb4e546e9')).toEqual([{ io: 'input', model: 'm-3ae337dacd6b42cd8e63259db0c198e9', step: 0 }]);
  expect(app.store.artifacts('646419fc9089493a9d374c1f4305cca0')).toHaveLength(3);
});
