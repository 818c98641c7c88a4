/** Seeded random numbers: the same seed gives the same numbers on every machine. Not for secrets. */

/** A whole number in [0, 2³²). */
export type Random = () => number;

/** One round of Murmur3's finaliser: neighbouring seeds give unrelated states. */
function mix(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * sfc32 (Doty-Humphrey, PractRand), period at least 2³². `stream` gives independent sequences of one seed, so that replicate r is the same
 * whichever worker draws it. Seeds are whole numbers up to 2⁵³.
 */
export function random(seed: number, stream = 0): Random {
  let a = mix(seed >>> 0);
  let b = mix(Math.floor(seed / 2 ** 32) ^ 0x9e3779b9);
  let c = mix(stream ^ 0x7f4a7c15);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) next();
  return next;
}

/**
 * Draws as many rows as there are, with replacement, and counts how often each came. The generator is written out in the loop, twice as fast
 * as called, from a state that `next` gives. Row numbers are drawn with a bias below rows / 2³².
 */
export function drawRows(weights: Uint16Array, next: Random): void {
  const rows = weights.length;
  const scale = rows / 2 ** 32;
  let [a, b, c, counter] = [next() | 0, next() | 0, next() | 0, 1];
  weights.fill(0);
  for (let drawn = 0; drawn < rows; drawn++) {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    const row = ((sum >>> 0) * scale) >>> 0;
    weights[row] = (weights[row] ?? 0) + 1;
  }
}

/** In (0, 1), with 32 bits: never 0 or 1. */
export const unit = (next: Random): number => (next() + 0.5) / 2 ** 32;

/**
 * How many of n tries succeed, each with chance p: by inversion where few are expected (Devroye 1986), else Hörmann's transformed rejection
 * BTRS (1993). Edge cases: p <= 0 gives 0, p >= 1 gives n.
 */
export function binomial(next: Random, n: number, p: number): number {
  if (n <= 0 || !(p > 0)) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(next, n, 1 - p);
  return n * p < 10 ? byInversion(next, n, p) : byRejection(next, n, p);
}

function byInversion(next: Random, n: number, p: number): number {
  const odds = p / (1 - p);
  let chance = Math.exp(n * Math.log1p(-p));
  let left = unit(next);
  let found = 0;
  while (left > chance && found < n) {
    left -= chance;
    found++;
    chance *= (odds * (n - found + 1)) / found;
  }
  return found;
}

function byRejection(next: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const c = n * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((n + 1) * p);
  const odds = p / (1 - p);
  for (;;) {
    const u = unit(next) - 0.5;
    let v = unit(next);
    const us = 0.5 - Math.abs(u);
    const found = Math.floor(((2 * a) / us + b) * u + c);
    if (found < 0 || found > n) continue;
    if (us >= 0.07 && v <= 0.92 - 4.2 / b) return found;
    v = Math.log((v * alpha) / (a / (us * us) + b));
    const bound = (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) + ((n + 1) * Math.log((n - mode + 1) / (n - found + 1)))
      + (found + 0.5) * Math.log((odds * (n - found + 1)) / (found + 1)) + correction(mode) + correction(n - mode) - correction(found) - correction(n - found);
    if (v <= bound) return found;
  }
}

const corrections = [0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.00833056343336287];

/** What Stirling's formula leaves of ln k!, in the form that Hörmann's bound uses. */
function correction(k: number): number {
  const known = corrections[k];
  if (known !== undefined) return known;
  const y = 1 / (k + 1);
  return (1 / 12 - (1 / 360 - y * y / 1260) * y * y) * y;
}

/** Places 0 to n - 1 in a random order (Fisher & Yates). The same seed and stream, the same order. */
export function shuffled(n: number, seed: number, stream: number): Int32Array {
  const next = random(seed, stream);
  const order = Int32Array.from({ length: n }, (_, at) => at);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(unit(next) * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}
