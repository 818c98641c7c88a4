import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binByEdges } from '../../../../../src/core/evaluation/slices/binning';
import { codeCategories } from '../../../../../src/core/evaluation/slices/coding';
import { familiesOf, jaccard, rowsOf } from '../../../../../src/core/evaluation/slices/membership';
import { sliceLabel, slicePredicate } from '../../../../../src/core/evaluation/slices/predicate';
import { divideRows } from '../../../../../src/core/evaluation/slices/split';

const columns = [binByEdges('age', Float64Array.of(10, 60, 70, 80, NaN), [60, 75]), codeCategories('the "region"', ["l'Est", 'north', 'north', null, 'north'])];
const of = (...rows: number[]): Int32Array => Int32Array.from(rows);

describe('rowsOf', () => {
  test('are the rows with every code; without columns all', () => {
    expect([...rowsOf(columns, { columns: [0, 1], codes: [1, 1] }, 5)]).toEqual([2]);
    expect([...rowsOf(columns, { columns: [], codes: [] }, 3)]).toEqual([0, 1, 2]);
  });
});

describe('jaccard', () => {
  test('is both over either', () => {
    const rows = fc.uniqueArray(fc.integer({ min: 0, max: 15 })).map((all) => of(...all.sort((a, b) => a - b)));
    fc.assert(fc.property(rows, rows, (a, b) => {
      const both = [...a].filter((row) => b.includes(row)).length;
      const either = new Set([...a, ...b]).size;
      expect(jaccard(a, b)).toBeCloseTo(either === 0 ? 0 : both / either, 12);
    }));
  });
});

describe('familiesOf', () => {
  test('the best stands for those that overlap it enough; the others begin their own', () => {
    const families = familiesOf([of(1, 2, 3, 4), of(1, 2, 3), of(7, 8), of(4, 5, 6), of(7, 8), of()], 0.5);
    expect(families).toEqual([
      { representative: 0, members: [0, 1], overlap: [1, 0.75] }, { representative: 2, members: [2, 4], overlap: [1, 1] },
      { representative: 3, members: [3], overlap: [1] }, { representative: 5, members: [5], overlap: [1] },
    ]);
  });

  test('each slice is in one family, and no two representatives overlap that much', () => {
    const slices = fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1 }).map((all) => of(...all.sort((a, b) => a - b))), { maxLength: 12 });
    fc.assert(fc.property(slices, (rows) => {
      const families = familiesOf(rows, 0.4);
      expect(families.flatMap(({ members }) => members).sort((a, b) => a - b)).toEqual(rows.map((_, at) => at));
      const best = families.map(({ representative }) => rows[representative] ?? of());
      best.forEach((one, i) => best.slice(0, i).forEach((other) => { expect(jaccard(one, other)).toBeLessThan(0.4); }));
    }));
  });
});

describe('a found slice as words', () => {
  test('its label is as in reference files', () => {
    expect(sliceLabel(columns, { columns: [0, 1], codes: [0, 2] })).toBe('age=b0 & the "region"=missing');
  });

  test('its predicate is plain SQL, names and texts quoted', () => {
    expect(slicePredicate(columns, { columns: [0, 1], codes: [1, 0] })).toBe(`"age" > 60 and "age" <= 75 and "the ""region""" = 'l''Est'`);
    expect(slicePredicate(columns, { columns: [0], codes: [0] })).toBe('"age" <= 60');
    expect(slicePredicate(columns, { columns: [0, 1], codes: [3, 2] })).toBe('"age" is null and "the ""region""" is null');
    expect(slicePredicate([binByEdges('x', Float64Array.of(1), [])], { columns: [0], codes: [0] })).toBe('"x" is not null');
  });
});

describe('divideRows', () => {
  test('each row is in one part, the same for the same seed', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 1e9 }), (rows, seed) => {
      const { search, check } = divideRows(rows, seed, 0.3);
      expect(search).toHaveLength(Math.round(rows * 0.3));
      expect([...search, ...check].sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, row) => row));
      expect(divideRows(rows, seed, 0.3)).toEqual({ search, check });
    }));
    expect(divideRows(100, 1).search).not.toEqual(divideRows(100, 2).search);
  });
});
