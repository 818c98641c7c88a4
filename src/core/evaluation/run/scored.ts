/** An evaluation's rows once they are scored: what every figure is computed from. Rows are in the order of the data, unscored ones among them. */
import type { Task } from '../../../protocol/evaluation/request';

/** Of one model. `predicted`: place in `classes`, -1 where there is no prediction, `classes.length` for a label that is none of the classes. */
export interface ScoredModel {
  predicted: Int32Array | null;
  /** a regression's; NaN where there is none */
  numbers: Float64Array | null;
  /** rows x classes */
  probabilities: Float64Array | null;
  /** of the positive class where it is no probability (ranking), else null */
  scores: Float64Array | null;
  /** row → why it has no prediction */
  unscored: ReadonlyMap<number, string>;
}

export interface Scored {
  rows: number; task: Task;
  classes: readonly string[]; /** place in `classes`, null for multiclass and regression */ positive: number | null;
  ids: readonly string[];
  /** place in `classes`, -1 where the label is missing or none of them; null for a regression */
  truth: Int32Array | null;
  /** a regression's label; NaN where it is missing */
  truthNumbers: Float64Array | null;
  /** row → why it can't be evaluated whatever the model says: no label, or an unknown one */
  unlabelled: ReadonlyMap<number, string>;
  model: ScoredModel; baseline: ScoredModel | null;
  /** values of the split column; null where there is none */
  split: readonly string[] | null;
  /** 1 where the row is in the slice, in the order of the request's slices */
  slices: readonly Uint8Array[];
}

/** Rows that have a label and a prediction of the model (and of the baseline, where both are asked for), ascending. */
export function usableRows({ rows, unlabelled, model, baseline }: Scored, both: boolean): Int32Array {
  const usable = new Int32Array(rows);
  let n = 0;
  for (let row = 0; row < rows; row++) {
    if (unlabelled.has(row) || model.unscored.has(row) || (both && baseline?.unscored.has(row))) continue;
    usable[n++] = row;
  }
  return usable.slice(0, n);
}
