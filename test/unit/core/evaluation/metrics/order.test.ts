import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reals } from '../../../../../src/core/evaluation/metrics/columns';
import { ascending, hasNaN } from '../../../../../src/core/evaluation/metrics/order';

const byComparison = (values: Reals): number[] => Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
const ends = [-Infinity, -1e308, -1, -5e-324, -0, 0, 5e-324, 1e-40, 0.1, 1, 1e308, Infinity];

describe('rows in ascending order', () => {
  test('are what a stable comparison sort gives, for float64 and float32', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(...ends), fc.integer({ min: -3, max: 3 }));
    fc.assert(fc.property(fc.array(value, { maxLength: 200 }), (values) => {
      for (const column of [Float64Array.from(values), Float32Array.from(values)]) {
        // Infinity - Infinity is NaN, which `||` takes for a tie, as it is.
        expect(Array.from(ascending(column))).toEqual(byComparison(column));
      }
    }));
  });

  test('of many alike, of none, and of one', () => {
    expect(Array.from(ascending(new Float64Array(5).fill(0.1)))).toEqual([0, 1, 2, 3, 4]);
    expect(ascending(new Float64Array())).toHaveLength(0);
    expect(Array.from(ascending(Float64Array.of(3)))).toEqual([0]);
  });

  test('a NaN is found', () => {
    expect(hasNaN(Float32Array.of(1, NaN))).toBe(true);
    expect(hasNaN(Float64Array.of(1, Infinity))).toBe(false);
  });
});
