// Chances of small counts: those of every arrangement of few rows, counted.
import { describe, expect, it } from 'vitest';
import { chiSquare } from '../../../../../src/core/monitoring/measures/chi-square';
import { beyondTail, fisher, homogeneityMoments, homogeneityTail } from '../../../../../src/core/monitoring/measures/few';
import { chiSquareTail } from '../../../../../src/core/monitoring/measures/gamma';

/** Every way to choose which of n + m places are the current side's. */
function* arrangements(n: number, m: number): Generator<boolean[]> {
  for (let bits = 0; bits < 2 ** (n + m); bits++) {
    const current = Array.from({ length: n + m }, (_, place) => ((bits >> place) & 1) === 1);
    if (current.filter(Boolean).length === m) yield current;
  }
}
const shareOf = (n: number, m: number, holds: (current: boolean[]) => boolean): number => {
  const all = [...arrangements(n, m)];
  return all.filter(holds).length / all.length;
};

describe('values beyond a sample', () => {
  it.each([[4, 3], [3, 5], [6, 2], [2, 4]])('%i known ones and %i new: as often as among all arrangements, on both ends together or on one', (n, m) => {
    for (let k = 0; k <= m; k++) {
      const outside = (current: boolean[]): number => current.indexOf(false) + [...current].reverse().indexOf(false);
      expect(beyondTail(k, { n, m, r: 2 })).toBeCloseTo(shareOf(n, m, (current) => outside(current) >= k), 12);
      expect(beyondTail(k, { n, m, r: 1 })).toBeCloseTo(shareOf(n, m, (current) => current.indexOf(false) >= k), 12);
    }
  });

  it('are no surprise one by one, and one where they are many; nothing is said of an empty side', () => {
    expect(beyondTail(1, { n: 400, m: 30, r: 1 })).toBeCloseTo(30 / 430, 12);
    expect(beyondTail(20, { n: 1000, m: 1000, r: 1 })).toBeLessThan(1.5e-6);
    expect(beyondTail(50_000, { n: 1_000_000, m: 1_000_000, r: 2 })).toBe(0);
    expect([beyondTail(0, { n: 0, m: 3, r: 2 }), beyondTail(0, { n: 3, m: 0, r: 2 }), beyondTail(1, { n: 1, m: 1, r: 2 })]).toEqual([null, null, 0.5]);
  });
});

describe('two shares', () => {
  it.each([[5, 3], [4, 4], [7, 2]])('of %i and %i rows: twice the smaller tail of all arrangements', (n, m) => {
    for (let all = 0; all <= Math.max(n, m); all++) for (let k = Math.max(0, all - n); k <= Math.min(m, all); k++) {
      const hits = (current: boolean[]): number => current.slice(0, all).filter(Boolean).length;
      const wanted = Math.min(1, 2 * Math.min(shareOf(n, m, (current) => hits(current) >= k), shareOf(n, m, (current) => hits(current) <= k)));
      expect(fisher({ successes: k, n: m }, { successes: all - k, n })).toBeCloseTo(wanted, 12);
      expect(fisher({ successes: all - k, n }, { successes: k, n: m })).toBeCloseTo(wanted, 12);
    }
  });

  it('are not told of an empty side, nor of more successes than the larger side has rows', () => {
    expect([fisher({ successes: 0, n: 0 }, { successes: 1, n: 4 }), fisher({ successes: 3, n: 4 }, { successes: 4, n: 5 }), fisher({ successes: 0, n: 4 }, { successes: 0, n: 5 })]).toEqual([null, null, 1]);
  });
});

describe('a chi-square statistic', () => {
  it.each([[5, 3, [4, 3, 1]], [4, 4, [2, 2, 3, 1]], [6, 3, [8, 1]]])('of %i and %i rows in categories of %j has the mean and the variance of all arrangements', (n, m, sizes) => {
    const category = sizes.flatMap((size, at) => new Array<number>(size).fill(at));
    const counted = (current: boolean[], side: boolean): number[] => sizes.map((_, at) => category.filter((one, place) => one === at && current[place] === side).length);
    const all = [...arrangements(n, m)];
    const statistics = all.map((current) => chiSquare(counted(current, false), counted(current, true))?.statistic ?? NaN);
    const mean = statistics.reduce((sum, one) => sum + one, 0) / statistics.length;
    const [first = []] = all;
    const found = homogeneityMoments(counted(first, false), counted(first, true));
    expect(found?.mean).toBeCloseTo(mean, 10);
    expect(found?.variance).toBeCloseTo(statistics.reduce((sum, one) => sum + (one - mean) ** 2, 0) / statistics.length, 10);
  });

  it('is judged as ever where counts are large, and more calmly where a category has one row', () => {
    expect(homogeneityTail(10, [5000, 5000, 5000], [5000, 5000, 5000])).toBeCloseTo(chiSquareTail(10, 2), 4);
    const rare = homogeneityTail(13.4, [250, 150, 0], [18, 11, 1]) ?? 0;
    expect(rare).toBeGreaterThan(0.02);
    expect(chiSquareTail(13.4, 2)).toBeLessThan(0.002);
    expect([homogeneityTail(1, [3], [3]), homogeneityTail(1, [3, 3], [0, 0])]).toEqual([null, null]);
  });
});
