/** How unsure a model is of a row. Pure. */

/** Below it nobody needs to be asked: the likeliest class leads the next by more than 0.8. */
export const LEAST_UNCERTAIN = 0.2;

/**
 * 1 - (p₁ - p₂), the margin between the two likeliest classes (Scheffer et al. 2001): 1 where they are even, 0 where one is certain. `entropy`: Shannon's, as a share of the largest
 * (ln k), which tells rows of the same margin apart. Probabilities need not sum to 1. Null with fewer than two classes, or where one is missing.
 */
export function uncertaintyOf(probabilities: readonly number[]): { margin: number; entropy: number } | null {
  if (probabilities.length < 2 || !probabilities.every((p) => Number.isFinite(p) && p >= 0)) return null;
  const sum = probabilities.reduce((total, p) => total + p, 0);
  if (!(sum > 0)) return null;
  let [first, second, entropy] = [0, 0, 0];
  for (const raw of probabilities) {
    const p = raw / sum;
    if (p > first) [first, second] = [p, first];
    else if (p > second) second = p;
    if (p > 0) entropy -= p * Math.log(p);
  }
  return { margin: Math.max(0, Math.min(1, 1 - (first - second))), entropy: Math.max(0, Math.min(1, entropy / Math.log(probabilities.length))) };
}

/** A lone score in [0, 1] is the chance of one of two classes; null of any other. */
export const uncertaintyOfScore = (score: number): ReturnType<typeof uncertaintyOf> => (score >= 0 && score <= 1 ? uncertaintyOf([score, 1 - score]) : null);
