/** How large a population stability index is where nothing has drifted: it is never zero, and on few rows it is large. */
import { binomial, random, type Random } from '../../evaluation/intervals/random';
import { psi } from '../measures/psi';

export interface Noise { psi_mean: number; psi_95: number }
const DRAWS = 100;
/** Of many categories fewer draws tell as much: each is a sum over all of them. */
const MOST_CELLS = 200_000;

/**
 * Both sides drawn anew from the reference's own shares, `draws` times, as many values as there are: mean and 95th percentile of PSI.
 * Null where a side has no values. The same seed, the same answer.
 */
export function psiNoise(reference: Float64Array, { n, m, seed, draws: most = DRAWS }: { n: number; m: number; seed: number; draws?: number }): Noise | null {
  const draws = Math.max(10, Math.min(most, Math.floor(MOST_CELLS / Math.max(1, reference.length))));
  const total = reference.reduce((sum, count) => sum + count, 0);
  if (total === 0 || n === 0 || m === 0) return null;
  const shares = reference.map((count) => count / total).filter((share) => share > 0);
  const found = Float64Array.from({ length: draws }, (_, draw) => {
    const from = random(seed, draw);
    return psi(multinomial(shares, n, from), multinomial(shares, m, from)) ?? 0;
  }).sort();
  return { psi_mean: found.reduce((sum, one) => sum + one, 0) / draws, psi_95: found[Math.ceil(draws * 0.95) - 1] ?? 0 };
}

/** Counts of `n` values over the shares: one conditional binomial after another. */
function multinomial(shares: Float64Array, n: number, from: Random): Float64Array {
  const counts = new Float64Array(shares.length);
  let [left, rest] = [n, 1];
  for (let k = 0; k < shares.length && left > 0; k++) {
    const share = shares[k] ?? 0;
    const drawn = k === shares.length - 1 ? left : binomial(from, left, Math.min(1, share / rest));
    counts[k] = drawn;
    left -= drawn;
    rest -= share;
  }
  return counts;
}
