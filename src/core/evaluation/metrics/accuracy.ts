/** How often the predicted label is right. */
import { ratio } from './columns';
import type { Confusion } from './confusion';

/** Correct / all. Null without rows. */
export const accuracy = ({ correct, total }: Confusion): number | null => ratio(correct, total);

/**
 * The mean of recall over the classes that occur among the true labels (scikit-learn's `balanced_accuracy_score`, not adjusted for chance).
 * Null without rows; with one class it is that class's recall.
 */
export function balancedAccuracy({ k, matrix, actual }: Confusion): number | null {
  let [sum, classes] = [0, 0];
  for (let c = 0; c < k; c++) {
    const support = actual[c] ?? 0;
    if (support === 0) continue;
    sum += (matrix[c * k + c] ?? 0) / support;
    classes++;
  }
  return ratio(sum, classes);
}
