import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodedColumn } from '../../../../../src/core/evaluation/slices/column';
import { searchSlices } from '../../../../../src/core/evaluation/slices/sliceline';
import type { Slice } from '../../../../../src/core/evaluation/slices/top';
import { bruteForce, column } from './tables';

const keyOf = (columns: readonly CodedColumn[], { columns: at, codes }: Slice): string =>
  at.map((c, i) => `${columns[c]?.name}=${codes[i]}`).join(' & ');

const loss = fc.oneof(fc.constantFrom(0, 1), fc.constantFrom(0, 0, 0, 1, 2, 5), fc.double({ min: 0, max: 100, noNaN: true }));
const table = fc.integer({ min: 1, max: 60 }).chain((rows) => fc.record({
  columns: fc.array(fc.integer({ min: 0, max: 4 }).chain((most) => fc.array(fc.integer({ min: 0, max: most }), { minLength: rows, maxLength: rows })), { minLength: 1, maxLength: 5 }),
  losses: fc.oneof(fc.array(fc.constantFrom(0, 0, 1), { minLength: rows, maxLength: rows }), fc.array(loss, { minLength: rows, maxLength: rows })),
  settings: fc.record({
    alpha: fc.constantFrom(0.5, 0.8, 0.95, 0.99, 1), k: fc.integer({ min: 1, max: 12 }), minSupport: fc.integer({ min: 1, max: 8 }),
    depth: fc.integer({ min: 1, max: 4 }), maxTies: fc.constant(100_000),
  }),
}));
const read = ({ columns, losses }: { columns: number[][]; losses: number[] }): [CodedColumn[], Float64Array] =>
  [columns.map((codes, c) => column(`c${c}`, codes)), Float64Array.from(losses)];

describe('searchSlices', () => {
  test('finds the same slices as trying all of them', () => {
    fc.assert(fc.property(table, (drawn) => {
      const [columns, losses] = read(drawn);
      const found = searchSlices(columns, losses, drawn.settings).slices;
      const expected = bruteForce(columns, losses, drawn.settings);
      expect(found.map((slice) => keyOf(columns, slice)).sort()).toEqual(expected.map(({ key }) => key).sort());
      const byKey = new Map(expected.map((slice) => [slice.key, slice]));
      for (const slice of found) {
        const plain = byKey.get(keyOf(columns, slice));
        expect(slice.size).toBe(plain?.size);
        expect(slice.sum).toBeCloseTo(plain?.sum ?? NaN, 9);
        expect(slice.score).toBeCloseTo(plain?.score ?? NaN, 9);
      }
    }), { numRuns: 1500 });
  });
});
