/** The incomplete gamma function, and with it the tail of the chi-square distribution. */
import { lnGamma } from '../../comparison/special';

/**
 * Q(a, x), the regularised upper incomplete gamma function: by its series for x < a + 1, else by its continued fraction (Lentz).
 * Source: Abramowitz & Stegun 6.5.29 and 6.5.31. Edge cases: x <= 0 gives 1; a <= 0 or NaN gives NaN; tails below the smallest double are 0.
 */
export function upperGamma(a: number, x: number): number {
  if (!(a > 0) || Number.isNaN(x)) return NaN;
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  const most = 200 + 20 * Math.sqrt(a);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k <= most * 10 && term > sum * 1e-17; k++) {
      term *= x / (a + k);
      sum += term;
    }
    return 1 - sum * front;
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let k = 1; k <= most * 10; k++) {
    const factor = -k * (k - a);
    b += 2;
    d = factor * d + b;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = b + factor / c;
    if (Math.abs(c) < tiny) c = tiny;
    const change = d * c;
    result *= change;
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return front * result;
}

/** P(X >= statistic) of the chi-square distribution with `dof` degrees of freedom. */
export const chiSquareTail = (statistic: number, dof: number): number => upperGamma(dof / 2, statistic / 2);
