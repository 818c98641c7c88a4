import fc from 'fast-check';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readColumns, writeColumns } from '../../../../../src/core/evaluation/data/columnar';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { bench, plain } from './support';

const { dir, open } = bench();
const at = (name: string): string => path.join(dir, name);
const floats = (...values: number[]): Values => ({ type: 'float', values: new Float64Array(values), missing: null });

describe('columns in a file', () => {
  it('come back as they were written', async () => {
    const columns: Record<string, Values> = {
      'a "name"': floats(1.5, -0, 1e300), none: { type: 'float', values: new Float64Array([1, NaN, 3]), missing: new Uint8Array([0, 1, 0]) },
      whole: { type: 'int', values: new Float64Array([1, NaN, -3]), missing: new Uint8Array([0, 1, 0]) },
      big: { type: 'int', values: new Float64Array([2 ** 62, 1, 0]), big: new BigInt64Array([2n ** 62n + 1n, 1n, 0n]), missing: null },
      truth: { type: 'bool', values: new Uint8Array([1, 0, 0]), missing: new Uint8Array([0, 0, 1]) }, words: { type: 'string', values: ['ä', '', ''], missing: new Uint8Array([0, 0, 1]) },
      day: { type: 'date', values: ['2026-01-31', '', '2026-02-01'], missing: new Uint8Array([0, 1, 0]) },
    };
    await writeColumns(at('a.parquet'), columns);
    const back = await readColumns(at('a.parquet'));
    expect(back.rows).toBe(3);
    expect(Object.keys(back.columns)).toEqual(Object.keys(columns));
    expect(back.columns).toEqual({ ...columns, day: { ...columns['day'], type: 'string' } });
    expect(Object.keys((await readColumns(at('a.parquet'), ['truth', 'big'])).columns)).toEqual(['truth', 'big']);
    expect((await open('a.parquet')).rows).toBe(3);
  });

  it('hold every double, text and gap, in rows of many chunks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 1, maxLength: 50 }), fc.array(fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\u0000') && !/\p{Surrogate}/u.test(text))), { minLength: 1, maxLength: 50 }), async (numbers, texts) => {
      const rows = 5000;
      const number = Array.from({ length: rows }, (_, i) => numbers[i % numbers.length] ?? null);
      const text = Array.from({ length: rows }, (_, i) => texts[i % texts.length] ?? null);
      const marks = (all: readonly unknown[]): Uint8Array => Uint8Array.from(all, (one) => Number(one === null));
      await writeColumns(at('p.parquet'), { number: { type: 'float', values: Float64Array.from(number, (one) => one ?? NaN), missing: marks(number) }, text: { type: 'string', values: text.map((one) => one ?? ''), missing: marks(text) } });
      const { columns } = await readColumns(at('p.parquet'));
      expect(plain(columns['number'] as Values)).toEqual(number);
      expect(plain(columns['text'] as Values)).toEqual(text);
    }), { numRuns: 5 });
  });

  it('may have no rows', async () => {
    await writeColumns(at('none.parquet'), { a: floats() });
    expect(await readColumns(at('none.parquet'))).toEqual({ rows: 0, columns: { a: floats() } });
  });

  it('are written whole or not at all', async () => {
    await expect(writeColumns(at('odd.parquet'), { a: floats(1), b: floats(1, 2) })).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining('column b has 2 rows, the first one 1') as string });
    await expect(writeColumns(at('odd.parquet'), {})).rejects.toMatchObject({ code: 'bad_input' });
    await expect(writeColumns(path.join(dir, 'no', 'such', 'x.parquet'), { a: floats(1) })).rejects.toMatchObject({ name: 'RunyardError' });
    expect(existsSync(at('odd.parquet'))).toBe(false);
    expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('that are not there are named', async () => {
    await writeColumns(at('b.parquet'), { a: floats(1) });
    await expect(readColumns(at('b.parquet'), ['z'])).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('no column z') as string });
    await expect(readColumns(at('missing.parquet'))).rejects.toMatchObject({ code: 'not_found' });
  });
});
