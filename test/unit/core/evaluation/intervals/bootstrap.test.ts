import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accelerations, bootstrapInterval, cellReplicates, quantile, replicates, type Statistic } from '../../../../../src/core/evaluation/intervals/bootstrap';
import { errorAgainstRest, meanBounds, pairedMean } from '../../../../../src/core/evaluation/intervals/mean';
import { binomial, random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { mean } from '../../../../../src/core/evaluation/metrics/absolute-error';
import { intervals as figures } from '../../../../fixtures/evaluation.json';
import { allNear, near, refused } from '../support';

const sample = Float64Array.from(figures.bca.sample);
const meanOf = (values: Float64Array): Statistic => (weights) => [mean(values, weights)];
const of = (columns: Float64Array[]): Float64Array => columns[0] ?? new Float64Array();

describe('replicates', () => {
  test('are the same for the same seed, others for another, and whoever draws them', () => {
    const draw = (seed: number, from: number, to: number) => Array.from(of(replicates({ rows: sample.length, statistic: meanOf(sample), seed, from, to })));
    const all = draw(7, 0, 40);
    expect(draw(7, 0, 40)).toEqual(all);
    expect([...draw(7, 0, 13), ...draw(7, 13, 40)]).toEqual(all);
    expect(draw(8, 0, 40)).not.toEqual(all);
    expect(new Set(all).size).toBeGreaterThan(35);
  });

  test('each draws as many rows as there are', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (rows, seed) => {
      const drawn = of(replicates({ rows, seed, to: 3, statistic: (weights) => [weights.reduce((sum, weight) => sum + weight, 0)] }));
      expect(Array.from(drawn)).toEqual([rows, rows, rows]);
    }), { numRuns: 30 });
  });

  test('of cells are spread as those of rows are', () => {
    // 300 rows in three cells: the share of the first, by rows and by cells.
    const counts = Float64Array.of(60, 210, 30);
    const cell = Uint8Array.from({ length: 300 }, (_, row) => (row < 60 ? 0 : row < 270 ? 1 : 2));
    const byRow = of(replicates({ rows: 300, seed: 1, to: 4000, statistic: (weights) => [weights.reduce((sum, weight, row) => sum + (cell[row] === 0 ? weight : 0), 0)] }));
    const byCell = of(cellReplicates(counts, { seed: 1, to: 4000, statistic: (drawn) => [drawn[0] ?? NaN] }));
    const moments = (values: Float64Array) => {
      const level = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [level, values.reduce((sum, value) => sum + (value - level) ** 2, 0) / values.length];
    };
    const [expected, variance] = [60, 300 * 0.2 * 0.8];
    for (const values of [byRow, byCell]) {
      const [level = NaN, spread = NaN] = moments(values);
      expect(Math.abs(level - expected)).toBeLessThan(4 * Math.sqrt(variance / 4000));
      expect(Math.abs(spread / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 4000));
    }
  });

  test('of cells add up to the rows, and an empty cell stays empty', () => {
    cellReplicates(Float64Array.of(5, 0, 1e6, 0), { seed: 3, to: 50, statistic: (drawn) => {
      expect([drawn[1], drawn[3], drawn.reduce((sum, count) => sum + count, 0)]).toEqual([0, 0, 1_000_005]);
      return [];
    } });
  });
});

describe('the interval of a figure from its replicates', () => {
  const given = Float64Array.from(figures.bca.replicates);
  const { estimate } = figures.bca;

  test("percentile, BC and BCa are those by SciPy's distribution and NumPy's quantiles", () => {
    const acceleration = accelerations(sample.length, meanOf(sample))[0] ?? NaN;
    near(acceleration, figures.bca.acceleration, 1e-10);
    const bounds = (correction?: Parameters<typeof bootstrapInterval>[1]) => {
      const found = bootstrapInterval(given, correction);
      return found && [found.low, found.high];
    };
    allNear(bounds(), figures.bca.percentile, 1e-12);
    allNear(bounds({ estimate }), figures.bca.bc, 1e-10);
    allNear(bounds({ estimate, acceleration }), figures.bca.bca, 1e-10);
    expect([bootstrapInterval(given)?.method, bootstrapInterval(given, { estimate })?.method, bootstrapInterval(given, { estimate, acceleration })?.method]).toEqual(['percentile', 'bc', 'bca']);
  });

  test("a run on a skewed sample is near to SciPy's", () => {
    const statistic = meanOf(sample);
    const found = bootstrapInterval(of(replicates({ rows: sample.length, statistic, seed: 5, to: 10_000 })), { estimate: mean(sample), acceleration: accelerations(sample.length, statistic)[0] ?? null });
    near(found?.low, figures.bca_scipy[0], 0.02);
    near(found?.high, figures.bca_scipy[1], 0.02);
  });

  test('groups of rows give nearly the acceleration of single ones', () => {
    const next = random(4);
    const skewed = Float64Array.from({ length: 4000 }, () => -Math.log(unit(next)));
    const [alone = NaN] = accelerations(skewed.length, meanOf(skewed), 4000);
    const [grouped = NaN] = accelerations(skewed.length, meanOf(skewed), 400);
    expect(Math.abs((alone ?? NaN) - (grouped ?? NaN))).toBeLessThan(0.02);
  });

  test('undefined replicates are left out and counted; too few are no interval', () => {
    const some = Float64Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? NaN : at));
    expect(bootstrapInterval(some)).toMatchObject({ replicates: 90, undefined_replicates: 10 });
    expect(bootstrapInterval(some.map((value, at) => (at % 3 === 0 ? value : NaN)))).toBeNull();
    expect(bootstrapInterval(Float64Array.of(1, 2, 3))).toBeNull();
  });

  test('a figure that never moves has an interval of no width, and one beyond all replicates falls back to percentiles', () => {
    expect(bootstrapInterval(new Float64Array(50).fill(1), { estimate: 1, acceleration: 0 })).toMatchObject({ low: 1, high: 1, method: 'bca' });
    expect(bootstrapInterval(Float64Array.from({ length: 50 }, (_, at) => at), { estimate: 99 })).toMatchObject({ method: 'percentile' });
    refused(() => bootstrapInterval(new Float64Array(50), { confidence: 95 }), /confidence is 95/);
  });

  test('quantiles stay within what there is', () => {
    expect([quantile(Float64Array.of(1, 2, 4), 0), quantile(Float64Array.of(1, 2, 4), 0.75), quantile(Float64Array.of(1, 2, 4), 1), quantile(new Float64Array(), 0.5)]).toEqual([1, 3, 4, NaN]);
  });
});

describe('random numbers', () => {
  test('are even over the range and unrelated between streams', () => {
    const counts = new Float64Array(16);
    const [one, other] = [random(1, 0), random(1, 1)];
    let together = 0;
    for (let draw = 0; draw < 64_000; draw++) {
      const [a, b] = [unit(one), unit(other)];
      counts[Math.floor(a * 16)] = (counts[Math.floor(a * 16)] ?? 0) + 1;
      together += (a - 0.5) * (b - 0.5) * 12;
    }
    // Chi-square with 15 degrees of freedom: 37.7 is beyond the 99.9th hundredth.
    expect(counts.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0)).toBeLessThan(37.7);
    expect(Math.abs(together / Math.sqrt(64_000))).toBeLessThan(4);
  });

  test.each([[20, 0.1], [40, 0.9], [100, 0.5], [1000, 0.3], [1e6, 0.2], [5, 0.5]])('binomial of %d at %d has its mean, variance and bounds', (n, p) => {
    const next = random(9, n);
    const values = Float64Array.from({ length: 20_000 }, () => binomial(next, n, p));
    const level = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = n * p * (1 - p);
    expect(Math.abs(level - n * p)).toBeLessThan(4 * Math.sqrt(variance / values.length));
    expect(Math.abs(values.reduce((sum, value) => sum + (value - level) ** 2, 0) / values.length / variance - 1)).toBeLessThan(0.05);
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
  });

  test.each([[60, 0.5], [200, 0.08], [30, 0.2]])('binomial of %d at %d has each number as often as its chance', (n, p) => {
    const draws = 200_000;
    const next = random(21, n);
    const counts = new Float64Array(n + 1);
    for (let draw = 0; draw < draws; draw++) {
      const found = binomial(next, n, p);
      counts[found] = (counts[found] ?? 0) + 1;
    }
    let [chance, chi2, freedom] = [(1 - p) ** n, 0, -1];
    for (let k = 0; k <= n; k++) {
      if (chance * draws >= 10) {
        chi2 += ((counts[k] ?? 0) - chance * draws) ** 2 / (chance * draws);
        freedom++;
      }
      chance *= ((n - k) / (k + 1)) * (p / (1 - p));
    }
    expect(chi2).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  test('binomial at the ends', () => {
    const next = random(1);
    expect([binomial(next, 5, 0), binomial(next, 5, 1), binomial(next, 0, 0.5), binomial(next, 5, NaN)]).toEqual([0, 5, 0, 0]);
  });
});

describe('means', () => {
  test("the paired t test agrees with SciPy's", () => {
    const found = pairedMean(Float64Array.from(figures.paired_t.differences));
    near(found?.p, figures.paired_t.p);
    allNear(found?.interval, figures.paired_t.interval);
  });

  test('one row, no spread, and a NaN', () => {
    expect(pairedMean(Float64Array.of(2))).toEqual({ difference: 2, interval: null, p: null });
    expect(pairedMean(Float64Array.of(0, 0))).toEqual({ difference: 0, interval: [0, 0], p: 1 });
    expect(pairedMean(Float64Array.of(1, NaN))).toBeNull();
    expect(meanBounds(Float64Array.of(3, 3))).toEqual([3, 3]);
    expect(meanBounds(Float64Array.of(3))).toBeNull();
    expect(errorAgainstRest(Float64Array.of(1), Float64Array.of(1, 2))).toBeNull();
    expect(errorAgainstRest(Float64Array.of(1, NaN, 2), Float64Array.of(1, 2))).toBeNull();
  });
});
