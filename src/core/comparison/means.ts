/** Means and how sure one can be of them. */
import { studentTail, upperPoint } from './student';

/** What one group of values says. `sd` is the sample's standard deviation (n - 1 below); NaN where n < 2. */
export interface Sample { n: number; mean: number; sd: number; excluded: number }
export interface Interval { low: number; high: number }

/**
 * Mean and standard deviation of the finite values; `excluded` counts the others (NaN and infinities have no place in a mean).
 * Two passes, as the one-pass formula cancels (Chan, Golub & LeVeque 1983). Values that are all the same have sd 0 exactly.
 * Edge cases: no finite value gives mean NaN; one gives sd NaN.
 */
export function describe(values: Float64Array): Sample {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  const excluded = values.length - n;
  if (n === 0) return { n, mean: NaN, sd: NaN, excluded };
  const first = finite[0] ?? NaN;
  if (finite.every((value) => value === first)) return { n, mean: first, sd: n > 1 ? 0 : NaN, excluded };
  const rough = finite.reduce((sum, value) => sum + value / n, 0);
  const mean = rough + finite.reduce((sum, value) => sum + (value - rough), 0) / n;
  const scale = finite.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
  const squares = finite.reduce((sum, value) => sum + ((value - mean) / scale) ** 2, 0);
  return { n, mean, sd: scale * Math.sqrt(squares / (n - 1)), excluded };
}

/**
 * The t interval of a mean: mean ± t(1 - α/2, n - 1) · sd / √n (Student 1908). It takes the values as drawn independently from
 * something like a normal distribution. Null where n < 2 (the spread is unknown) or the spread is 0 (an interval of no width would
 * say more than is known).
 */
export function meanInterval({ n, mean, sd }: Sample, confidence: number): Interval | null {
  if (n < 2 || !(sd > 0)) return null;
  const half = upperPoint((1 - confidence) / 2, n - 1) * (sd / Math.sqrt(n));
  return { low: mean - half, high: mean + half };
}

/** `difference` is candidate minus baseline; `p` is two-sided. */
export interface WelchResult extends Interval { difference: number; df: number; t: number; p: number }

/**
 * Welch's t interval and test for the difference of two means with unequal variances (Welch 1947, Biometrika 34).
 * With v = sd²/n of each side: t = difference / √(v₁ + v₂), degrees of freedom (v₁ + v₂)² / (v₁²/(n₁ - 1) + v₂²/(n₂ - 1)) (Satterthwaite 1946).
 * Where one side has no spread its v is 0 and the degrees of freedom are the other's n - 1.
 * Null where n < 2 on a side, or neither has any spread.
 */
export function welch(baseline: Sample, candidate: Sample, confidence: number): WelchResult | null {
  if (baseline.n < 2 || candidate.n < 2) return null;
  // In units of the larger standard error, so that the squares neither overflow nor vanish.
  const errors = [baseline, candidate].map(({ sd, n }) => sd / Math.sqrt(n));
  const scale = Math.max(...errors);
  if (!(scale > 0)) return null;
  const [v1 = 0, v2 = 0] = errors.map((error) => (error / scale) ** 2);
  const df = (v1 + v2) ** 2 / (v1 ** 2 / (baseline.n - 1) + v2 ** 2 / (candidate.n - 1));
  const error = scale * Math.sqrt(v1 + v2);
  const difference = candidate.mean - baseline.mean;
  const t = difference / error;
  const half = upperPoint((1 - confidence) / 2, df) * error;
  return { difference, df, t, p: Math.min(1, 2 * studentTail(Math.abs(t), df)), low: difference - half, high: difference + half };
}
