/** SliceLine's score and its bound (Sagadeeva & Boehm, SIGMOD 2021, definitions 1 and 3, equations 1 to 5). */

/** What the score depends on besides the slice: rows in all, their mean loss, the weight of loss against size, the least support. */
export interface Scale { rows: number; mean: number; alpha: number; minSupport: number }

/** Scores closer than this (relative to 1 or the score) are one: sums of the same losses in another order differ by less. */
export const tie = 1e-11;

/**
 * α (mean loss of the slice / mean loss - 1) - (1 - α) (rows / size - 1), from the slice's size and the sum of its losses. The whole
 * table scores 0; a slice is of interest above 0. Needs size > 0 and a mean loss > 0.
 */
export function sliceScore(size: number, sum: number, { rows, mean, alpha }: Scale): number {
  return alpha * (sum / size / mean - 1) - (1 - alpha) * (rows / size - 1);
}

/**
 * No slice within one (or within several) whose size, sum and largest loss are at most these scores above this. A subset of s rows
 * sums to at most min(sum, s · largest). As a function of s the bound rises up to s = sum / largest and is monotone after it, so
 * its maximum over minSupport <= s <= size lies at that point or at the end. -Infinity where nothing can qualify: too small, or no loss.
 */
export function scoreBound(size: number, sum: number, largest: number, scale: Scale): number {
  if (size < scale.minSupport || !(sum > 0)) return -Infinity;
  const turn = Math.min(size, Math.max(scale.minSupport, sum / largest));
  return Math.max(sliceScore(turn, Math.min(sum, turn * largest), scale), sliceScore(size, Math.min(sum, size * largest), scale));
}
