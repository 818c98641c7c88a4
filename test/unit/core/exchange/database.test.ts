import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type NodeSqlite from 'node:sqlite';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseSource } from '../../../../src/core/exchange/database/source';
import { collect, databaseFixture } from '../../../support/exchange';

let folder = '';
let faults: string[] = [];
const fault = (where: string, why: string): void => { faults.push(`${where}: ${why}`); };
beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), 'runyard-db-')); faults = []; });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = '646419fc9089493a9d374c1f4305cca0';

test('an mlflow.db is read whole, with the files of the server that wrote it', async () => {
  const source = databaseSource({ file: databaseFixture(folder), fault });
  const held = await collect(source);
  source.dispose();
  expect(faults).toEqual([]);
  expect(Object.entries(held).map(([kind, things]) => [kind, Object.keys(things as object).length])).toEqual([
    ['experiments', 3], ['runs', 6], ['models', 2], ['registered', 3], ['traces', 1], ['datasets', 1],
  ]);
  expect(held.runs[FIRST]).toMatchObject({ name: 'first', status: 'FINISHED', datasets: [{ name: 'toy', tags: { 'mlflow.data.context': 'train', k: 'v' } }] });
  const { points, files } = held.runs[FIRST] as { points: string[]; files: object };
  expect(points.filter((one) => one.startsWith('odd')).map((one) => one.split(' ').at(-1))).toEqual(['NaN', 'Infinity', '-Infinity']);
  expect(Object.keys(files)).toEqual(['a/b/hello wörld.txt', 'd.json', 'empty.txt']);
  expect(held.runs['402886fd8ba144bb9107cebdb4e546e9']).toMatchObject({ modelInputs: ['m-3ae337dacd6b42cd8e63259db0c198e9'] });
  expect(held.datasets['evalset']).toMatchObject({ experiments: ['1'], tags: { q: 'w' }, records: [{ inputs: { q: 'a' }, expectations: { a: 'b' } }] });
});

test('spans come out of the database with their digits, and what a trace was judged with its kinds', async () => {
  const source = databaseSource({ file: databaseFixture(folder), fault });
  const { traces } = await collect(source);
  source.dispose();
  const [trace] = Object.values(traces) as { spans: { start_time_unix_nano: string; name: string }[]; info: { assessments: object[] } }[];
  expect(trace?.spans.map(({ name, start_time_unix_nano: start }) => [name, start])).toEqual([['f', '1795246290535428881n'], ['inner', '1795246290535891554n']]);
  expect(trace?.info.assessments).toMatchObject([{ feedback: { value: true } }, { expectation: { serialized_value: { value: '{"a": 1}' } } }]);
});

test('a database of an older MLflow, without the newer tables and columns, is read for what it has', async () => {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof NodeSqlite;
  const file = path.join(folder, 'old.db');
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE experiments (experiment_id INTEGER, name TEXT, artifact_location TEXT, lifecycle_stage TEXT);
    CREATE TABLE runs (run_uuid TEXT, status TEXT, start_time INTEGER, end_time INTEGER, lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER, user_id TEXT);
    CREATE TABLE metrics (key TEXT, value REAL, timestamp INTEGER, run_uuid TEXT, step INTEGER);
    CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT); CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
    INSERT INTO experiments VALUES (0, 'Default', './mlruns/0', 'active');
    INSERT INTO runs VALUES ('0123456789abcdef0123456789abcdef', 'FINISHED', 1000, 2000, 'active', '', 0, 'ann');
    INSERT INTO metrics VALUES ('loss', 0.5, 1500, '0123456789abcdef0123456789abcdef', 3);
    INSERT INTO tags VALUES ('mlflow.runName', 'old', '0123456789abcdef0123456789abcdef');`);
  db.close();
  const source = databaseSource({ file, fault });
  const held = await collect(source);
  source.dispose();
  expect(held.runs).toMatchObject({ '0123456789abcdef0123456789abcdef': { name: 'old', points: ['loss 3 1500 0.5'], datasets: [] } });
  expect(faults).toEqual([]);
});

test('files whose folder nobody named are told, with the way to name it', async () => {
  const file = databaseFixture(folder);
  rmSync(path.join(folder, 'mlartifacts'), { recursive: true });
  const source = databaseSource({ file, fault });
  await collect(source);
  source.dispose();
  expect(faults[0]).toContain('--artifacts');
});

test('a file that is no database, or not one of MLflow, is refused', () => {
  const file = path.join(folder, 'x.db');
  writeFileSync(file, 'hello');
  expect(() => databaseSource({ file, fault })).toThrow(/is no SQLite database/);
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof NodeSqlite;
  const other = path.join(folder, 'y.db');
  const db = new DatabaseSync(other);
  db.exec('CREATE TABLE a (b)');
  db.close();
  expect(() => databaseSource({ file: other, fault })).toThrow(/no database of MLflow's/);
});
