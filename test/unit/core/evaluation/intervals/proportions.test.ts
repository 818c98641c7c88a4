import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg, holm } from '../../../../../src/core/evaluation/intervals/adjust';
import { compareAccuracy, discordant, mcnemar, rowsToTell, waldPaired } from '../../../../../src/core/evaluation/intervals/mcnemar';
import { normalCdf, normalQuantile, normalTail, twoSidedPoint } from '../../../../../src/core/evaluation/intervals/normal';
import { accuracyAgainstRest, newcombe, pooledZ } from '../../../../../src/core/evaluation/intervals/two-proportions';
import { wilson } from '../../../../../src/core/evaluation/intervals/wilson';
import { intervals as figures } from '../../../../fixtures/evaluation.json';
import { allNear, near } from '../support';

const relative = (found: number, wanted: number, tolerance = 1e-12): void => expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(tolerance);

describe('the normal distribution', () => {
  test("agrees with SciPy's, relative, in both tails", () => {
    for (const [z = 0, wanted = 0] of figures.normal) relative(normalTail(z), wanted);
    for (const [p = 0, wanted = 0] of figures.normal_quantile) near(normalQuantile(p), wanted, 1e-12);
    relative(twoSidedPoint(0.95), 1.959963984540054, 1e-15);
  });

  test('quantile and distribution undo each other', () => {
    fc.assert(fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (p) => near(normalCdf(normalQuantile(p)), p, 1e-13)));
  });

  test.each([[0, -Infinity], [1, Infinity], [0.5, 0], [-0.1, NaN], [1.1, NaN], [NaN, NaN]])('quantile %d is %d', (p, wanted) => expect(normalQuantile(p)).toBe(wanted));
  test('infinities have tails of 0 and 1', () => expect([normalTail(Infinity), normalTail(-Infinity), normalTail(NaN)]).toEqual([0, 1, NaN]));
});

describe('proportions', () => {
  test("Wilson's interval agrees with statsmodels'", () => {
    for (const [k = 0, n = 0, confidence = 0, low = 0, high = 0] of figures.wilson) allNear(wilson(k, n, confidence), [low, high], 1e-12);
    expect(wilson(0, 0)).toBeNull();
  });

  test("Newcombe's interval and the pooled test agree with statsmodels'", () => {
    for (const [k1 = 0, n1 = 0, k2 = 0, n2 = 0, low = 0, high = 0] of figures.newcombe) allNear(newcombe({ successes: k1, n: n1 }, { successes: k2, n: n2 }), [low, high], 1e-12);
    for (const [k1, n1, k2, n2, z, p] of figures.pooled) {
      const found = pooledZ({ successes: k1 ?? 0, n: n1 ?? 0 }, { successes: k2 ?? 0, n: n2 ?? 0 });
      near(found?.z, z);
      near(found?.p, p);
    }
  });

  test('an interval holds its proportion, lies within 0 and 1, and mirrors', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n))), ([k, n]) => {
      const [low, high] = wilson(k, n) ?? [NaN, NaN];
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(k / n);
      expect(high).toBeGreaterThanOrEqual(k / n);
      allNear(wilson(n - k, n), [1 - high, 1 - low], 1e-12);
    }));
  });

  test('turning the two round turns the sign', () => {
    const side = fc.integer({ min: 1, max: 5000 }).chain((n) => fc.record({ successes: fc.nat(n), n: fc.constant(n) }));
    fc.assert(fc.property(side, side, (a, b) => {
      const [low, high] = newcombe(a, b) ?? [NaN, NaN];
      allNear(newcombe(b, a), [-high, -low], 1e-12);
      const difference = a.successes / a.n - b.successes / b.n;
      expect(low).toBeLessThanOrEqual(difference);
      expect(high).toBeGreaterThanOrEqual(difference);
      near(pooledZ(b, a)?.p, pooledZ(a, b)?.p);
    }));
  });

  test('a slice that is everything or nothing has no rest to be held against', () => {
    expect(accuracyAgainstRest({ successes: 3, n: 5 }, { successes: 0, n: 0 })).toBeNull();
    expect(accuracyAgainstRest({ successes: 0, n: 0 }, { successes: 3, n: 5 })).toBeNull();
    expect(accuracyAgainstRest({ successes: 5, n: 5 }, { successes: 9, n: 9 })).toMatchObject({ accuracy_diff: 0, z_pooled: null, p_pooled: null });
  });
});

describe('two models on the same rows', () => {
  test("McNemar's tests agree with SciPy's and statsmodels'", () => {
    for (const [b = 0, c = 0, exact = 0, mid = 0, chi2 = 0, p = 0, corrected = 0, correctedP = 0] of figures.mcnemar) {
      const found = mcnemar({ only_baseline_right: b, only_candidate_right: c, n: 100 });
      near(found.exact, exact, 1e-12);
      near(found.mid, mid, 1e-12);
      if (exact > 0) relative(found.exact, exact, 1e-8);
      near(found.chi2, chi2);
      near(found.chi2_p, p);
      if (b !== c) allNear([found.chi2_corrected, found.chi2_corrected_p], [corrected, correctedP]);
    }
  });

  test('rows are counted where one alone is right, and the difference is theirs', () => {
    const [baseline, candidate] = [Uint8Array.of(1, 1, 0, 0, 1), Uint8Array.of(1, 0, 1, 0, 0)];
    expect(discordant(baseline, candidate)).toEqual({ only_baseline_right: 2, only_candidate_right: 1, n: 5 });
    expect(compareAccuracy(baseline, candidate)).toMatchObject({ accuracy_baseline: 0.6, accuracy_candidate: 0.4, diff: -0.2, mcnemar_exact_p: 1 });
    expect(compareAccuracy(new Uint8Array(), new Uint8Array())).toMatchObject({ n: 0, accuracy_baseline: null, diff: null, mcnemar_exact_p: 1, wald_paired95: null });
  });

  test('no row on which they differ: p is 1, and no number of rows would tell', () => {
    expect(mcnemar({ only_baseline_right: 0, only_candidate_right: 0, n: 9 })).toMatchObject({ exact: 1, mid: 1, chi2_p: 1 });
    expect(waldPaired({ only_baseline_right: 0, only_candidate_right: 0, n: 9 })).toEqual([0, 0]);
    expect(rowsToTell({ only_baseline_right: 3, only_candidate_right: 3, n: 9 })).toBeNull();
  });

  test('the rows it would take are those with which the interval would mostly exclude 0', () => {
    // Ten times the rows at the same shares: once n is reached, the interval excludes 0.
    const counts = { only_baseline_right: 30, only_candidate_right: 45, n: 1000 };
    const needed = rowsToTell(counts) ?? NaN;
    const grown = (times: number) => waldPaired({ only_baseline_right: 30 * times, only_candidate_right: 45 * times, n: 1000 * times });
    expect(grown(1)?.[0]).toBeLessThan(0);
    expect(grown(needed / 1000)?.[0]).toBeGreaterThan(0);
    expect(needed).toBeGreaterThan(2000);
    expect(needed).toBeLessThan(3500);
    expect(rowsToTell(counts, { power: 0.9 })).toBeGreaterThan(needed);
  });
});

describe('many tests at once', () => {
  test("Holm's and Benjamini-Hochberg's p agree with statsmodels', and an undefined p stays out", () => {
    allNear(holm(figures.ps), figures.holm);
    allNear(benjaminiHochberg(figures.ps), figures.bh);
    const [first, ...rest] = figures.ps;
    allNear(holm([first ?? NaN, null, ...rest]), [figures.holm[0] ?? NaN, null, ...figures.holm.slice(1)]);
    expect(benjaminiHochberg([null])).toEqual([null]);
    expect(holm([])).toEqual([]);
  });

  test('adjusting never lowers a p, keeps their order, and Holm is at least as strict', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (ps) => {
      const [strict, found] = [holm(ps), benjaminiHochberg(ps)];
      ps.forEach((p, at) => {
        expect(found[at]).toBeGreaterThanOrEqual(p);
        expect(strict[at]).toBeGreaterThanOrEqual((found[at] ?? NaN) * (1 - 1e-12));
        ps.forEach((q, other) => p <= q && expect(strict[at]).toBeLessThanOrEqual(strict[other] ?? NaN));
      });
    }));
  });
});
