/** Student's t distribution (Student 1908), for any degrees of freedom above 0: Welch's are rarely whole. */
import { incompleteBeta } from './special';

/**
 * P(T > t): the upper tail, exact to about 1e-13 relative far out, where 1 - CDF would be 0.
 * P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²) (Abramowitz & Stegun 26.7.1).
 * Edge cases: t of ±Infinity gives 0 or 1; NaN, or df not above 0, gives NaN; df of Infinity is the largest finite one used, 1e15.
 */
export function studentTail(t: number, df: number): number {
  if (Number.isNaN(t) || !(df > 0)) return NaN;
  if (t === Infinity) return 0;
  if (t === -Infinity) return 1;
  const n = Math.min(df, 1e15);
  const ratio = (t / n) * t;
  const both = Number.isFinite(ratio) ? incompleteBeta(n / 2, 0.5, { x: 1 / (1 + ratio), y: ratio / (1 + ratio) }) : 0;
  return t > 0 ? both / 2 : 1 - both / 2;
}

/** P(T <= t). */
export const studentCdf = (t: number, df: number): number => studentTail(-t, df);

/**
 * The t that P(T <= t) = p holds for: the tail function inverted by bisection, to the last digits of a double.
 * Edge cases: p of 0 or 1 gives -Infinity or Infinity; p outside [0, 1], NaN, or df not above 0 gives NaN.
 */
export function studentQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1) || !(df > 0)) return NaN;
  if (p === 0.5) return 0;
  if (p < 0.5) return -upperPoint(p, df);
  return upperPoint(1 - p, df);
}

/** The t > 0 with P(T > t) = q, for 0 <= q < 1/2. */
export function upperPoint(q: number, df: number): number {
  if (q === 0) return Infinity;
  let low = 1e-300;
  let high = 1;
  while (studentTail(high, df) > q) {
    low = high;
    high *= 2;
    if (high === Infinity) return Infinity;
  }
  while (high > 1e-290 && studentTail(high / 2, df) < q) high /= 2;
  low = Math.max(low, high / 2);
  for (let step = 0; step < 200 && high - low > high * 4e-16; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (studentTail(middle, df) > q) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
