/** What the calls cost, by a cost matrix of two classes. */
import { ratio } from './columns';
import type { Confusion } from './confusion';
import type { CostMatrix } from './thresholds';

/** Of each cell of the confusion matrix (`t * 2 + p`), `positive` being the class of that number. */
export function costCells({ tp, fp, fn, tn }: CostMatrix, positive: number): Float64Array {
  const costs = Float64Array.of(tn, tn, tn, tn);
  costs[positive * 2 + positive] = tp;
  costs[positive * 2 + (1 - positive)] = fn;
  costs[(1 - positive) * 2 + positive] = fp;
  return costs;
}

/** Mean cost a row: Σ cell · its cost / rows (Elkan 2001). A label outside the classes costs nothing, and its row counts. Null without rows. */
export function meanCost({ matrix, total }: Pick<Confusion, 'matrix' | 'total'>, costs: Float64Array): number | null {
  let sum = 0;
  for (let cell = 0; cell < matrix.length; cell++) sum += (matrix[cell] ?? 0) * (costs[cell] ?? 0);
  return ratio(sum, total);
}
