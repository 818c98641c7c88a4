// Expected figures: SciPy 1.17 (hypergeom.sf, binomtest, ttest_ind and ttest_1samp one-sided, permutation_test over all permutations).
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAgainstRest, checkAgainstZero } from '../../../../../src/core/evaluation/slices/check';
import { flipTail, hypergeometricTail, permutationTail, signTail } from '../../../../../src/core/evaluation/slices/tails';
import { random } from '../../../../support/random';

const near = (value: number | null, expected: number): void => { expect(Math.abs((value ?? NaN) - expected)).toBeLessThanOrEqual(1e-8 * expected + 1e-13); };

describe('tails', () => {
  test.each<[hits: number, drawn: number, of: [marked: number, all: number], p: number]>([
    [3, 10, [20, 100], 0.3187799361823112], [0, 10, [20, 100], 1], [10, 10, [20, 100], 1.0673177187555408e-8], [40, 200, [1000, 20_000], 3.986045563379213e-14],
    [5, 200, [1000, 20_000], 0.9740858501565904], [900, 5000, [10_000, 100_000], 2.3352667142114306e-70], [95, 100, [950, 1000], 0.616635656392696], [1, 5, [5, 6], 1],
  ])("%d hits of %d drawn, marked of all %j: Fisher's p is SciPy's", (hits, drawn, [marked, all], p) => {
    const found = hypergeometricTail(hits, drawn, { marked, all });
    expect(Math.abs(found - p)).toBeLessThanOrEqual(1e-8 * p);
  });

  test.each([[5, 0, 0.03125], [10, 3, 0.046142578125], [3, 10, 0.98876953125], [200, 150, 0.004360018265277973], [0, 4, 1], [0, 0, 1]])('%d more against %d less: the sign test', (more, less, p) => {
    near(signTail(more, less), p);
  });

  test('random divisions and signs come near all of them, and never to 0', () => {
    expect(Math.abs(permutationTail(Float64Array.of(5, 6, 7.5, 9), Float64Array.of(1, 2, 3, 4, 5.5, 2.5, 3.5), 1) - 2 / 330)).toBeLessThan(0.003);
    expect(Math.abs(flipTail(Float64Array.of(1, 2, 3.5, -0.5, 4), 1) - 0.0625)).toBeLessThan(0.01);
    expect(permutationTail(Float64Array.from({ length: 30 }, (_, i) => 100 + i), Float64Array.from({ length: 30 }, (_, i) => i), 1)).toBe(1e-4);
    // Drawing the smaller part says the same as drawing the larger.
    const [few, many] = [Float64Array.of(1, 3, 4), Float64Array.of(0, 2, 2.5, 1.5, 1, 3.5)];
    expect(permutationTail(few, many, 1) + permutationTail(many, few, 1)).toBeGreaterThan(1);
    expect(permutationTail(many, few, 1)).toBeGreaterThan(0.8);
  });
});

describe('checkAgainstRest', () => {
  test("numbers: Welch's one-sided p, difference and interval", () => {
    const found = checkAgainstRest(Float64Array.from({ length: 40 }, (_, i) => ((i * 7) % 13) / 3 + 1), Float64Array.from({ length: 60 }, (_, i) => ((i * 5) % 11) / 4), 1);
    near(found.p, 2.931401700827578e-10);
    near(found.effect, 1.6875);
    near(found.interval?.[0] ?? NaN, 1.2300583847647957);
    near(found.interval?.[1] ?? NaN, 2.1449416152352048);
    expect(found.method).toContain('Welch');
  });

  test("wrong or right: Fisher's exact p and Newcombe's interval, in the units of the loss", () => {
    const [slice, rest] = [Float64Array.of(1, 1, 1, 0, 0, 0, 0, 0, 0, 0), Float64Array.from({ length: 90 }, (_, i) => (i < 17 ? 1 : 0))];
    const found = checkAgainstRest(slice, rest, 1);
    near(found.p, 0.3187799361823112);
    expect(found.effect).toBeCloseTo(0.3 - 17 / 90, 12);
    const doubled = checkAgainstRest(slice.map((value) => value * 2), rest.map((value) => value * 2), 1);
    expect(doubled.p).toBe(found.p);
    expect(doubled.interval?.[0]).toBeCloseTo(2 * (found.interval?.[0] ?? NaN), 12);
  });

  test('two rows that are both wrong prove nothing by having no spread', () => {
    const found = checkAgainstRest(Float64Array.of(1, 1), Float64Array.from({ length: 1000 }, (_, i) => (i % 5 === 0 ? 1 : 0)), 1);
    expect(found.p).toBeGreaterThan(0.03);
    expect(checkAgainstRest(Float64Array.of(2.5, 2.6), Float64Array.from({ length: 40 }, (_, i) => (i % 5) / 1.7), 1)).toMatchObject({ method: expect.stringContaining('permutation') });
  });

  test('a small slice of very many rows is tested too', () => {
    const found = checkAgainstRest(Float64Array.of(3.5, 4, 5), Float64Array.from({ length: 300_000 }, (_, i) => (i % 7) / 3), 1);
    expect(found.p).toBe(1e-4);
  });

  test('no rows on a side, or one value everywhere, say so', () => {
    expect(checkAgainstRest(new Float64Array(0), Float64Array.of(1), 1)).toMatchObject({ rows: 0, mean: null, effect: null, p: null });
    expect(checkAgainstRest(Float64Array.of(1), new Float64Array(0), 1)).toMatchObject({ p: null });
    expect(checkAgainstRest(Float64Array.of(1, 1), Float64Array.of(1, 1), 1)).toMatchObject({ effect: 0, p: null, method: 'none: all rows have one value' });
  });

  test('p below 5 % comes in at most 5 % of slices that are like the rest', () => {
    const next = random(11);
    let below = 0;
    for (let trial = 0; trial < 400; trial++) {
      const values = Float64Array.from({ length: 300 }, () => (trial % 2 ? (next() < 0.1 ? 1 : 0) : -Math.log(1 - next())));
      if ((checkAgainstRest(values.slice(0, 40), values.slice(40), trial).p ?? 1) <= 0.05) below++;
    }
    expect(below).toBeLessThan(400 * 0.05 + 3 * Math.sqrt(400 * 0.05 * 0.95));
  });
});

describe('checkAgainstZero', () => {
  test("differences: the paired t's one-sided p and interval", () => {
    const found = checkAgainstZero(Float64Array.from({ length: 40 }, (_, i) => (((i * 7) % 13) - 5.5) / 7), 1);
    near(found.p, 0.2848120057815356);
    near(found.effect, 0.05);
    near(found.interval?.[1] ?? NaN, 0.22635778006334495);
  });

  test('flips: the sign test on the rows that changed', () => {
    near(checkAgainstZero(Float64Array.from({ length: 100 }, (_, i) => (i < 10 ? 1 : i < 13 ? -1 : 0)), 1).p, 0.046142578125);
    expect(checkAgainstZero(new Float64Array(50), 1)).toMatchObject({ effect: 0, p: 1 });
  });

  test('few differences: random signs; none: nothing to say', () => {
    expect(Math.abs((checkAgainstZero(Float64Array.of(1, 2, 3.5, -0.5, 4), 1).p ?? NaN) - 0.0625)).toBeLessThan(0.01);
    expect(checkAgainstZero(new Float64Array(0), 1)).toMatchObject({ rows: 0, p: null, effect: null });
  });

  test('p is always a probability', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.constantFrom(-1, 0, 1), fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 1, maxLength: 12 }), (drawn) => {
      const { p } = checkAgainstZero(Float64Array.from(drawn), 1);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThanOrEqual(1);
    }), { numRuns: 40 });
  });
});
