import { addUp } from './shares';

/**
 * Population stability index: sum (q - p) ln(q / p), p the reference's share of a bin and q the current one's, each at least `floor` and not made to add up to 1 again.
 * 0 where both are alike. The floor makes a bin that one side lacks count, and not for ever.
 * Source: Siddiqi, Credit Risk Scorecards (2006). Edge cases: null where a side is empty.
 */
export function psi(reference: ArrayLike<number>, current: ArrayLike<number>, floor = 1e-4): number | null {
  return addUp(reference, current, (p, q) => {
    const [low, high] = [Math.max(p, floor), Math.max(q, floor)];
    return (high - low) * Math.log(high / low);
  });
}
