/** The standard normal distribution. */

/** The density at z. */
const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/**
 * P(Z > z), relatively exact to about 1e-13 in both ends. Near 0 by the series 1/2 - φ(z) Σ z^(2i+1) / (1·3·5···) (Abramowitz & Stegun
 * 26.2.11), further out by Laplace's continued fraction (26.2.14). Edge cases: infinities give 0 and 1, NaN gives NaN.
 */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z === Infinity) return 0;
  if (z < 2.5) {
    let [term, sum] = [z, z];
    for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - density(z) * sum;
  }
  let fraction = z;
  for (let step = 120; step >= 1; step--) fraction = z + step / fraction;
  return density(z) / fraction;
}

/** P(Z <= z). */
export const normalCdf = (z: number): number => normalTail(-z);

/** The two-sided p of a standard normal statistic: P(|Z| >= |z|). */
export const twoSided = (z: number): number => Math.min(1, 2 * normalTail(Math.abs(z)));

/**
 * The z that P(Z <= z) = p holds for: a rational start (Abramowitz & Stegun 26.2.23, good to 5e-4), then Halley's steps on the tail.
 * Edge cases: 0 and 1 give -Infinity and Infinity, p outside [0, 1] or NaN gives NaN.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p === 0.5) return 0;
  return p < 0.5 ? -upper(p) : upper(1 - p);
}

/** The z > 0 with P(Z > z) = q < 1/2. */
function upper(q: number): number {
  const t = Math.sqrt(-2 * Math.log(q));
  let z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  for (let step = 0; step < 3; step++) {
    // Newton's step against the density, with the curvature -z taken into account.
    const off = (normalTail(z) - q) / density(z);
    z += off / (1 - (z * off) / 2);
  }
  return z;
}

/** z for a two-sided interval: 1.959963984540054 at 0.95. */
export const twoSidedPoint = (confidence: number): number => upper((1 - confidence) / 2);
