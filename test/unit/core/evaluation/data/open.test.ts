import { describe, expect, it } from 'vitest';
import { bench } from './support';

const { file, open } = bench();
file('rows.csv', 'id,word,n,x,ok\n7,a,1,0.5,True\n7,b,2,,False\n,a,3,inf,\n9,,1,2,True\n7#2,a,1,0.5,True\n7,a,1,0.5,True\n');

describe('an open data set', () => {
  it('is read in batches of the asked size, with the asked columns', async () => {
    const data = await open('rows.csv');
    const batches = [];
    for await (const { from, count, columns } of data.read({ columns: ['n'], batch: 4 })) batches.push([from, count, [...(columns['n']?.values ?? [])]]);
    expect(batches).toEqual([[0, 4, [1, 2, 3, 1]], [4, 2, [1, 1]]]);
    const none = [];
    for await (const { from, count, columns } of data.read({ columns: [], batch: 5 })) none.push([from, count, columns]);
    expect(none).toEqual([[0, 5, {}], [5, 1, {}]]);
  });

  it('may be read by several at a time', async () => {
    const data = await open('rows.csv');
    const one = data.read({ columns: ['n'], batch: 2 })[Symbol.asyncIterator]();
    const other = data.read({ columns: ['word'], batch: 2 })[Symbol.asyncIterator]();
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push([...((await one.next()).value?.columns['n']?.values ?? [])].join(''), [...((await other.next()).value?.columns['word']?.values ?? [])].join(''), (await data.column('x')).values.length);
    expect(seen).toEqual(['12', 'ab', 6, '31', 'a', 6, '11', 'aa', 6]);
  });

  it('names the column that was meant', async () => {
    const data = await open('rows.csv');
    await expect(data.column('wrd')).rejects.toMatchObject({ code: 'not_found', hint: 'did you mean word?' });
    await expect(data.cells([0], ['nn'])).rejects.toMatchObject({ code: 'not_found' });
    await expect(data.cells([6], ['n'])).rejects.toMatchObject({ code: 'not_found', message: 'the data have no row 6' });
  });

  it('gives cells in the order asked, as JSON can hold them', async () => {
    const data = await open('rows.csv');
    expect(await data.cells([2, 0, 2], ['x', 'ok', 'id', 'word'])).toEqual([['Infinity', null, null, 'a'], [0.5, true, '7', 'a'], ['Infinity', null, null, 'a']]);
    expect(await data.cells([], ['x'])).toEqual([]);
  });

  it('counts the most frequent values', async () => {
    const data = await open('rows.csv');
    expect(await data.frequent('word', 5)).toEqual([{ value: 'a', count: 4 }, { value: 'b', count: 1 }]);
    expect(await data.frequent('ok', 1)).toEqual([{ value: 'True', count: 4 }]);
    expect(await data.frequent('n', 2)).toEqual([{ value: '1', count: 4 }, { value: '2', count: 1 }]);
  });

  it('calls every row by a name of its own, that stays when rows come and go', async () => {
    const data = await open('rows.csv');
    const ids = await data.ids('id');
    expect(ids).toEqual(['7', '7#3', expect.stringMatching(/^[0-9a-f]{20}$/), '9', '7#2', '7#4']);
    const hashes = await data.ids(undefined);
    expect(new Set(hashes).size).toBe(6);
    file('fewer.csv', 'word,id,ok,x,n\n,9,True,2,1\nb,7,False,,2\n');
    expect(await (await open('fewer.csv', { types: { id: 'string' } })).ids(undefined)).toEqual([hashes[3], hashes[1]]);
    file('twins.csv', 'a,b\nx,\nx,\nx,""\n');
    const [one, two, three] = await (await open('twins.csv', { types: { b: 'string' } })).ids(undefined);
    expect(two).toBe(`${one}#2`);
    expect(three).not.toContain(one);
  });
});

describe('values of an open data set', () => {
  it('are counted by value, within a predicate where there is one, missing ones too', async () => {
    const data = await open('rows.csv');
    const counted = async (column: string, where?: string): Promise<Record<string, number>> => {
      const found: Record<string, number> = {};
      for await (const { values, counts } of data.groups(column, { where })) counts.forEach((count, at) => { found[values.missing?.[at] ? 'missing' : String(values.values[at])] = count; });
      return found;
    };
    expect(await counted('word')).toEqual({ a: 4, b: 1, missing: 1 });
    expect(await counted('n', "word = 'a'")).toEqual({ 1: 3, 3: 1 });
    expect(await counted('ok', 'n = 100')).toEqual({});
  });

  it('are drawn by chance, the same for the same seed, and all where there are few', async () => {
    file('many.csv', `n\n${Array.from({ length: 5000 }, (_, n) => n).join('\n')}\n`);
    const data = await open('many.csv');
    const some = await data.sample(['n'], { most: 500, seed: 1 });
    expect(some.rows.length).toBeGreaterThan(400);
    expect(some.rows.length).toBeLessThan(600);
    expect([...(some.columns['n']?.values ?? [])]).toEqual([...some.rows]);
    expect(await data.sample(['n'], { most: 500, seed: 1 })).toEqual(some);
    expect((await data.sample(['n'], { most: 500, seed: 2 })).rows).not.toEqual(some.rows);
    expect((await data.sample([], { most: 5000, seed: 1 })).rows).toHaveLength(5000);
  });

  it('are read within a predicate where one is given', async () => {
    const data = await open('rows.csv');
    for await (const { count, columns } of data.read({ columns: ['n'], where: "word = 'a'" })) expect([count, ...(columns['n']?.values ?? [])]).toEqual([4, 1, 3, 1, 1]);
  });
});
