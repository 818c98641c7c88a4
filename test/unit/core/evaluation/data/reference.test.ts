import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../../../src/protocol/evaluation/request';
import { bench, plain } from './support';

const { open } = bench();
const cases = path.resolve(import.meta.dirname, '../../../../fixtures/reference');
const names = readdirSync(cases).filter((name) => /^p\d/.test(name));

describe.each(names)('%s', (name) => {
  const { columns: types } = JSON.parse(readFileSync(path.join(cases, name, 'case.json'), 'utf8')) as { columns: Record<string, ColumnType> };
  it.each(['reference', 'current'])('has the same typed columns from CSV and Parquet, declared or found: %s', async (part) => {
    const file = (ending: string): string => path.join(cases, name, `${part}.${ending}`);
    const parquet = await open(file('parquet'));
    for (const csv of [await open(file('csv')), await open(file('csv'), { types })]) {
      expect(csv.columns.map((one) => [one.name, one.type])).toEqual(parquet.columns.map((one) => [one.name, one.type]));
      expect(csv.rows).toBe(parquet.rows);
      expect(await csv.missing()).toEqual(await parquet.missing());
      for (const column of parquet.columns) expect(plain(await csv.column(column.name)).join('\u0001'), column.name).toBe(plain(await parquet.column(column.name)).join('\u0001'));
      expect((await csv.ids(undefined)).join()).toBe((await parquet.ids(undefined)).join());
    }
    expect(Object.fromEntries(parquet.columns.map((one) => [one.name, one.type]))).toEqual(types);
  });
});
