// What a panel draws of a column, and which rows it shows as new.
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { driftColumn } from '../../../../../src/core/monitoring/jobs/drift-column';
import { driftExamples } from '../../../../../src/core/monitoring/jobs/drift-examples';
import type { JobParams } from '../../../../../src/core/evaluation/process/jobs';
import type { ColumnPicture } from '../../../../../src/protocol/drift';
import { bench } from '../../evaluation/data/support';

const { dir, temp, file } = bench();
const watch = { signal: new AbortController().signal, progress: () => undefined };
const spec = (name: string): { files: string[]; types: Record<string, never> } => ({ files: [name], types: {} });
const sides = { reference: spec('before.csv'), current: spec('now.csv') };
const place = { workspace: dir, temp, python: null };
const column = (name: string, rest: Partial<JobParams<'driftColumn'>> = {}): Promise<ColumnPicture> => {
  mkdirSync(temp, { recursive: true });
  return driftColumn({ ...place, sides, column: name, bins: 20, ...rest }, watch);
};
const examples = (rest: Partial<JobParams<'driftExamples'>> = {}): ReturnType<typeof driftExamples> => {
  mkdirSync(temp, { recursive: true });
  return driftExamples({ ...place, sides, limit: 4, ...rest }, watch);
};
const rows = (n: number, of: (row: number) => (string | number)[]): string => Array.from({ length: n }, (_, row) => of(row).join(',')).join('\n');
file('before.csv', `income,stars,region,group,same,date\n${rows(400, (n) => [n / 4, n % 5, n % 3 === 0 ? 'north' : 'south', n % 2, 7, '2026-01-01'])}\n`);
file('now.csv', `income,stars,region,group,same,date\n${rows(200, (n) => [n === 5 ? 1e6 : n === 6 ? '' : n / 4 + 20, n % 5, n === 7 || n === 8 ? 'moon' : n % 3 === 0 ? 'north' : 'south', n % 2, 7, '2026-01-01'])}\n`);

describe('a column as it is drawn', () => {
  it('has both sides in the same bins, with what is outermost in the outer ones', async () => {
    const picture = await column('income');
    expect(picture).toMatchObject({ type: 'numeric', rows: { reference: 400, current: 200 }, missing: { reference: 0, current: 1 }, categories: null });
    expect(picture.histogram?.edges).toHaveLength(21);
    expect(picture.histogram?.reference.reduce((sum, count) => sum + count, 0)).toBe(400);
    expect(picture.histogram?.current.reduce((sum, count) => sum + count, 0)).toBe(199);
    expect(picture.quantiles?.reference.map((value) => Number(value.toFixed(4)))).toEqual([0, 4.9875, 24.9375, 49.875, 74.8125, 94.7625, 99.75]);
    expect(picture.ecdf?.reference.at(0)).toEqual([0, 1 / 400]);
    expect(picture.ecdf?.current.at(-1)).toEqual([1e6, 1]);
    expect(picture.ecdf?.reference.length).toBeLessThanOrEqual(201);
  });

  it('gives few whole numbers a bin each, and a single value one around it', async () => {
    expect((await column('stars')).histogram).toEqual({ edges: [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5], reference: [80, 80, 80, 80, 80], current: [40, 40, 40, 40, 40] });
    expect((await column('same')).histogram).toEqual({ edges: [6.5, 7.5], reference: [400], current: [200] });
  });

  it('has bars of categories, the most frequent first, also of numbers that are names', async () => {
    expect(await column('region')).toMatchObject({ type: 'categorical', histogram: null, categories: [{ value: 'south', reference: 266, current: 131 }, { value: 'north', reference: 134, current: 67 }, { value: 'moon', reference: 0, current: 2 }], others: { reference: 0, current: 0, values: 0 } });
    expect((await column('group', { categorical: true })).categories).toEqual([{ value: '0', reference: 200, current: 100 }, { value: '1', reference: 200, current: 100 }]);
  });

  it('may be of a slice only, which may be empty on a side', async () => {
    expect(await column('region', { where: 'income > 99' })).toMatchObject({ rows: { reference: 3, current: 1 } });
    const moon = await column('income', { where: "region = 'moon'" });
    expect(moon).toMatchObject({ rows: { reference: 0, current: 2 }, quantiles: { reference: [] } });
    expect((await column('income', { where: 'income < -1' })).histogram).toBeNull();
  });

  it('is refused by name where a side lacks it, or it names things', async () => {
    await expect(column('incom')).rejects.toMatchObject({ code: 'not_found', hint: 'did you mean income?' });
  });
});

describe('rows that are new', () => {
  it('come in turn by what is new in them, with why, and then those that are unusual', async () => {
    const found = await examples();
    expect(found.columns).toEqual(['income', 'stars', 'region', 'group', 'same', 'date']);
    expect(Object.fromEntries(found.rows.map(({ row, why }) => [row, why]))).toEqual({
      5: ['income: 1000000 is above 99.75'], 6: ['income is missing, which it never was'], 7: ["region: 'moon' is new"], 8: ["region: 'moon' is new"],
    });
    expect(new Set(found.rows.slice(0, 3).map(({ why }) => why[0]?.split(':')[0]))).toEqual(new Set(['income', 'income is missing, which it never was', 'region']));
    expect(found.rows.find(({ row }) => row === 5)?.cells).toEqual({ income: 1e6, stars: 0, region: 'south', group: 1, same: 7, date: '2026-01-01' });
    for (const { score } of found.rows) expect(score).toBeGreaterThanOrEqual(0);
  });

  it('are only looked for in the columns named, and end with the unusual', async () => {
    const found = await examples({ columns: ['stars', 'income'], limit: 6 });
    expect(found.rows).toHaveLength(2);
    expect(found.columns).toEqual(['stars', 'income']);
    await expect(examples({ columns: ['nothing'] })).rejects.toMatchObject({ code: 'not_found' });
  });
});
