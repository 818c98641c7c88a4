/** The interval of a largest value. */
import { usualConfidence, type Bounds } from './interval';

/**
 * The percentile bootstrap's limits of a largest value, in closed form: a draw of n rows has none above the i-th smallest with probability (i / n)ⁿ
 * (Efron & Tibshirani 1993, 7.4), so that nothing need be drawn. At 95 % that is from the fourth largest of many rows to the largest itself.
 * The bootstrap is not consistent for an extreme (Bickel & Freedman 1981): no draw holds a larger value than these rows do, while other rows may.
 * Read the upper limit as the largest seen, not as the largest there can be.
 * Edge cases: null without values and where one is NaN; of equal values both limits are that value.
 */
export function largestBounds(values: Float64Array, confidence = usualConfidence): Bounds | null {
  const n = values.length;
  if (n === 0) return null;
  const tail = (1 - confidence) / 2;
  // How many of the largest may be missing from a draw: ((n - missing) / n)ⁿ is at least the tail.
  let missing = 0;
  while (missing + 1 < n && ((n - missing - 1) / n) ** n >= tail) missing++;
  const top = new Float64Array(missing + 1).fill(-Infinity);
  for (const value of values) {
    if (Number.isNaN(value)) return null;
    if (value <= (top[0] ?? NaN)) continue;
    let at = 0;
    for (; at + 1 < top.length && (top[at + 1] ?? NaN) < value; at++) top[at] = top[at + 1] ?? NaN;
    top[at] = value;
  }
  return [top[0] ?? NaN, top[missing] ?? NaN];
}
