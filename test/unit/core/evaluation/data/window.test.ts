// Only the rows of a window of time, or those that a predicate holds for: whatever the form in which the time is written.
import { describe, expect, it } from 'vitest';
import { hasNoRows } from '../../../../../src/core/evaluation/data/no-rows';
import { momentOf, windowText } from '../../../../../src/core/evaluation/data/window';
import { bench, plain, sql } from './support';

const { dir, file, open, refused } = bench();
const DAY = 86_400;
// Twelve hourly rows from Monday 2026-11-02T00:00Z on, and one a day later.
const start = Date.parse('2026-11-02T00:00:00Z') / 1000;
const times = Array.from({ length: 12 }, (_, n) => start + n * 3600).concat(start + DAY);
const iso = (s: number): string => new Date(s * 1000).toISOString();
const written: Record<string, (s: number) => string> = {
  iso, 'iso without zone': (s) => iso(s).slice(0, 19), 'with a blank': (s) => iso(s).slice(0, 19).replace('T', ' '), 'in another zone': (s) => `${new Date((s + 3600) * 1000).toISOString().slice(0, 19)}+01:00`,
  seconds: String, milliseconds: (s) => String(s * 1000), 'seconds with a fraction': (s) => `${s}.25`, microseconds: (s) => `${s}000000`, nanoseconds: (s) => `${s}000000000`,
};
for (const [how, write] of Object.entries(written)) file(`${how}.csv`, `t,n\n${times.map((s, n) => `${write(s)},${n}`).join('\n')}\n`);
const window = { column: 't', from: '2026-11-02T03:00', to: '2026-11-02T06:00:00Z' };
const rowsOf = async (name: string, rest: Parameters<typeof open>[1]): Promise<unknown[]> => {
  const data = await open(name, rest);
  const n = plain(await data.column('n'));
  expect(data.rows).toBe(n.length);
  return n;
};

describe('a window', () => {
  it.each(Object.keys(written))('holds its rows where the time is %s: from is in it, to is not', async (how) => {
    expect(await rowsOf(`${how}.csv`, { window })).toEqual([3, 4, 5]);
    expect(await rowsOf(`${how}.csv`, { window, types: { t: 'string' } })).toEqual([3, 4, 5]);
  });

  it('takes moments of Parquet files as they are stored, and reads cells by the numbers that rows have in it', async () => {
    await sql(`COPY (SELECT make_timestamp((${start} + range * 3600) * 1000000) AS t, CAST(make_timestamp((${start} + range * 86400) * 1000000) AS DATE) AS d, make_timestamptz((${start} + range * 3600) * 1000000) AS z, range AS n FROM range(20)) TO '${dir}/a.parquet'`,
      `COPY (SELECT make_timestamp((${start} + range * 3600) * 1000000) AS t, CAST(make_timestamp((${start} + range * 86400) * 1000000) AS DATE) AS d, make_timestamptz((${start} + range * 3600) * 1000000) AS z, range + 100 AS n FROM range(20)) TO '${dir}/b.parquet'`);
    const both = ['a.parquet', 'b.parquet'];
    const data = await open(both, { window });
    expect(plain(await data.column('n'))).toEqual([3, 4, 5, 103, 104, 105]);
    expect(await data.cells([5, 0, 3], ['n'])).toEqual([[105], [3], [103]]);
    await expect(data.cells([6], ['n'])).rejects.toMatchObject({ message: 'the data have no row 6' });
    expect((await data.members(['n > 100']))[0]).toEqual(Uint8Array.of(0, 0, 0, 1, 1, 1));
    expect((await data.ids('n'))).toEqual(['3', '4', '5', '103', '104', '105']);
    expect(plain(await (await open(both, { window: { column: 'd', from: '2026-11-03', to: '2026-11-05' }, where: 'n < 100' })).column('n'))).toEqual([1, 2]);
    expect(plain(await (await open('a.parquet', { window: { ...window, column: 'z' } })).column('n'))).toEqual([3, 4, 5]);
  });

  it('holds only some days and hours where they are named, in UTC', async () => {
    expect(await rowsOf('iso.csv', { window: { column: 't', weekdays: [2] } })).toEqual([12]);
    expect(await rowsOf('seconds.csv', { window: { column: 't', hours: [0, 11] } })).toEqual([0, 11, 12]);
    expect(await rowsOf('iso.csv', { window: { column: 't', weekdays: [1], hours: [0] } })).toEqual([0]);
  });

  it('may be of the future, and is open where a side is left out', async () => {
    file('future.csv', 't,n\n2999-01-01T00:00:00Z,1\n2026-01-01T00:00:00Z,2\n');
    expect(await rowsOf('future.csv', { window: { column: 't', from: '2990-01-01' } })).toEqual([1]);
    expect(await rowsOf('future.csv', { window: { column: 't', to: '2990-01-01' } })).toEqual([2]);
  });

  it('leaves out rows without a time', async () => {
    file('gaps.csv', 't,n\n2026-11-02T01:00:00Z,1\n,2\n');
    expect(await rowsOf('gaps.csv', { window: { column: 't' } })).toEqual([1]);
  });

  it('that is empty says which it was and what times there are, apart from other bad input', async () => {
    const error = await refused('iso.csv', { window: { column: 't', from: '2027-01-01', to: '2027-02-01' } });
    expect(error).toMatchObject({ code: 'bad_input', hint: 't goes from 2026-11-02 00:00:00 to 2026-11-03 00:00:00 (UTC)' });
    expect(error.message).toContain('there are no rows of t from 2027-01-01 to 2027-02-01');
    expect(hasNoRows(error)).toBe(true);
    expect(hasNoRows(await refused('iso.csv', { where: 'n > 100' }))).toBe(true);
    expect(hasNoRows(await refused('iso.csv', { where: 'm > 100' }))).toBe(false);
    file('timeless.csv', 't,n\n,1\n,2\n');
    expect(await refused('timeless.csv', { window: { column: 't' }, types: { t: 'time' } })).toMatchObject({ hint: 't is missing in every row' });
  });

  it('names row and cell of what is no time, and a column that can hold none', async () => {
    file('bad.csv', 't,n\n2026-11-02T01:00:00Z,1\nsoon,2\n');
    expect((await refused('bad.csv', { window })).message).toMatch(/bad\.csv, line 3, column t: "soon" is no time$/);
    file('huge.csv', 't,n\n1.5,1\ninf,2\n');
    expect((await refused('huge.csv', { window })).message).toMatch(/line 3, column t: "inf" is no time$/);
    await sql(`COPY (SELECT * FROM (VALUES ('2026-11-02', 1), ('yesterday', 2)) AS rows(t, n)) TO '${dir}/bad.parquet'`);
    expect((await refused('bad.parquet', { window })).message).toMatch(/bad\.parquet, row 2, column t: "yesterday" is no time$/);
    file('truth.csv', 't,n\nTrue,1\nFalse,2\n');
    expect(await refused('truth.csv', { window })).toMatchObject({ message: 'column t is bool: it tells no time' });
    expect(await refused('iso.csv', { window: { column: 'tt' } })).toMatchObject({ code: 'not_found', hint: 'did you mean t?' });
  });

  it('has bounds that are moments, the first before the last', async () => {
    expect(await refused('iso.csv', { window: { column: 't', from: 'Monday' } })).toMatchObject({ message: "the window of t, from: 'Monday' is no moment" });
    expect(await refused('iso.csv', { window: { column: 't', from: '2026-11-03', to: '2026-11-02' } })).toMatchObject({ message: 'the window of t ends (2026-11-02) before it begins (2026-11-03)' });
    const noon = Date.parse('2026-01-31T12:00:00Z');
    for (const said of ['2026-01-31T12:00', '2026-01-31 12:00:00', '2026-01-31T12:00:00.000Z', '2026-01-31T13:00:00+01:00', '2026-01-31T13:00+01', '2026-01-31T07:00:00-0500']) expect(momentOf(said, 'x')).toBe(noon);
    expect(momentOf('2026-01-31', 'x')).toBe(Date.parse('2026-01-31T00:00:00Z'));
    expect(windowText({ column: 't', from: '2026-01-31', weekdays: [1], hours: [8, 9] })).toBe('t from 2026-01-31, on Mondays, in the hours 8, 9');
  });
});

describe('a predicate on the data', () => {
  it('keeps its rows, within the window where there is one', async () => {
    expect(await rowsOf('iso.csv', { where: 'n % 5 = 0' })).toEqual([0, 5, 10]);
    expect(await rowsOf('iso.csv', { where: 'n % 5 = 0', window })).toEqual([5]);
    expect(await refused('iso.csv', { where: 'n >' })).toMatchObject({ code: 'bad_input' });
    expect((await refused('iso.csv', { where: "cast(t as int) > 1", types: { t: 'string' } })).message).toContain('it fails on a row');
    expect((await refused('iso.csv', { where: "n in (select 1)" })).message).toContain('no subquery');
  });
});

describe('the digest', () => {
  it('is another for another window or predicate, the same for the same written otherwise, and as it was without one', async () => {
    const digest = async (rest: Parameters<typeof open>[1]): Promise<string> => (await open('iso.csv', rest)).digest;
    const [all, part] = [await digest({}), await digest({ window })];
    expect(part).not.toBe(all);
    expect(await digest({ window: { ...window, from: '2026-11-02T03:00:00.000Z' } })).toBe(part);
    expect(await digest({ window: { ...window, to: '2026-11-02T07:00:00Z' } })).not.toBe(part);
    expect(await digest({ window, where: 'n > 3' })).not.toBe(part);
    expect(await digest({ window: { ...window, hours: [3, 4] } })).toBe(await digest({ window: { ...window, hours: [4, 3] } }));
  });
});

describe('Parquet files of a log', () => {
  it('may lack columns that others have only where that is asked for', async () => {
    await sql(`COPY (SELECT 1 AS a, 2.5 AS b) TO '${dir}/old.parquet'`, `COPY (SELECT 2 AS a, 'x' AS c) TO '${dir}/young.parquet'`);
    const both = ['old.parquet', 'young.parquet'];
    expect((await refused(both)).message).toContain('has a column c that');
    const data = await open(both, { union: true });
    expect(await data.cells([0, 1], ['a', 'b', 'c'])).toEqual([[1, 2.5, null], [2, null, 'x']]);
  });
});
