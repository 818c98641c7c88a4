import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile } from '../../../../../src/core/evaluation/intervals/bootstrap';
import { largestBounds } from '../../../../../src/core/evaluation/intervals/largest';
import { drawRows, random } from '../../../../../src/core/evaluation/intervals/random';

test('of a largest value the limits are those of the percentile bootstrap, drawn ever so often', () => {
  for (const rows of [1, 2, 3, 5, 40]) {
    const values = Float64Array.from({ length: rows }, (_, row) => (row * 7) % rows);
    const weights = new Uint16Array(rows);
    const drawn = Float64Array.from({ length: 4000 }, (_, replicate) => {
      drawRows(weights, random(3, replicate));
      return values.reduce((most, value, row) => ((weights[row] ?? 0) > 0 ? Math.max(most, value) : most), -Infinity);
    }).sort();
    expect(largestBounds(values), `${rows} rows`).toEqual([quantile(drawn, 0.025), quantile(drawn, 0.975)].map(Math.round));
  }
});

test('the order of the values makes no difference, and the upper limit is the largest', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }), fc.integer(), (values, seed) => {
    const found = largestBounds(Float64Array.from(values));
    const moved = values.map((value, at) => ({ value, key: Math.sin(seed + at) })).sort((a, b) => a.key - b.key).map(({ value }) => value);
    expect(largestBounds(Float64Array.from(moved))).toEqual(found);
    expect(found?.[1]).toBe(Math.max(...values));
    expect(values).toContain(found?.[0]);
  }));
});

test('of no values, and where one is no number, there is none', () => {
  expect(largestBounds(new Float64Array())).toBeNull();
  expect(largestBounds(Float64Array.of(1, NaN, 3))).toBeNull();
});
