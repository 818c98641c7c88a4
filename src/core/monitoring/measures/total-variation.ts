import { addUp, sharesOf } from './shares';

/** Total variation: half the sum of |p - q|, from 0 to 1: the largest difference in the share of any set of categories. Null where a side is empty. */
export function totalVariation(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const sum = addUp(reference, current, (p, q) => Math.abs(p - q));
  return sum === null ? null : sum / 2;
}

/** The largest |p - q| of one category. Null where a side is empty. */
export function lInfinity(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const p = sharesOf(reference);
  const q = sharesOf(current);
  return p && q ? p.reduce((most, share, i) => Math.max(most, Math.abs(share - (q[i] ?? 0))), 0) : null;
}
