import { gapsOf } from './gaps';
import type { Sample } from './sample';

export interface Wasserstein { /** in the column's unit */ wasserstein: number | null; /** in reference standard deviations (n below); null where that is 0 */ wasserstein_norm: number | null }

/**
 * The first Wasserstein distance: the area between the two empirical distribution functions, by one walk over both sorted samples.
 * Source: Vallender (1974). Edge cases: null where a side is empty.
 */
export function wasserstein(reference: Sample, current: Sample): Wasserstein {
  const area = gapsOf(reference, current)?.area;
  if (area === undefined) return { wasserstein: null, wasserstein_norm: null };
  const deviation = Math.sqrt(reference.squares / reference.sorted.length);
  return { wasserstein: area, wasserstein_norm: deviation > 0 ? area / deviation : null };
}

/** How far the mean moved, in reference standard deviations (n below). Null where a side is empty or the reference is constant. */
export function meanShift(reference: Sample, current: Sample): number | null {
  if (reference.sorted.length === 0 || current.sorted.length === 0) return null;
  const deviation = Math.sqrt(reference.squares / reference.sorted.length);
  return deviation > 0 ? (current.mean - reference.mean) / deviation : null;
}
