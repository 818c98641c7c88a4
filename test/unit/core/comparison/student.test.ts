import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incompleteBeta, lnBeta, lnGamma } from '../../../../src/core/comparison/special';
import { studentCdf, studentQuantile, studentTail } from '../../../../src/core/comparison/student';
import figures from '../../../fixtures/student.json';

const near = (found: number, wanted: number, relative: number): void => expect(Math.abs(found - wanted) / Math.max(Math.abs(wanted), 1e-300), `${found} for ${wanted}`).toBeLessThan(relative);

describe("Student's t", () => {
  test("its tail agrees with SciPy's to 1e-10, relative, in both ends", () => {
    for (const [t = 0, df = 0, wanted = 0] of figures.tail) near(studentTail(t, df), wanted, 1e-10);
  });

  test('its tail is the closed form for 1 and 2 degrees of freedom, also next to 0', () => {
    for (const t of [1e-12, 1e-8, -1e-6, 1e-3, 0.7, -3, 12]) {
      near(studentTail(t, 1), 0.5 - Math.atan(t) / Math.PI, 1e-14);
      near(studentTail(t, 2), 0.5 - t / (2 * Math.sqrt(2 + t * t)), 1e-13);
    }
  });

  test("its quantiles agree with SciPy's to 1e-9", () => {
    for (const [p = 0, df = 0, wanted = 0] of figures.quantile) {
      // SciPy's p of 1 - tiny has lost digits by itself: the lower tail is where p keeps them.
      const found = studentQuantile(p, df);
      if (wanted === 0) expect(found).toBe(0);
      else near(found, wanted, 1e-9);
    }
  });

  test('quantile and distribution undo each other', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 0.999999, noNaN: true }), fc.double({ min: 1, max: 1e4, noNaN: true }), (p, df) => {
      expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 11);
    }));
  });

  test('it is symmetric and rises', () => {
    fc.assert(fc.property(fc.double({ min: -50, max: 50, noNaN: true }), fc.double({ min: 0.5, max: 1e5, noNaN: true }), (t, df) => {
      expect(studentCdf(t, df) + studentCdf(-t, df)).toBeCloseTo(1, 13);
      expect(studentCdf(t + 0.01, df)).toBeGreaterThanOrEqual(studentCdf(t, df));
    }));
  });

  test.each([[Infinity, 3, 0], [-Infinity, 3, 1], [0, 3, 0.5], [NaN, 3, NaN], [1, 0, NaN], [1, -2, NaN], [1, NaN, NaN], [1e200, 5, 0]])('tail of %d with %d degrees of freedom is %d', (t, df, wanted) => {
    expect(studentTail(t, df)).toBe(wanted);
  });

  test.each([[0, 3, -Infinity], [1, 3, Infinity], [0.5, 3, 0], [-0.1, 3, NaN], [1.1, 3, NaN], [NaN, 3, NaN], [0.9, 0, NaN]])('quantile %d with %d degrees of freedom is %d', (p, df, wanted) => {
    expect(studentQuantile(p, df)).toBe(wanted);
  });
});

describe('the functions below it', () => {
  test('ln Γ knows factorials and Γ(1/2)', () => {
    near(lnGamma(11), Math.log(3_628_800), 1e-14);
    near(lnGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
    expect(lnGamma(1)).toBeCloseTo(0, 14);
    expect(lnGamma(0)).toBeNaN();
    expect(lnGamma(-1)).toBeNaN();
  });

  test('ln B(a, 1) is -ln a, also where a is large', () => {
    for (const a of [0.3, 1.5, 9.99, 10, 1e3, 1e8]) near(lnBeta(a, 1), -Math.log(a), 1e-13);
    expect(lnBeta(1, 1)).toBeCloseTo(0, 13);
    expect(lnBeta(0, 1)).toBeNaN();
  });

  test('I_x(1, 1) is x, and its ends are 0 and 1', () => {
    expect(incompleteBeta(1, 1, { x: 0.3, y: 0.7 })).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(2, 3, { x: 0, y: 1 })).toBe(0);
    expect(incompleteBeta(2, 3, { x: 1, y: 0 })).toBe(1);
    expect(incompleteBeta(0, 3, { x: 0.5, y: 0.5 })).toBeNaN();
  });
});
