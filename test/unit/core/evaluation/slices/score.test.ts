import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreBound, sliceScore } from '../../../../../src/core/evaluation/slices/score';

describe('scoreBound', () => {
  test('no part of a slice with enough rows scores above it', () => {
    const losses = fc.array(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 50, noNaN: true })), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(losses, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 100 }), (values, alpha, minSupport, others) => {
      const sum = values.reduce((a, b) => a + b, 0);
      fc.pre(sum > 0);
      const scale = { rows: values.length + others, mean: (sum + others * 0.5) / (values.length + others), alpha, minSupport };
      const bound = scoreBound(values.length, sum, Math.max(...values), scale);
      // The worst rows first: of each size, no part sums to more.
      const sorted = [...values].sort((a, b) => b - a);
      sorted.reduce((total, value, i) => {
        if (i + 1 >= minSupport && total + value > 0) expect(sliceScore(i + 1, total + value, scale)).toBeLessThanOrEqual(bound + 1e-9 * Math.max(1, Math.abs(bound)));
        return total + value;
      }, 0);
    }));
  });

  test('nothing qualifies that is too small or has no loss', () => {
    const scale = { rows: 100, mean: 0.5, alpha: 0.9, minSupport: 10 };
    expect(scoreBound(9, 9, 1, scale)).toBe(-Infinity);
    expect(scoreBound(10, 0, 0, scale)).toBe(-Infinity);
  });
});

describe('sliceScore', () => {
  test("is the paper's: the whole table scores 0, a slice by its loss and its size", () => {
    const scale = { rows: 100, mean: 0.1, alpha: 0.9, minSupport: 1 };
    expect(sliceScore(100, 10, scale)).toBeCloseTo(0, 12);
    expect(sliceScore(20, 6, scale)).toBeCloseTo(0.9 * (3 - 1) - 0.1 * (5 - 1), 12);
  });
});
