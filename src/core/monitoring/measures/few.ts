/** Exact chances of counts that are too small for a normal distribution: one row in thirty that nobody has seen before is no surprise among many columns. */
import { upperGamma } from './gamma';

/**
 * P(at least `k` of `m` new values come before the `r`-th of `n` known ones) where all are of one population: negative hypergeometric. r = 2: values outside the known range, below
 * it or above it; r = 1 + categories seen once: rows of categories that weren't seen (the share that is still to be seen is theirs: Good 1953). Ties make it smaller than it says.
 * Edge cases: k = 0 gives 1; null where a side is empty. Source: Wilks, Statistical prediction with special reference to tolerance limits (1942).
 */
export function beyondTail(k: number, { n, m, r }: { n: number; m: number; r: number }): number | null {
  if (n === 0 || m === 0) return null;
  const rank = Math.min(r, n);
  let start = 0;
  for (let i = 0; i < rank; i++) start += Math.log((n - i) / (n + m - i));
  return tail(k, m, start, (j) => ((j + rank) / (j + 1)) * ((m - j) / (n + m - j - rank)));
}

interface Share { successes: number; n: number }

/**
 * Two-sided p of two shares of one population: Fisher's exact test, twice the smaller tail and at most 1. Edge cases: null where a side is empty, and where there are more
 * successes than the larger side has rows; 1 without any success. Source: Fisher (1922).
 */
export function fisher(one: Share, other: Share): number | null {
  const [small, large] = one.n <= other.n ? [one, other] : [other, one];
  const all = small.successes + large.successes;
  if (small.n === 0 || all > large.n) return null;
  let start = 0;
  for (let i = 0; i < all; i++) start += Math.log((large.n - i) / (small.n + large.n - i));
  const most = Math.min(small.n, all);
  const from = (k: number): number => (k > most ? 0 : tail(k, most, start, (j) => ((all - j) / (j + 1)) * ((small.n - j) / (large.n - all + j + 1))));
  return Math.min(1, 2 * Math.min(from(small.successes), 1 - from(small.successes + 1)));
}

/**
 * P of a chi-square statistic of homogeneity as large as this where both sides are of one population: a gamma distribution with the mean and the variance that it has over all
 * arrangements of the rows. With large counts that is the chi-square distribution; a category of few rows widens it. Edge cases: null with fewer than two categories that have
 * rows, or an empty side. Source: Haldane (1940); Dawson & Willan (1986).
 */
export function homogeneityTail(statistic: number, reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const { mean, variance } = homogeneityMoments(reference, current) ?? { mean: 0, variance: 0 };
  return variance > 0 ? upperGamma((mean * mean) / variance, (statistic * mean) / variance) : null;
}

/** Null where there are none: fewer than four rows, too. */
export function homogeneityMoments(reference: ArrayLike<number>, current: ArrayLike<number>): { mean: number; variance: number } | null {
  let [n, m, k, inverse] = [0, 0, 0, 0];
  for (let at = 0; at < reference.length; at++) {
    const [before, after] = [reference[at] ?? 0, current[at] ?? 0];
    n += before;
    m += after;
    if (before + after > 0) {
      k++;
      inverse += 1 / (before + after);
    }
  }
  const all = n + m;
  if (n === 0 || m === 0 || k < 2 || all < 4) return null;
  const spread = (of: number): number => ((of - 1) * (all - of)) / (all - 1);
  const uneven = (of: number, inverses: number): number => (all * inverses - of * of) / (all - 2);
  const [rows, columns] = [uneven(2, 1 / n + 1 / m), uneven(k, inverse)];
  return { mean: (all * (k - 1)) / (all - 1), variance: ((2 * all) / (all - 3)) * (spread(2) - rows) * (spread(k) - columns) + ((all * all) / (all - 1)) * rows * columns };
}

/** Sum of the chances of k, k + 1, ... `most`, from the logarithm of the chance of 0 and the ratio of the chance of j + 1 to that of j. */
function tail(k: number, most: number, start: number, ratio: (j: number) => number): number {
  let [log, before] = [start, 0];
  for (let j = 0; j < k; j++) {
    before += Math.exp(log);
    log += Math.log(ratio(j));
    // Nothing is left that a number could hold.
    if (before > 0.9 && log < -750) return 0;
  }
  if (before < 0.9) return Math.max(0, 1 - before);
  let [term, sum] = [Math.exp(log), 0];
  for (let j = k; j <= most && term > sum * 1e-17; j++) {
    sum += term;
    term *= ratio(j);
  }
  return Math.min(1, sum);
}
