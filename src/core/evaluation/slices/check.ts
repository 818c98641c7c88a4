/** Whether a found slice holds on rows that the search didn't see. */
import { describe, meanInterval, welch } from '../../comparison/means';
import { studentTail } from '../../comparison/student';
import { usualConfidence, type Bounds } from '../intervals/interval';
import { newcombe } from '../intervals/two-proportions';
import { flipTail, hypergeometricTail, permutationTail, signTail } from './tails';

/**
 * `effect`: mean in the slice less the mean of the rest (or less zero), with its 95 % interval, both null without rows on a side; `p`: one-sided,
 * for "no higher than that"; null where it can't be said. `method` says which test and interval.
 */
export interface Checked { rows: number; mean: number | null; effect: number | null; interval: Bounds | null; p: number | null; method: string }

/** From how many values on the smaller side a t test is trusted; below it a permutation test takes its place. */
const enough = 30;

/**
 * Is the mean higher in the slice than in the rest? Where values are only two (wrong or right): Fisher's exact test, one-sided, and Newcombe's interval
 * of the difference of shares. Else Welch's t, one-sided, and its interval, from 30 rows on each side; below that a permutation
 * test (9,999 seeded draws) for p. Null p without rows on a side, or where all values are the same.
 */
export function checkAgainstRest(slice: Float64Array, rest: Float64Array, seed: number): Checked {
  const [own, other] = [describe(slice), describe(rest)];
  const sized = { rows: own.n, mean: own.n > 0 ? own.mean : null };
  if (own.n === 0 || other.n === 0) return { ...sized, effect: null, interval: null, p: null, method: 'none: no rows on a side' };
  const effect = own.mean - other.mean;
  const [low, high] = range(slice, rest);
  if (low === high) return { ...sized, effect, interval: null, p: null, method: 'none: all rows have one value' };
  if ([slice, rest].every((values) => values.every((value) => value === low || value === high))) {
    const hits = [slice, rest].map((values) => values.reduce((sum, value) => sum + (value === high ? 1 : 0), 0)) as [number, number];
    const bounds = newcombe({ successes: hits[0], n: own.n }, { successes: hits[1], n: other.n });
    return {
      ...sized, effect, interval: bounds && [bounds[0] * (high - low), bounds[1] * (high - low)], p: hypergeometricTail(hits[0], own.n, { marked: hits[0] + hits[1], all: own.n + other.n }),
      method: "Fisher's exact test, one-sided; Newcombe's interval",
    };
  }
  const found = welch(other, own, usualConfidence);
  const interval: Bounds | null = found && [found.low, found.high];
  if (Math.min(own.n, other.n) >= enough && found) return { ...sized, effect, interval, p: studentTail(found.t, found.df), method: "Welch's t, one-sided, and its interval" };
  return { ...sized, effect, interval, p: permutationTail(slice, rest, seed), method: "permutation test, one-sided; Welch's interval" };
}

/**
 * Is the mean of the slice's differences above zero? Where differences are -d, 0 and d only (flips): the sign test on those that aren't 0, one-sided
 * (McNemar's exact). Else the paired t, one-sided, from 30 rows on; below that random signs (9,999 seeded draws). The interval is the
 * paired t's. Null p without rows; 1 where every difference is 0.
 */
export function checkAgainstZero(differences: Float64Array, seed: number): Checked {
  const { n, mean, sd } = describe(differences);
  const sized = { rows: n, mean: n > 0 ? mean : null, effect: n > 0 ? mean : null };
  if (n === 0) return { ...sized, interval: null, p: null, method: 'none: no rows' };
  const bounds = meanInterval({ n, mean, sd, excluded: 0 }, usualConfidence);
  const interval: Bounds | null = bounds && [bounds.low, bounds.high];
  const size = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (differences.every((value) => value === 0 || Math.abs(value) === size)) {
    const [more, less] = [1, -1].map((sign) => differences.reduce((sum, value) => sum + (value * sign > 0 ? 1 : 0), 0)) as [number, number];
    return { ...sized, interval, p: signTail(more, less), method: "sign test (McNemar's exact), one-sided; paired t interval" };
  }
  if (n >= enough && sd > 0) return { ...sized, interval, p: studentTail(mean / (sd / Math.sqrt(n)), n - 1), method: 'paired t, one-sided, and its interval' };
  return { ...sized, interval, p: flipTail(differences, seed), method: 'random signs, one-sided; paired t interval' };
}

function range(...lists: Float64Array[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lists) {
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
