import fc from 'fast-check';
import { expect, it } from 'vitest';
import { uncertaintyOf, uncertaintyOfScore } from '../../../../../src/core/monitoring/review/uncertainty';

it('is 1 where the likeliest two are even, 0 where one is certain, and falls as the lead grows', () => {
  expect(uncertaintyOf([0.5, 0.5])).toMatchObject({ margin: 1, entropy: 1 });
  expect(uncertaintyOf([0, 1, 0])).toEqual({ margin: 0, entropy: 0 });
  expect(uncertaintyOf([0.6, 0.3, 0.1])?.margin).toBeCloseTo(0.7, 12);
  expect(uncertaintyOfScore(0.9)?.margin).toBeCloseTo(0.2, 12);
  expect([uncertaintyOf([1]), uncertaintyOf([0.5, NaN]), uncertaintyOf([0, 0]), uncertaintyOfScore(1.5), uncertaintyOfScore(NaN)]).toEqual([null, null, null, null, null]);
});

it('doesn\'t hang on the order of the classes, nor on what the probabilities sum to', () => {
  const p = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 });
  fc.assert(fc.property(p, fc.double({ min: 0.1, max: 10, noNaN: true }), (all, by) => {
    const found = uncertaintyOf(all);
    for (const other of [uncertaintyOf([...all].reverse()), uncertaintyOf(all.map((one) => one * by))]) {
      expect(other?.margin).toBeCloseTo(found?.margin ?? NaN, 9);
      expect(other?.entropy).toBeCloseTo(found?.entropy ?? NaN, 9);
    }
    expect(found?.margin).toBeGreaterThanOrEqual(0);
    expect(found?.entropy).toBeLessThanOrEqual(1);
  }));
});
