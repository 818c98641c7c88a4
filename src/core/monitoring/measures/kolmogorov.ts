/** The distributions that Kolmogorov-Smirnov distances are held against. */
import { lnGamma } from '../../comparison/special';

const clip = (p: number): number => Math.min(1, Math.max(0, p));

/**
 * P(K >= t) of Kolmogorov's limit: 2 sum (-1)^(k-1) exp(-2 k^2 t^2), and its theta-transformed series for small t, which converges where that one doesn't.
 * Source: Kolmogorov (1933); Feller (1948). Edge cases: t <= 0 gives 1.
 */
export function kolmogorovTail(t: number): number {
  if (!(t > 0)) return Number.isNaN(t) ? NaN : 1;
  if (t < 1) {
    let sum = 0;
    for (let k = 1; k <= 20; k++) sum += Math.exp(-(((2 * k - 1) * Math.PI) ** 2) / (8 * t * t));
    return clip(1 - (Math.sqrt(2 * Math.PI) / t) * sum);
  }
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * t * t);
  return clip(2 * sum);
}

/**
 * P(D_n >= d): the two-sided one-sample distance of n values from the distribution that they come from.
 * Which formula serves where is Simard & L'Ecuyer's choice (2011, J. Stat. Soft. 39(11)): Ruben & Gambino at both ends, twice Smirnov's one-sided tail where both
 * sides can't be far off at once, Durbin's matrix (Marsaglia, Tsang & Wang 2003), and Pelz & Good's expansion (1976) for many values.
 * Edge cases: d <= 0 gives 1, d >= 1 gives 0; n below 1 or not whole gives NaN.
 */
export function kolmogorovSmirnovTail(n: number, d: number): number {
  if (!Number.isInteger(n) || n < 1 || Number.isNaN(d)) return NaN;
  if (d >= 1) return 0;
  const t = n * d;
  if (t <= 0.5) return 1;
  if (t <= 1) return clip(1 - Math.exp(lnGamma(n + 1) - n * Math.log(n) + n * Math.log(2 * t - 1)));
  if (t >= n - 1) return clip(2 * (1 - d) ** n);
  const scaled = t * d;
  if (scaled >= 370) return 0;
  if (d >= 0.5 || scaled >= (n <= 140 ? 4 : 2.2)) return clip(2 * smirnovTail(n, d));
  if (n <= 140 || (n <= 100_000 && n * d ** 1.5 <= 1.4)) return clip(1 - durbin(n, d));
  return clip(1 - pelzGood(n, d));
}

/** P(D_n+ >= d), one-sided. Source: Smirnov (1944), Birnbaum & Tingey (1951); beyond a million values his expansion exp(-(6 n d + 1)^2 / (18 n)). */
export function smirnovTail(n: number, d: number): number {
  if (n > 1_000_000) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
  const lnFactorial = lnGamma(n + 1);
  const last = Math.floor(n * (1 - d));
  let sum = 0;
  for (let j = 0; j <= last; j++) {
    const up = d + j / n;
    const down = 1 - up;
    if (down <= 0) {
      if (j === n) sum += up ** (n - 1);
      continue;
    }
    sum += Math.exp(lnFactorial - lnGamma(j + 1) - lnGamma(n - j + 1) + (j - 1) * Math.log(up) + (n - j) * Math.log(down));
  }
  return d * sum;
}

const LARGE = 2 ** 400;

/** P(D_n <= d) as (n! / n^n) times a middle element of the n-th power of a matrix of some 2 n d rows. */
function durbin(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const m = 2 * k - 1;
  const h = k - n * d;
  const edge = Array.from({ length: m }, (_, j) => 1 - h ** (j + 1));
  edge[m - 1] = 1 - 2 * h ** m + Math.max(0, 2 * h - 1) ** m;
  const inverse = Array.from({ length: m + 1 }, () => 1);
  for (let j = 1; j <= m; j++) inverse[j] = (inverse[j - 1] ?? 1) / j;
  const start = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const up = i - j + 1;
      if (up < 0) continue;
      const value = j === 0 ? (edge[i] ?? 0) : i === m - 1 ? (edge[m - 1 - j] ?? 0) : 1;
      start[i * m + j] = value * (inverse[up] ?? 0);
    }
  }
  const { matrix, twos } = power({ matrix: start, twos: 0 }, n, { m, middle: (k - 1) * m + k - 1 });
  let p = matrix[(k - 1) * m + k - 1] ?? 0;
  let exponent = twos;
  for (let i = 1; i <= n; i++) {
    p *= i / n;
    if (p < 1 / LARGE) {
      p *= LARGE;
      exponent -= 400;
    }
  }
  // In two steps, as 2^exponent alone may be beyond a double.
  const half = Math.trunc(exponent / 2);
  return p * 2 ** half * 2 ** (exponent - half);
}

/** A matrix times 2^twos. */
interface Scaled { matrix: Float64Array; twos: number }

function power(base: Scaled, n: number, { m, middle }: { m: number; middle: number }): Scaled {
  let result: Scaled | null = null;
  let square = base;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result ? scaled(multiply(result.matrix, square.matrix, m), result.twos + square.twos, middle) : square;
    if (left > 1) square = scaled(multiply(square.matrix, square.matrix, m), 2 * square.twos, middle);
  }
  return result ?? base;
}

function scaled(matrix: Float64Array, twos: number, middle: number): Scaled {
  if ((matrix[middle] ?? 0) < LARGE) return { matrix, twos };
  return { matrix: matrix.map((value) => value / LARGE), twos: twos + 400 };
}

function multiply(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const product = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = a[i * m + k] ?? 0;
      if (factor === 0) continue;
      for (let j = 0; j < m; j++) product[i * m + j] = (product[i * m + j] ?? 0) + factor * (b[k * m + j] ?? 0);
    }
  }
  return product;
}

/** P(D_n <= d) by Pelz & Good (1976): K0 + K1 / sqrt n + K2 / n + K3 / n^1.5 in z = d sqrt n, each in the form that converges for small z. */
function pelzGood(n: number, d: number): number {
  const z = d * Math.sqrt(n);
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const [pi2, pi4, pi6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  const [k0, k1, k2, k3] = [0, 0, 0, 0].map(() => ({ sum: 0 })) as [{ sum: number }, { sum: number }, { sum: number }, { sum: number }];
  for (let k = Math.ceil((16 * z) / Math.PI) + 1; k >= 1; k--) {
    const odd = (2 * k - 1) ** 2;
    const weight = Math.exp((-pi2 * odd) / (8 * z2));
    k0.sum += weight;
    k1.sum += weight * ((pi2 / 4) * odd - z2);
    k2.sum += weight * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * pi2 * odd) / 4 + (pi4 * (1 - 2 * z2) * odd ** 2) / 16);
    k3.sum += weight * (-30 * z6 - 90 * z8 + (pi2 * (135 * z4 - 96 * z6) * odd) / 4 + (pi4 * (212 * z4 - 60 * z2) * odd ** 2) / 16 + (pi6 * (5 - 30 * z2) * odd ** 3) / 64);
  }
  let even2 = 0;
  let even3 = 0;
  for (let k = Math.ceil((16 * z) / Math.PI) + 1; k >= 1; k--) {
    const weight = Math.exp((-pi2 * k * k) / (2 * z2));
    even2 += weight * k * k;
    even3 += weight * k * k * (3 * z2 - pi2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  return (root / z) * k0.sum + ((root / (6 * z4)) * k1.sum) / Math.sqrt(n)
    + ((root / (72 * z ** 7)) * k2.sum - ((pi2 * root) / (36 * z ** 3)) * even2) / n
    + ((root / (6480 * z ** 10)) * k3.sum + ((pi2 * root) / (216 * z6)) * even3) / n ** 1.5;
}
