import { describe, expect, it } from 'vitest';
import { overlap } from '../../../../../src/core/evaluation/data/overlap';
import { bench, sql } from './support';
import path from 'node:path';

const { file, open, dir } = bench();
const columns = ['n', 'x', 'word', 'ok'];

describe('rows seen in training', () => {
  it('are found where all shared features are the same, whatever the types of the files', async () => {
    file('eval.csv', 'id,n,x,word,ok,label\n1,5,1.5,a,True,0\n2,6,2,b,False,0\n3,7,,,True,1\n4,8,0,c,,1\n5,5,1.5,a,True,1\n');
    await sql(`COPY (SELECT * FROM (VALUES (9.0::DOUBLE, 1::INT, 'z', true), (5, 1.5, 'a', true), (7, NULL, NULL, true), (8, -0.0, 'c', NULL), (6, 2, NULL, false)) t(n, x, word, ok)) TO '${path.join(dir, 'train.parquet')}'`);
    const [data, training] = [await open('eval.csv'), await open('train.parquet')];
    expect(await overlap(data, training, { columns: [...columns, 'other'] })).toEqual({ columns, exact: { count: 4, rows: [0, 2, 3, 4] }, near: { count: 0, rows: [] } });
  });

  it('are nearly the same where they differ beyond the third digit, in case or in spaces', async () => {
    file('one.csv', 'n,x,word,ok\n1234,0.012345,Abc,True\n5,100,x,True\n5,100,y,True\n-7,0,z,False\n');
    file('two.csv', 'n,x,word,ok\n1233,0.012349, abc ,True\n5,101,x,True\n5,100,y,True\n7,0,z,False\n');
    expect(await overlap(await open('one.csv'), await open('two.csv'), { columns })).toEqual({ columns, exact: { count: 1, rows: [2] }, near: { count: 1, rows: [0] } });
  });

  it('are compared over nothing where no column is shared', async () => {
    file('a.csv', 'n\n1\n');
    file('b.csv', 'm\n1\n');
    expect(await overlap(await open('a.csv'), await open('b.csv'), { columns: ['n', 'm'] })).toBeNull();
  });

  it('are counted all and listed first, among many', async () => {
    const rows = (from: number): string => `COPY (SELECT i AS n, sin(i) AS x, 'w' || (i % 97) AS word FROM range(${from}, ${from + 50_000}) t(i)) TO '${path.join(dir, `${from}.parquet`)}'`;
    await sql(rows(0), rows(30_000));
    const found = await overlap(await open('0.parquet'), await open('30000.parquet'), { columns: ['n', 'x', 'word'] });
    expect(found).toMatchObject({ exact: { count: 20_000 }, near: { count: 0 } });
    expect(found?.exact.rows).toEqual(Array.from({ length: 100 }, (_, i) => 30_000 + i));
  });
});
