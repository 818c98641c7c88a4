/** Counts of true against predicted classes: what accuracy, precision, recall, MCC and kappa are functions of. */
import { RunyardError } from '../../base/errors';
import { sameLength, totalWeight, type Codes, type Weights } from './columns';

/** `matrix[t * k + p]` is the weight of the rows of true class t predicted as p. A prediction outside the classes is in `unseen`, not in a column. */
export interface Confusion {
  k: number;
  matrix: Float64Array;
  /** By true class, unseen predictions included: the support. */
  actual: Float64Array;
  /** By predicted class. */
  called: Float64Array;
  correct: number;
  /** The weight of rows predicted as a label that isn't among the classes: wrong whatever the truth. */
  unseen: number;
  total: number;
}

export interface LabelColumns { truth: Codes; predicted: Codes; weights?: Weights | undefined }

/**
 * The confusion matrix of n rows and k classes, in one pass.
 * Edge cases: no rows gives zeros. A predicted code outside 0..k-1 counts as wrong and in `unseen` (add the label to the classes to see it
 * as one). A true code outside 0..k-1 has no row here and is refused (`bad_input`, naming the row): leave such rows out and say so.
 */
export function confusion({ truth, predicted, weights }: LabelColumns, k: number): Confusion {
  const rows = truth.length;
  sameLength(rows, { predicted, weights });
  totalWeight(rows, weights);
  const matrix = new Float64Array(k * k);
  const outside = new Float64Array(k);
  for (let row = 0; row < rows; row++) {
    const t = truth[row] ?? -1;
    const p = predicted[row] ?? -1;
    if (t < 0 || t >= k) throw new RunyardError('bad_input', `the true label of row ${row} is not among the ${k} classes`, 'Leave rows without a known label out, and list them.');
    const weight = weights ? (weights[row] ?? 0) : 1;
    if (p < 0 || p >= k) outside[t] = (outside[t] ?? 0) + weight;
    else matrix[t * k + p] = (matrix[t * k + p] ?? 0) + weight;
  }
  return confusionOf(matrix, outside);
}

/** The margins of a matrix of counts (k x k, rows true) and of what was predicted outside the classes, by true class. */
export function confusionOf(matrix: Float64Array, outside: Float64Array): Confusion {
  const k = outside.length;
  const actual = Float64Array.from(outside);
  const called = new Float64Array(k);
  let [correct, unseen, total] = [0, 0, 0];
  for (let t = 0; t < k; t++) {
    for (let p = 0; p < k; p++) {
      const cell = matrix[t * k + p] ?? 0;
      actual[t] = (actual[t] ?? 0) + cell;
      called[p] = (called[p] ?? 0) + cell;
    }
    correct += matrix[t * k + t] ?? 0;
    unseen += outside[t] ?? 0;
    total += actual[t] ?? 0;
  }
  return { k, matrix, actual, called, correct, unseen, total };
}

/** The matrix as rows of plain numbers, for JSON and pictures. */
export const matrixRows = ({ k, matrix }: Confusion): number[][] => Array.from({ length: k }, (_, t) => Array.from(matrix.subarray(t * k, (t + 1) * k)));
