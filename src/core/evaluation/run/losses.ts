/** What each row of an evaluation costs, and the score it is sorted by. */
import type { Scored, ScoredModel } from './scored';

/** 0/1 for classes, |predicted - true| for numbers; NaN where the row has no label or no prediction, or a ranking has no labels of its own. */
export function losses({ rows, truth, truthNumbers }: Pick<Scored, 'rows' | 'truth' | 'truthNumbers'>, { predicted, numbers }: ScoredModel): Float64Array {
  const out = new Float64Array(rows).fill(NaN);
  if (truthNumbers && numbers) for (let row = 0; row < rows; row++) out[row] = Math.abs((numbers[row] ?? NaN) - (truthNumbers[row] ?? NaN));
  else if (truth && predicted) {
    for (let row = 0; row < rows; row++) {
      const [t, p] = [truth[row] ?? -1, predicted[row] ?? -1];
      if (t >= 0 && p >= 0) out[row] = t === p ? 0 : 1;
    }
  }
  return out;
}

/** The positive class's probability or score; of several classes the predicted one's probability. Null for a regression and for labels alone. */
export function scoreOf({ rows, classes, positive }: Pick<Scored, 'rows' | 'classes' | 'positive'>, { predicted, probabilities, scores }: ScoredModel): Float64Array | null {
  if (scores) return scores;
  if (!probabilities) return null;
  const k = classes.length;
  const out = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const c = positive ?? predicted?.[row] ?? -1;
    out[row] = c >= 0 && c < k ? (probabilities[row * k + c] ?? NaN) : NaN;
  }
  return out;
}
