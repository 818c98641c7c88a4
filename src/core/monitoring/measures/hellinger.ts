import { addUp } from './shares';

/** The Hellinger distance: sqrt(sum (sqrt p - sqrt q)^2 / 2), from 0 to 1. Source: Hellinger (1909). Edge cases: null where a side is empty. */
export function hellinger(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const sum = addUp(reference, current, (p, q) => (Math.sqrt(p) - Math.sqrt(q)) ** 2);
  return sum === null ? null : Math.sqrt(sum / 2);
}
