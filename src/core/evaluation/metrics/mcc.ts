import type { Confusion } from './confusion';

/**
 * Matthews' correlation coefficient for any number of classes (Gorodkin 2004, Comput. Biol. Chem. 28), from -1 to 1:
 * (c s - Σ p t) / √((s² - Σ p²)(s² - Σ t²)) with c correct rows of s, t and p the true and predicted counts by class.
 * Edge cases: 0 where only one class is true or only one is predicted (scikit-learn's choice); null without rows.
 * Predictions outside the classes count as one more class that is never true.
 */
export function mcc({ k, actual, called, correct, unseen, total }: Confusion): number | null {
  if (total === 0) return null;
  // As shares, so that squares of large counts keep their digits.
  let [both, predictedSquares, trueSquares] = [0, (unseen / total) ** 2, 0];
  let [truths, calls] = [0, unseen > 0 ? 1 : 0];
  for (let c = 0; c < k; c++) {
    const [t, p] = [(actual[c] ?? 0) / total, (called[c] ?? 0) / total];
    both += t * p;
    predictedSquares += p * p;
    trueSquares += t * t;
    truths += t > 0 ? 1 : 0;
    calls += p > 0 ? 1 : 0;
  }
  if (truths < 2 || calls < 2) return 0;
  return Math.max(-1, Math.min(1, (correct / total - both) / Math.sqrt((1 - predictedSquares) * (1 - trueSquares))));
}
