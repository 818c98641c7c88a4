import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pickDriver, type Cell, type Database } from '../../../../src/core/store/driver';
import { migrate, NEWEST, schemaVersion } from '../../../../src/core/store/migrate';
import { migrations } from '../../../../src/core/store/migrations/index';
import { find, id, m, say, spec, store, tempDir } from './support';

/** What a store of each version holds: rows as that version wrote them. A new migration adds its own entry and edits none. */
const data: Readonly<Record<number, string>> = {
  1: `INSERT INTO experiments (id, name, created) VALUES (1, 'loan', 1000);
    INSERT INTO keys (id, kind, name) VALUES (1, 'metric', 'acc'), (2, 'param', 'lr'), (3, 'tag', 'team');
    UPDATE counters SET value = 1 WHERE name = 'curve';
    INSERT INTO runs (id, uid, experiment, name, state, created, started, ended, source, script, argv, cwd, environment, pinned, notes)
      VALUES (1, '${id(1)}', 1, 'old', 'finished', 1000, 1001, 1002, 'cli', 'train.py', '["python","train.py"]', '.', '{"python":"3.12"}', 1, 'keep');
    INSERT INTO params VALUES (1, 2, '0.1'); INSERT INTO tags VALUES (1, 3, 'x');
    INSERT INTO metrics (run, key, curve, value, step, t, min, max, count) VALUES (1, 1, 1, 0.9, 2, 2000, 'NaN', 0.9, 2);
    INSERT INTO points VALUES (1, 1, 1000, 'NaN'), (1, 2, 2000, 0.9);
    INSERT INTO datasets VALUES (1, 'd', 'train', 'x', 'd.csv', 3, NULL); INSERT INTO artifacts VALUES (1, 'm.onnx', 'model', 'dg', 5, 1002);
    INSERT INTO resources VALUES (1, 1001, 50, 100, NULL, NULL); INSERT INTO problems VALUES (1, 'f', 1, 'bad'); INSERT INTO spools VALUES (1, 'f', 10, 2);`,
  2: `INSERT INTO run_models VALUES (1, 'output', 'm-1', 0); INSERT INTO model_metrics VALUES ('m-1', 1, '', '', 1, 0, 1000, 0.5);
    INSERT INTO records VALUES ('webhook', 'w-1', '', 1000, '{}'); UPDATE runs SET said = 'finished', said_at = 1001;`,
  3: `INSERT INTO evaluations VALUES ('${id(9)}', 'loan', 1000, 1.5, 'm.onnx', 'dg', NULL, 'test.csv', 'dd', 10, 'binary', 'accuracy', 0.9, 0.8, NULL, 'pass', 1, 0, NULL, 'v');
    INSERT INTO evaluation_figures VALUES ('${id(9)}', '', 'young', 'accuracy', 0.8, 0.7, 0.9, 5); INSERT INTO evaluation_outcomes VALUES ('${id(9)}', 'slice', 'young', 'pass', '');`,
  4: `INSERT INTO ledger VALUES ('aa', '0123456789abcdef', 0, 1000, '{}');`,
};

function at(version: number, file: string): Database {
  const db = pickDriver().open({ file });
  for (let n = 1; n <= version; n += 1) {
    migrate(db, migrations, n);
    db.exec(data[n] ?? '');
  }
  return db;
}
const everything = (db: Database): Record<string, Cell[][]> =>
  Object.fromEntries(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all<{ name: string }>().map(({ name }) => [name, db.prepare(`SELECT * FROM ${name}`).rows()]));

describe('migrations', () => {
  it.each(Array.from({ length: NEWEST }, (_, i) => i + 1))('bring version %i with data in it to the newest, and the store works on it', (version) => {
    const dir = tempDir();
    at(version, path.join(dir, 'runyard.db')).close();
    const opened = store(dir);
    expect([opened.schema, opened.fresh]).toEqual([NEWEST, false]);
    expect(opened.getRun(id(1))).toMatchObject({ name: 'old', experiment: 'loan', params: { lr: '0.1' }, tags: { team: 'x' }, notes: 'keep', pinned: true, metrics: { acc: { value: 0.9, count: 2 } }, environment: { python: '3.12' } });
    expect(opened.points(id(1), 'acc', { limit: 9, offset: 0 }).points.map((point) => point.value)).toEqual(['NaN', 0.9]);
    opened.createRun(spec(2), 'running');
    say(opened, 2, m(1, { acc: 0.95 }));
    expect(find(opened, { orderBy: ['metrics.acc DESC'] })).toEqual([2, 1]);
  });

  it('end at the same schema as a new store has, from every version', () => {
    const schema = (db: Database): unknown => db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
    const fresh = pickDriver().open({ file: ':memory:' });
    migrate(fresh);
    for (let version = 1; version <= NEWEST; version += 1) {
      const db = at(version, ':memory:');
      migrate(db);
      expect(schema(db)).toEqual(schema(fresh));
      db.close();
    }
    fresh.close();
  });

  it('that fail half-way change nothing', () => {
    const db = at(NEWEST, path.join(tempDir(), 'a.db'));
    const before = everything(db);
    const broken = [...migrations, 'CREATE TABLE later (n INTEGER); UPDATE runs SET name = \'changed\'; SELECT * FROM missing'];
    expect(() => migrate(db, broken)).toThrowError(/missing/);
    expect(schemaVersion(db)).toBe(NEWEST);
    expect(everything(db)).toEqual(before);
    expect(migrate(db, [...migrations, 'CREATE TABLE later (n INTEGER)'])).toBe(NEWEST);
    expect(schemaVersion(db)).toBe(NEWEST + 1);
    db.close();
  });

  it('have data for each version that they start from', () => {
    expect(Object.keys(data).map(Number)).toEqual(Array.from({ length: NEWEST }, (_, i) => i + 1));
  });
});
