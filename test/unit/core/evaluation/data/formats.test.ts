import Better from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import path from 'node:path';
import { bench, sql, table, typesOf } from './support';

const { file, open, refused, dir } = bench();
const at = (name: string): string => path.join(dir, name);

describe('JSON lines', () => {
  it('have their own types; a key that is not there is missing', async () => {
    file('a.jsonl', [
      '{"n":1,"x":1.5,"b":true,"s":"NA","d":"2026-01-31","code":"007","when":"10:30","l":[1,2],"mixed":1}',
      '',
      '{"n":2,"x":NaN,"b":null,"s":"","d":"2026-02-01","mixed":"z","é":"ü"}',
    ].join('\n'));
    const data = await open('a.jsonl');
    expect(typesOf(data)).toEqual({ n: 'int', x: 'float', b: 'bool', s: 'string', d: 'date', code: 'string', when: 'string', l: 'other', mixed: 'string', 'é': 'string' });
    expect(await table(data)).toEqual({ n: [1, 2], x: [1.5, null], b: [true, null], s: ['NA', ''], d: ['2026-01-31', '2026-02-01'], code: ['007', null], when: ['10:30', null], l: ['[1, 2]', null], mixed: ['1', 'z'], 'é': [null, 'ü'] });
  });

  it('have the declared types, and name the line that does not fit', async () => {
    file('typed.jsonl', '{"a":1,"b":"5"}\n\n{"a":2,"b":"x"}\n');
    expect(typesOf(await open('typed.jsonl', { types: { a: 'float' } }))).toEqual({ a: 'float', b: 'string' });
    expect((await refused('typed.jsonl', { types: { b: 'int' } })).message).toContain('typed.jsonl, line 3, column b: "x" is not a whole number');
  });

  it('may be one array of objects', async () => {
    file('b.json', '[{"a":1},\n {"a":2}]');
    expect(await table(await open('b.json'))).toEqual({ a: [1, 2] });
  });

  it.each([
    ['are empty', '\n', /there are no rows/], ['are cut off', '{"a":1}\n{"a":\n{"a":3}\n', /c\.jsonl, line 2: it is no JSON/], ['are no objects', '1\n2\n', /lines are not objects/],
    ['are not UTF-8', new Uint8Array([...Buffer.from('{"a":1}\n{"a":"'), 0xe9, ...Buffer.from('"}\n')]), /c\.jsonl, line 2: it is not UTF-8/],
  ])('are refused where they %s', async (_, content, message) => {
    file('c.jsonl', content);
    expect((await refused('c.jsonl')).message).toMatch(message);
  });
});

describe('a Parquet file', () => {
  it('has its own types; a NaN is missing', async () => {
    await sql(`COPY (SELECT * FROM (VALUES (1::INTEGER, 1.5::FLOAT, 'nan'::DOUBLE, 2.5::DECIMAL(9, 2), true, 'a'::VARCHAR, DATE '2026-01-31', TIMESTAMP '2026-01-31 10:00:00', 12345678901234567::BIGINT, 18446744073709551615::UBIGINT, 7::UBIGINT),
      (NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, -5, 1, 8)) t(i, f, d, m, b, s, day, moment, big, huge, small)) TO '${at('a.parquet')}'`);
    const data = await open('a.parquet');
    expect(typesOf(data)).toEqual({ i: 'int', f: 'float', d: 'float', m: 'float', b: 'bool', s: 'string', day: 'date', moment: 'time', big: 'int', huge: 'string', small: 'int' });
    expect(await table(data)).toMatchObject({ i: [1, null], f: [1.5, null], d: [null, 1], m: [2.5, null], b: [true, null], s: ['a', null], day: ['2026-01-31', null], moment: ['2026-01-31T10:00:00', null], huge: ['18446744073709551615', '1'], small: [7, 8] });
    const big = await data.column('big');
    expect(big).toMatchObject({ type: 'int', big: new BigInt64Array([12345678901234567n, -5n]) });
    expect(await data.cells([0], ['big', 'd'])).toEqual([['12345678901234567', null]]);
    expect(await data.missing()).toMatchObject({ d: 1, i: 1, big: 0 });
    expect((await data.members(['d is null', 'd > 0']))).toEqual([new Uint8Array([1, 0]), new Uint8Array([0, 1])]);
  });

  it('has the declared types, and names the row that does not fit', async () => {
    await sql(`COPY (SELECT i + 0.0::DOUBLE AS whole, i / 2.0::DOUBLE AS half, i AS id FROM range(5) t(i)) TO '${at('b.parquet')}'`);
    expect(typesOf(await open('b.parquet', { types: { whole: 'int', half: 'string', id: 'string' } }))).toEqual({ whole: 'int', half: 'string', id: 'string' });
    expect((await refused('b.parquet', { types: { half: 'int' } })).message).toContain('b.parquet, row 2, column half: "0.5" is not a whole number');
  });

  it('is one of several; whole numbers and floats are floats together', async () => {
    await sql(`COPY (SELECT 1 AS a, 'x' AS b) TO '${at('m1.parquet')}'`, `COPY (SELECT 'y' AS b, 2.5::DOUBLE AS a UNION ALL SELECT 'z', 3) TO '${at('m2.parquet')}'`, `COPY (SELECT 9 AS a, 'w' AS b) TO '${at('m3.parquet')}'`);
    const data = await open(['m3.parquet', 'm1.parquet', 'm2.parquet']);
    expect(await table(data)).toEqual({ a: [1, 2.5, 3, 9], b: ['x', 'y', 'z', 'w'] });
    expect(await data.cells([3, 1], ['b'])).toEqual([['w'], ['y']]);
    await sql(`COPY (SELECT 1 AS a) TO '${at('n1.parquet')}'`, `COPY (SELECT 'x' AS a, 1 AS b) TO '${at('m4.parquet')}'`);
    expect((await refused(['m1.parquet', 'n1.parquet'])).message).toMatch(/n1\.parquet lacks column b/);
    expect((await refused(['m1.parquet', 'm4.parquet'])).message).toMatch(/m4\.parquet, column a: it is VARCHAR there and INTEGER in .*m1\.parquet/);
  });

  it('that is none is refused', async () => {
    file('bad.parquet', 'a,b\n1,2\n');
    expect((await refused('bad.parquet')).message).toMatch(/bad\.parquet is no Parquet file/);
    await sql(`COPY (SELECT 1 AS a WHERE false) TO '${at('none.parquet')}'`);
    expect((await refused('none.parquet')).message).toMatch(/there are no rows/);
  });

  it('may have signs in its path that stand for others in a pattern', async () => {
    await sql(`COPY (SELECT 1 AS a) TO '${at("it''s [1] 100% {a}.parquet")}'`);
    expect(await table(await open("it's [1] 100% {a}.parquet"))).toEqual({ a: [1] });
    file("it's [1].csv", 'a\n1\n');
    expect(await table(await open("it's [1].csv"))).toEqual({ a: [1] });
  });
});

describe('a DuckDB file', () => {
  it('gives a table by its name, or its only one, and is let go of', async () => {
    await sql(`ATTACH '${at('a.duckdb')}' AS a`, 'CREATE TABLE a.people AS SELECT i AS id, NULLIF(i, 2)::DOUBLE AS x FROM range(4) t(i)', 'DETACH a');
    expect(await table(await open('a.duckdb'))).toEqual({ id: [0, 1, 2, 3], x: [0, 1, null, 3] });
    await sql(`ATTACH '${at('a.duckdb')}' AS a`, 'CREATE SCHEMA a.other', 'CREATE VIEW a.other.some AS SELECT id FROM a.main.people WHERE id > 1', 'DETACH a');
    expect(await table(await open('a.duckdb', { table: 'other.some' }))).toEqual({ id: [2, 3] });
    expect(await refused('a.duckdb')).toMatchObject({ code: 'bad_input', hint: expect.stringContaining('people, other.some') as string });
    expect(await refused('a.duckdb', { table: 'persons' })).toMatchObject({ code: 'not_found' });
  });

  it('whose view reads another file is refused', async () => {
    file('secret.csv', 'a\nsecret\n');
    await sql(`ATTACH '${at('view.duckdb')}' AS o`, `CREATE VIEW o.v AS SELECT * FROM read_csv('${at('secret.csv')}')`, 'DETACH o');
    const error = await refused('view.duckdb');
    expect(error.message).not.toContain('\n');
    expect(error.code).toBe('bad_input');
  });
});

describe('a SQLite file', () => {
  it('gives a table with one type a column', async () => {
    const db = new Better(at('a.db'));
    db.exec(`CREATE TABLE people (id INTEGER PRIMARY KEY, x REAL, n INTEGER, s TEXT, b BOOLEAN, d DATE, big INTEGER, mixed, gone TEXT, "código" TEXT);
      INSERT INTO people VALUES (5, 1.5, 1, 'NA', 1, '2026-01-31', 12345678901234567, 1, NULL, 'ä'), (2, 2, NULL, '', 0, '2026-02-01', -1, 'x', NULL, NULL);
      CREATE VIEW some AS SELECT s, x FROM people ORDER BY s; CREATE TABLE plain (k TEXT PRIMARY KEY, v INT) WITHOUT ROWID; INSERT INTO plain VALUES ('b', 1), ('a', 2);`);
    db.close();
    const data = await open('a.db', { table: 'people' });
    expect(typesOf(data)).toEqual({ id: 'int', x: 'float', n: 'int', s: 'string', b: 'bool', d: 'date', big: 'int', mixed: 'string', gone: 'string', 'código': 'string' });
    expect(await table(data)).toMatchObject({ id: [2, 5], x: [2, 1.5], n: [null, 1], s: ['', 'NA'], b: [false, true], d: ['2026-02-01', '2026-01-31'], mixed: ['x', '1'], gone: [null, null], 'código': [null, 'ä'] });
    expect(await data.column('big')).toMatchObject({ big: new BigInt64Array([-1n, 12345678901234567n]) });
    expect(await table(await open('a.db', { table: 'some' }))).toEqual({ s: ['', 'NA'], x: [2, 1.5] });
    expect(await table(await open('a.db', { table: 'plain' }))).toEqual({ k: ['a', 'b'], v: [2, 1] });
    expect(await refused('a.db')).toMatchObject({ code: 'bad_input', hint: expect.stringContaining('people') as string });
    expect(await refused('a.db', { table: 'nobody' })).toMatchObject({ code: 'not_found' });
  });

  it('is read page by page, in order', async () => {
    const db = new Better(at('long.sqlite'));
    db.exec('CREATE TABLE t (i INTEGER, s TEXT)');
    const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
    db.transaction(() => { for (let i = 0; i < 30_000; i++) insert.run(i, `s${i % 7}`); })();
    db.close();
    const { values } = await (await open('long.sqlite')).column('i');
    expect(values).toHaveLength(30_000);
    expect(values.every((value, i) => value === i)).toBe(true);
  });
});

describe('files', () => {
  it('that are not there, no file, or of two formats are refused', async () => {
    file('x/a.csv', 'a\n1\n');
    file('x/b.jsonl', '{"a":1}\n');
    expect(await refused('x/none.csv')).toMatchObject({ code: 'not_found' });
    expect(await refused('x/*.parquet')).toMatchObject({ code: 'not_found' });
    expect((await refused('x')).message).toMatch(/is a folder/);
    expect((await refused('x/*')).message).toMatch(/a\.csv is csv and .*b\.jsonl is jsonl/);
    file('x/c.xyz', 'a');
    expect((await refused('x/c.xyz')).message).toMatch(/nothing tells its format/);
    expect((await refused('x/a.csv', { table: 't' })).message).toMatch(/a table is named/);
  });

  it('are told apart by their bytes and by how they are read, not by their names', async () => {
    file('one.csv', 'a,b\n1,2\n');
    file('two.csv', 'a,b\n1,2\n');
    file('three.csv', 'a,b\n1,3\n');
    const one = await open('one.csv');
    expect(one.digest).toMatch(/^[0-9a-f]{64}$/);
    expect((await open('two.csv')).digest).toBe(one.digest);
    expect((await open('three.csv')).digest).not.toBe(one.digest);
    expect((await open('one.csv', { types: { a: 'string' } })).digest).not.toBe(one.digest);
    expect((await open(['one.csv', 'three.csv'])).digest).not.toBe(one.digest);
    expect(one).toMatchObject({ bytes: 8, rows: 1 });
    expect(Date.now() - one.changed).toBeLessThan(60_000);
  });
});
