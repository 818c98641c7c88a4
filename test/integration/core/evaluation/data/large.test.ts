import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import type { Data } from '../../../../../src/core/evaluation/data/types';
import { bench, sql } from '../../../../unit/core/evaluation/data/support';

const { open, dir, temp } = bench();
const at = (name: string): string => path.join(dir, name);
const ROWS = 200_000;

async function inOrder(data: Data): Promise<void> {
  let from = 0;
  for await (const batch of data.read({ columns: ['i', 's'], batch: 30_000 })) {
    expect(batch.from).toBe(from);
    const { i, s } = batch.columns;
    for (let at = 0; at < batch.count; at++) if (i?.values[at] !== from + at || s?.values[at] !== `row ${from + at}`) throw new Error(`row ${from + at} holds ${i?.values[at] ?? ''}`);
    from += batch.count;
  }
  expect(from).toBe(ROWS);
  expect((await data.column('i')).values.every((value, at) => value === at)).toBe(true);
  const [third = new Uint8Array()] = await data.members(['i % 3 = 0']);
  expect(third.every((mark, at) => mark === Number(at % 3 === 0))).toBe(true);
  expect(await data.cells([199_999, 0, 123_456, 0], ['i', 's'])).toEqual([[199_999, 'row 199999'], [0, 'row 0'], [123_456, 'row 123456'], [0, 'row 0']]);
  const ids = await data.ids('s');
  expect(ids.every((id, at) => id === `row ${at}`)).toBe(true);
}

describe('rows come in their order', () => {
  const rows = `SELECT i, 'row ' || i AS s, i * 0.37 AS x, CASE WHEN i % 5 = 0 THEN E'a\\nb, "c"' ELSE repeat('z', (i % 50)::INT) END AS note FROM range(${ROWS}) t(i)`;

  it.each([
    ['a CSV file with line breaks in its texts', 'a.csv', `COPY (${rows}) TO 'FILE' (HEADER)`],
    ['a Parquet file of small groups', 'a.parquet', `COPY (${rows}) TO 'FILE' (ROW_GROUP_SIZE 2048)`],
    ['JSON lines', 'a.jsonl', `COPY (${rows}) TO 'FILE'`],
  ])('of %s', async (_, file, statement) => {
    await sql(statement.replace('FILE', at(file)));
    await inOrder(await open(file));
  });

  it('of many files, by their names', async () => {
    for (let part = 0; part < 8; part++) {
      const range = rows.replace(`range(${ROWS})`, `range(${part * 25_000}, ${(part + 1) * 25_000})`);
      await sql(`COPY (${range}) TO '${at(`p${part}.parquet`)}' (ROW_GROUP_SIZE 4096)`, `COPY (${range}) TO '${at(`c${part}.csv`)}' (HEADER)`);
    }
    await inOrder(await open('p*.parquet'));
    await inOrder(await open('c*.csv'));
  });
});

describe('data of ten times the memory', () => {
  const MEMORY = 12 * 2 ** 20;
  it.each([
    ['CSV', 'big.csv', `COPY (SELECT i, hash(i)::VARCHAR || hash(i + 1)::VARCHAR || hash(i + 2)::VARCHAR AS s, random() AS x, random() AS y FROM range(1350000) t(i)) TO 'FILE' (HEADER)`],
    ['Parquet', 'big.parquet', `COPY (SELECT i, hash(i)::VARCHAR || hash(i + 1)::VARCHAR || hash(i + 2)::VARCHAR AS s, random() AS x, random() AS y, md5(i::VARCHAR) AS z FROM range(1200000) t(i)) TO 'FILE' (COMPRESSION uncompressed, ROW_GROUP_SIZE 20480)`],
  ])('are read, looked through and searched: %s', async (_, file, statement) => {
    await sql(statement.replace('FILE', at(file)));
    expect(statSync(at(file)).size).toBeGreaterThan(10 * MEMORY);
    const data = await open(file, { options: { memory: MEMORY } });
    let rows = 0;
    for await (const { from, count, columns } of data.read({ columns: ['i', 'x'] })) {
      expect(columns['i']?.values[0]).toBe(from);
      rows += count;
    }
    expect(rows).toBe(data.rows);
    const [even] = await data.members(['i % 2 = 0 and x is not null']);
    expect(even?.reduce((sum, one) => sum + one, 0)).toBe(rows / 2);
    expect(await data.cells([rows - 1], ['i'])).toEqual([[rows - 1]]);
    expect((await data.frequent('s', 2)).map(({ count }) => count)).toEqual([1, 1]);
  }, 120_000);
});

describe('work on data', () => {
  it('is stopped where it is asked to, while reading, searching and opening', async () => {
    await sql(`COPY (SELECT i, random() AS x, md5(i::VARCHAR) AS s FROM range(2000000) t(i)) TO '${at('long.parquet')}'`, `COPY (SELECT * FROM read_parquet('${at('long.parquet')}')) TO '${at('long.csv')}'`);
    const data = await open('long.parquet');
    const reading = new AbortController();
    await expect((async () => {
      for await (const { from } of data.read({ columns: ['i', 's'], signal: reading.signal })) if (from > 100_000) reading.abort();
    })()).rejects.toMatchObject({ code: 'cancelled' });
    const searching = new AbortController();
    const slow = Array.from({ length: 40 }, (_, i) => `regexp_matches(s, '(a|b).*${i}.*(c|d).*e.*f')`);
    const began = performance.now();
    setTimeout(() => searching.abort(), 150);
    await expect(data.members(slow, searching.signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - began).toBeLessThan(5000);
    const opening = new AbortController();
    setTimeout(() => opening.abort(), 150);
    await expect(open('long.csv', { options: { signal: opening.signal } })).rejects.toMatchObject({ code: 'cancelled' });
    expect((await data.column('i')).values).toHaveLength(2_000_000);
  });

  it('leaves nothing behind', async () => {
    const before = readdirSync(temp).length;
    const data = await open('a.csv');
    expect(readdirSync(temp)).toHaveLength(before + 1);
    // A reader that goes away in the middle.
    for await (const batch of data.read({ columns: ['i'], batch: 1000 })) if (batch.from > 3000) break;
    await data[Symbol.asyncDispose]();
    expect(readdirSync(temp)).toHaveLength(before);
    await expect(open('a.csv', { types: { i: 'date' } })).rejects.toMatchObject({ code: 'bad_input' });
    expect(readdirSync(temp)).toHaveLength(before);
  });

  it('takes seconds at most for a million rows of ten columns', async () => {
    const file = at('wide.parquet');
    await sql(`COPY (SELECT i, random() AS a, random() AS b, (random() * 100)::INT AS c, (random() * 9)::INT AS d, random() < 0.5 AS e, 'cat' || (random() * 20)::INT AS f, round(random(), 2) AS g, random() AS h, i % 7 AS k FROM range(1000000) t(i)) TO '${file}'`);
    const data = await open('wide.parquet');
    const began = performance.now();
    let rows = 0;
    for await (const batch of data.read({ columns: data.columns.map(({ name }) => name) })) rows += batch.count;
    expect(rows).toBe(1_000_000);
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

it('a database of ours can be told to use several threads', async () => {
  const database = await createDatabase({ threads: 4 });
  expect(await database.use((session) => session.rows("SELECT current_setting('threads') AS n"))).toEqual([{ n: 4n }]);
  database.close();
  expect(existsSync(temp)).toBe(true);
});
