import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalScale } from '../../../../webview/shared/interval-scale';

describe('intervalScale', () => {
  it('keeps order and stays within the bar', () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 2 }), (values) => {
      const scale = intervalScale(values, { zero: true });
      const sorted = [...values].sort((a, b) => a - b).map((value) => scale?.at(value) ?? NaN);
      expect(sorted.every((place, at) => place >= 0 && place <= 1 && (at === 0 || place >= (sorted[at - 1] ?? 0)))).toBe(true);
    }));
  });
  it('has no scale without a finite value', () => expect(intervalScale([null, NaN, Infinity])).toBeNull());
  it('puts a lone value in the middle', () => expect(intervalScale([3])?.at(3)).toBeCloseTo(0.5));
});
