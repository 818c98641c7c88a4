import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chiSquareTail } from '../../../../../src/core/monitoring/measures/gamma';
import { kolmogorovSmirnovTail, kolmogorovTail } from '../../../../../src/core/monitoring/measures/kolmogorov';
import { kolmogorovSmirnov } from '../../../../../src/core/monitoring/measures/kolmogorov-smirnov';
import { sampleOf } from '../../../../../src/core/monitoring/measures/sample';

interface Figures { one: [number, number, number][]; limit: [number, number][]; chi2: [number, number, number][]; two: { a: number[]; b: number[]; statistic: number; p: number }[] }
const scipy = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../../fixtures/kolmogorov.json'), 'utf8')) as Figures;
/** Within 1e-5 of it, or both too small for a double to say anything. */
const near = (ours: number, theirs: number): boolean => Math.abs(ours - theirs) <= 1e-9 + 1e-5 * Math.abs(theirs);

describe('tails agree with SciPy', () => {
  test.each(scipy.one)('of the one-sample distance, n = %d, d = %d', (n, d, p) => {
    expect(near(kolmogorovSmirnovTail(n, d), p), `${kolmogorovSmirnovTail(n, d)} against ${p}`).toBe(true);
  });
  test.each(scipy.limit)("of Kolmogorov's limit, t = %d", (t, p) => expect(kolmogorovTail(t)).toBeCloseTo(p, 13));
  test.each(scipy.chi2)('of chi-square, x = %d, %d degrees of freedom', (x, k, p) => {
    const ours = chiSquareTail(x, k);
    expect(Math.abs(ours - p), `${ours} against ${p}`).toBeLessThanOrEqual(1e-300 + 1e-11 * p + 1e-15);
  });
  test.each(scipy.two.map((one, at) => [at, one] as const))('of two samples, exactly: case %d', (_, { a, b, statistic, p }) => {
    const ours = kolmogorovSmirnov(sampleOf(a), sampleOf(b));
    expect(ours?.statistic).toBeCloseTo(statistic, 14);
    expect(Math.abs((ours?.p_exact ?? NaN) - p)).toBeLessThanOrEqual(1e-10 * p + 1e-15);
  });
});

describe('at the ends', () => {
  test('a distance of 0 or less is always reached, one of 1 never', () => {
    expect([kolmogorovSmirnovTail(10, 0), kolmogorovSmirnovTail(10, -1), kolmogorovSmirnovTail(10, 1), kolmogorovTail(0)]).toEqual([1, 1, 0, 1]);
  });
  test('no number of values gives no probability', () => {
    expect([kolmogorovSmirnovTail(0, 0.5), kolmogorovSmirnovTail(1.5, 0.5), kolmogorovSmirnovTail(5, NaN)]).toEqual([NaN, NaN, NaN]);
  });
  test('an empty side has no distance', () => expect(kolmogorovSmirnov(sampleOf([]), sampleOf([1]))).toBeNull());
});
