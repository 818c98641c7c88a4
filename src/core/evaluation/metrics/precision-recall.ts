/** Precision, recall, F-beta and specificity: by class, and their means over classes. */
import { ratio } from './columns';
import type { Confusion } from './confusion';

export interface ClassMetrics { precision: number; recall: number; f1: number; support: number }

const orZero = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Precision (of those called c, how many are c), recall and F1 of one class; 0 where the denominator is 0, as scikit-learn's default does. */
export function classMetrics({ k, matrix, actual, called }: Confusion, c: number): ClassMetrics {
  const hits = matrix[c * k + c] ?? 0;
  const [support, calls] = [actual[c] ?? 0, called[c] ?? 0];
  return { precision: orZero(hits, calls), recall: orZero(hits, support), f1: orZero(2 * hits, support + calls), support };
}

/**
 * F-beta of one class: (1 + b²) tp / (b² (tp + fn) + tp + fp) (van Rijsbergen 1979); b above 1 weighs recall more. 0 where the denominator is 0.
 * b = 1 is F1, b = 0 precision, b = Infinity recall.
 */
export function fBeta({ k, matrix, actual, called }: Confusion, c: number, beta: number): number {
  const hits = matrix[c * k + c] ?? 0;
  const [support, calls] = [actual[c] ?? 0, called[c] ?? 0];
  if (beta === Infinity) return orZero(hits, support);
  return orZero((1 + beta * beta) * hits, beta * beta * support + calls);
}

/** Specificity of one class: of the rows that aren't c, how many weren't called c, tn / (tn + fp). Null where every row is of class c. */
export function specificity({ k, matrix, actual, called, total }: Confusion, c: number): number | null {
  const others = total - (actual[c] ?? 0);
  return ratio(others - ((called[c] ?? 0) - (matrix[c * k + c] ?? 0)), others);
}

export interface Averages { precision: number; recall: number; f1: number }
export interface AveragedMetrics { macro: Averages; weighted: Averages; micro: Averages; f1_macro_all_labels: number }

/**
 * Means over classes. Macro: plain, over the classes that occur among the true or predicted labels (scikit-learn's default);
 * `f1_macro_all_labels` over all k. Weighted: by support. Micro: from the pooled counts; where every prediction is one of the classes,
 * all three micro figures are the accuracy. Null without rows. A prediction outside the classes lowers the recall of its row's class.
 */
export function averages(counts: Confusion): AveragedMetrics | null {
  const { k, actual, called, correct, total, unseen } = counts;
  if (total === 0) return null;
  const macro = { precision: 0, recall: 0, f1: 0 };
  const weighted = { precision: 0, recall: 0, f1: 0 };
  let [present, allF1] = [0, 0];
  for (let c = 0; c < k; c++) {
    const one = classMetrics(counts, c);
    allF1 += one.f1;
    if ((actual[c] ?? 0) === 0 && (called[c] ?? 0) === 0) continue;
    present++;
    for (const name of ['precision', 'recall', 'f1'] as const) {
      macro[name] += one[name];
      weighted[name] += (one[name] * one.support) / total;
    }
  }
  for (const name of ['precision', 'recall', 'f1'] as const) macro[name] /= present;
  const calls = total - unseen;
  return { macro, weighted, micro: { precision: orZero(correct, calls), recall: correct / total, f1: (2 * correct) / (calls + total) }, f1_macro_all_labels: allF1 / k };
}
