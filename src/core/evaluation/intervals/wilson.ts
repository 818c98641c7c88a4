import { usualConfidence, type Bounds } from './interval';
import { twoSidedPoint } from './normal';

/**
 * Wilson's score interval of a proportion, no continuity correction (Wilson 1927): with p = successes / n,
 * (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n). For any proportion: accuracy, recall of a class, a rate of missing values.
 * Edge cases: null for n = 0; at 0 or all successes the near limit is exactly 0 or 1.
 */
export function wilson(successes: number, n: number, confidence = usualConfidence): Bounds | null {
  if (!(n > 0)) return null;
  const z = twoSidedPoint(confidence);
  const p = successes / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [successes <= 0 ? 0 : Math.max(0, middle - half), successes >= n ? 1 : Math.min(1, middle + half)];
}
