import { addUp } from './shares';

/**
 * The Jensen-Shannon distance: the square root of the divergence (KL(p || m) + KL(q || m)) / 2 with m halfway between, in `base` (2: from 0 to 1).
 * Source: Endres & Schindelin, A new metric for probability distributions (2003). Edge cases: 0 ln 0 is 0; null where a side is empty.
 */
export function jensenShannon(reference: ArrayLike<number>, current: ArrayLike<number>, base = 2): number | null {
  const part = (share: number, middle: number): number => (share > 0 ? share * Math.log(share / middle) : 0);
  const sum = addUp(reference, current, (p, q) => part(p, (p + q) / 2) + part(q, (p + q) / 2));
  // Rounding can leave a hair below 0 where both are alike.
  return sum === null ? null : Math.sqrt(Math.max(0, sum / 2) / Math.log(base));
}
