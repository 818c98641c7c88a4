/** The functions under Student's t distribution, on plain numbers. */

/** Stirling's remainder: ln Γ(z) = (z - 1/2) ln z - z + ln(2π)/2 + remainder(z), for z >= 10 to double precision (Abramowitz & Stegun 6.1.41). */
function remainder(z: number): number {
  const y = 1 / (z * z);
  return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y * (1 / 1188 - y * (691 / 360360)))))) / z;
}

/**
 * ln Γ(z) for z > 0: Stirling's series from 10 on, below it the recurrence Γ(z) = Γ(z + 1) / z.
 * Edge cases: z <= 0 or NaN gives NaN.
 */
export function lnGamma(z: number): number {
  if (!(z > 0)) return NaN;
  let product = 1;
  let up = z;
  for (; up < 10; up++) product *= up;
  return (up - 0.5) * Math.log(up) - up + 0.5 * Math.log(2 * Math.PI) + remainder(up) - Math.log(product);
}

/**
 * ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a + b). Where one argument is 10 or more the large terms are taken from each other
 * by formula, not by subtraction, so that B(5e5, 1/2) keeps its digits (Didonato & Morris 1992, ACM TOMS 708, ALGDIV).
 */
export function lnBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a];
  if (!(small > 0)) return NaN;
  if (large < 10) return lnGamma(small) + lnGamma(large) - lnGamma(small + large);
  // ln Γ(large) - ln Γ(large + small)
  const difference = -(large - 0.5) * Math.log1p(small / large) - small * Math.log(large + small) + small + remainder(large) - remainder(large + small);
  return lnGamma(small) + difference;
}

/**
 * The regularised incomplete beta function I_x(a, b), given both x and y = 1 - x so that neither end loses digits.
 * Continued fraction 26.5.8 of Abramowitz & Stegun, evaluated by Lentz's method, on the side where it converges quickly.
 * Edge cases: x <= 0 gives 0, y <= 0 gives 1; a or b not above 0, or NaN, gives NaN.
 */
export function incompleteBeta(a: number, b: number, { x, y }: { x: number; y: number }): number {
  if (!(a > 0) || !(b > 0) || Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(y) - lnBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(a, b, x)) / a : 1 - (front * fraction(b, a, y)) / b;
}

/** The fraction of 26.5.8. It needs some √max(a, b) steps. */
function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  const most = 200 + 20 * Math.sqrt(Math.max(a, b));
  for (let m = 1; m <= most; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < 1e-16) break;
  }
  return result;
}
