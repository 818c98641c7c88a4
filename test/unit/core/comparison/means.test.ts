import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as describeValues, meanInterval, welch } from '../../../../src/core/comparison/means';
import figures from '../../../fixtures/student.json';

const sample = (values: readonly number[]) => describeValues(Float64Array.from(values));
const near = (found: number | undefined, wanted: number, scale = Math.abs(wanted)): void => expect(Math.abs((found ?? NaN) - wanted), `${found} for ${wanted}`).toBeLessThanOrEqual(1e-9 * Math.max(scale, 1e-300));

test("intervals of means agree with SciPy's to 1e-9", () => {
  for (const { values, confidence, mean, sd, low, high } of figures.mean) {
    const found = sample(values);
    near(found.mean, mean);
    near(found.sd, sd);
    const interval = meanInterval(found, confidence);
    near(interval?.low, low, Math.abs(mean));
    near(interval?.high, high, Math.abs(mean));
  }
});

test("Welch's t, degrees of freedom, p and interval agree with SciPy's to 1e-9", () => {
  for (const wanted of figures.welch) {
    const found = welch(sample(wanted.baseline), sample(wanted.candidate), wanted.confidence);
    const scale = Math.max(...[...wanted.baseline, ...wanted.candidate].map(Math.abs));
    near(found?.t, wanted.t);
    near(found?.df, wanted.df);
    near(found?.p, wanted.p);
    near(found?.low, wanted.low, scale);
    near(found?.high, wanted.high, scale);
  }
});

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 });

test('swapping the sides turns the interval round and keeps p', () => {
  fc.assert(fc.property(values, values, (a, b) => {
    const there = welch(sample(a), sample(b), 0.95);
    const back = welch(sample(b), sample(a), 0.95);
    if (!there || !back) return expect(there).toBe(back);
    expect(there.low).toBeCloseTo(-back.high, 6);
    expect(there.p).toBeCloseTo(back.p, 12);
  }));
});

test('the order of values changes nothing that can be seen, and more confidence is a wider interval', () => {
  fc.assert(fc.property(values, (a) => {
    const found = sample(a);
    expect(sample([...a].reverse()).mean).toBeCloseTo(found.mean, 6);
    const narrow = meanInterval(found, 0.8);
    const wide = meanInterval(found, 0.99);
    if (narrow && wide) expect(wide.high - wide.low).toBeGreaterThan(narrow.high - narrow.low);
  }));
});

test('values that are not finite are left out and counted', () => {
  expect(sample([1, NaN, 3, Infinity, -Infinity])).toMatchObject({ n: 2, mean: 2, excluded: 3 });
  expect(sample([NaN])).toEqual({ n: 0, mean: NaN, sd: NaN, excluded: 1 });
});

test('no spread, one value or none have no interval', () => {
  expect(sample([0.1, 0.1, 0.1])).toMatchObject({ mean: 0.1, sd: 0 });
  expect(meanInterval(sample([0.1, 0.1, 0.1]), 0.95)).toBeNull();
  expect(meanInterval(sample([0.1]), 0.95)).toBeNull();
  expect(meanInterval(sample([]), 0.95)).toBeNull();
  expect(welch(sample([1, 1]), sample([2, 2]), 0.95)).toBeNull();
  expect(welch(sample([1]), sample([2, 3]), 0.95)).toBeNull();
});

test('a spread on one side alone has the degrees of freedom of that side', () => {
  expect(welch(sample([5, 5, 5]), sample([1, 2, 3, 4]), 0.95)?.df).toBeCloseTo(3, 12);
});
