/** A bucket of a curve's rollup: what many points come to. Pure. */
import type { Stored } from './points';

/**
 * n points between the times tMin and tMax. lo and hi are the extremes of the finite values and odd is a value that isn't finite, each with where
 * it is: the first by step, then time; null where there is none.
 */
export interface Bucket { n: number; tMin: number; tMax: number; lo: Spot | null; hi: Spot | null; odd: Spot | null }
export interface Spot { step: number; t: number; value: Stored }

export const emptyBucket = (): Bucket => ({ n: 0, tMin: Infinity, tMax: -Infinity, lo: null, hi: null, odd: null });

const before = (step: number, t: number, spot: Spot): boolean => step < spot.step || (step === spot.step && t < spot.t);

export function addPoint(bucket: Bucket, step: number, t: number, value: Stored): void {
  bucket.n += 1;
  if (t < bucket.tMin) bucket.tMin = t;
  if (t > bucket.tMax) bucket.tMax = t;
  if (value === 'NaN' || value === Infinity || value === -Infinity) {
    if (!bucket.odd || before(step, t, bucket.odd)) bucket.odd = { step, t, value };
    return;
  }
  const { lo, hi } = bucket;
  if (!lo || value < (lo.value as number) || (value === lo.value && before(step, t, lo))) bucket.lo = { step, t, value };
  if (!hi || value > (hi.value as number) || (value === hi.value && before(step, t, hi))) bucket.hi = { step, t, value };
}

/** Adds what another bucket came to. */
export function addBucket(into: Bucket, other: Bucket): void {
  into.n += other.n;
  into.tMin = Math.min(into.tMin, other.tMin);
  into.tMax = Math.max(into.tMax, other.tMax);
  const { lo, hi, odd } = other;
  if (lo && (!into.lo || lo.value < into.lo.value || (lo.value === into.lo.value && before(lo.step, lo.t, into.lo)))) into.lo = lo;
  if (hi && (!into.hi || hi.value > into.hi.value || (hi.value === into.hi.value && before(hi.step, hi.t, into.hi)))) into.hi = hi;
  if (odd && (!into.odd || before(odd.step, odd.t, into.odd))) into.odd = odd;
}
