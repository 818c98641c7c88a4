/** Two proportions of different rows, such as a slice's accuracy against the rest's. Differences are first minus second. */
import { usualConfidence, type Bounds } from './interval';
import { twoSided } from './normal';
import { wilson } from './wilson';

export interface Proportion { successes: number; n: number }

/**
 * Newcombe's hybrid score interval of p₁ - p₂ (Newcombe 1998, method 10, no continuity correction): with Wilson limits l, u of each,
 * d - √((p₁ - l₁)² + (u₂ - p₂)²), d + √((u₁ - p₁)² + (p₂ - l₂)²). Null where a side has no rows.
 */
export function newcombe(first: Proportion, second: Proportion, confidence = usualConfidence): Bounds | null {
  const [a, b] = [wilson(first.successes, first.n, confidence), wilson(second.successes, second.n, confidence)];
  if (!a || !b) return null;
  const [p1, p2] = [first.successes / first.n, second.successes / second.n];
  const d = p1 - p2;
  return [d - Math.hypot(p1 - a[0], b[1] - p2), d + Math.hypot(a[1] - p1, p2 - b[0])];
}

/**
 * The pooled two-proportion z test, two-sided: z = (p₁ - p₂) / √(p (1 - p) (1/n₁ + 1/n₂)), p over both.
 * Null where a side has no rows, or all rows are successes or none is.
 */
export function pooledZ(first: Proportion, second: Proportion): { z: number; p: number } | null {
  const [n, successes] = [first.n + second.n, first.successes + second.successes];
  if (!(first.n > 0) || !(second.n > 0) || successes <= 0 || successes >= n) return null;
  const share = successes / n;
  const z = (first.successes / first.n - second.successes / second.n) / Math.sqrt(share * (1 - share) * (1 / first.n + 1 / second.n));
  return { z, p: twoSided(z) };
}

/** The names are those of reference files. */
export interface AccuracyAgainstRest { n_rest: number; accuracy_rest: number; accuracy_diff: number; newcombe95: Bounds | null; z_pooled: number | null; p_pooled: number | null }

/** A slice's accuracy against all other rows. Null where one of the two is empty. */
export function accuracyAgainstRest(slice: Proportion, rest: Proportion): AccuracyAgainstRest | null {
  if (!(slice.n > 0) || !(rest.n > 0)) return null;
  const test = pooledZ(slice, rest);
  const share = rest.successes / rest.n;
  return { n_rest: rest.n, accuracy_rest: share, accuracy_diff: slice.successes / slice.n - share, newcombe95: newcombe(slice, rest), z_pooled: test?.z ?? null, p_pooled: test?.p ?? null };
}
