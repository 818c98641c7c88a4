/** ROC AUC and average precision over more than two classes. */
import { defined, sameLength, totalWeight } from './columns';
import type { ProbabilityColumns } from './log-loss';
import { rank, type Ranking } from './ranking';

/** By class: its probabilities as a column of their own, sorted once. Null where one is NaN. */
export interface ClassRanking { scores: Float64Array; ranking: Ranking | null }

export function rankClasses({ truth, probabilities, k, weights }: ProbabilityColumns): ClassRanking[] {
  sameLength(truth.length * k, { probabilities });
  totalWeight(truth.length, weights);
  return Array.from({ length: k }, (_, c) => {
    const scores = new Float64Array(truth.length);
    for (let row = 0; row < scores.length; row++) scores[row] = probabilities[row * k + c] ?? NaN;
    return { scores, ranking: rank(scores) };
  });
}

/** What one walk down a class's ranking gives. Null with that class only, without it, or with a NaN. */
export interface ClassFigures {
  auc: number | null;
  average_precision: number | null;
  /** The AUC among the rows of this class and each other one, in the order of their codes; NaN where either doesn't occur. */
  against: Float64Array;
  weight: number;
}

export interface MulticlassAuc {
  per_class: (number | null)[];
  ovr_macro: number | null;
  ovr_weighted: number | null;
  ovo_macro: number | null;
  average_precision: (number | null)[];
  pr_auc_macro: number | null;
}

/**
 * One against the rest, by class: the AUC of p_c for the rows of class c. `ovr_macro` is their plain mean, `ovr_weighted` by true count
 * (Provost & Domingos 2000). One against one, `ovo_macro`: the plain mean over pairs of classes a, b of (AUC of a by p_a + AUC of b by p_b) / 2
 * among the rows of a and b (Hand & Till 2001). Average precision by class, and its plain mean. Probabilities are taken as they are.
 * Edge cases: a class that doesn't occur, or is the only one, has no AUC (null), and then neither has a mean; NaN gives null.
 */
export function multiclassAuc(columns: ProbabilityColumns, rankings: readonly ClassRanking[]): MulticlassAuc {
  return combined(rankings.map(({ ranking }, c) => (ranking ? classWalk(columns, ranking, c) : null)));
}

/** The means over classes of what each class's walk gave. */
export function combined(classes: readonly (ClassFigures | null)[]): MulticlassAuc {
  const k = classes.length;
  const total = classes.reduce((sum, one) => sum + (one?.weight ?? 0), 0);
  const mean = (value: (one: ClassFigures) => number | null, share: (one: ClassFigures) => number): number | null => {
    let sum = 0;
    for (const one of classes) {
      const found = one && value(one);
      if (one === null || found === null) return null;
      sum += found * share(one);
    }
    return k > 0 ? sum : null;
  };
  const plain = (): number => 1 / k;
  return {
    per_class: classes.map((one) => one?.auc ?? null),
    ovr_macro: mean((one) => one.auc, plain),
    ovr_weighted: mean((one) => one.auc, (one) => one.weight / total),
    ovo_macro: k > 1 ? mean((one) => defined(one.against.reduce((sum, auc) => sum + auc, 0) / (k - 1)), plain) : null,
    average_precision: classes.map((one) => one?.average_precision ?? null),
    pr_auc_macro: mean((one) => one.average_precision, plain),
  };
}

/** Down the ranking of class a's probabilities: how much of class a lies above each row of the others, rows of one score half. */
export function classWalk({ truth, k, weights }: Omit<ProbabilityColumns, 'probabilities'>, { order, starts, thresholds }: Ranking, a: number): ClassFigures {
  const areas = new Float64Array(k);
  const totals = new Float64Array(k);
  let [tp, all, precision] = [0, 0, 0];
  for (let group = 0; group < thresholds.length; group++) {
    const [start, end] = [starts[group] ?? 0, starts[group + 1] ?? 0];
    const before = tp;
    for (let at = start; at < end; at++) {
      const row = order[at] ?? 0;
      if (truth[row] === a) tp += weights ? (weights[row] ?? 0) : 1;
    }
    const above = (before + tp) / 2;
    for (let at = start; at < end; at++) {
      const row = order[at] ?? 0;
      const c = truth[row] ?? -1;
      const weight = weights ? (weights[row] ?? 0) : 1;
      all += weight;
      if (c < 0 || c >= k) continue;
      areas[c] = (areas[c] ?? 0) + weight * above;
      totals[c] = (totals[c] ?? 0) + weight;
    }
    if (tp > before) precision += ((tp - before) * tp) / all;
  }
  return ofWalk({ tp, all, precision, areas, totals }, a);
}

/** What a walk down class a's ranking counted: rows of the class, all rows, Σ precision, and by other class the rows of a above its own and how many those are. */
export interface ClassWalk { tp: number; all: number; precision: number; areas: Float64Array; totals: Float64Array }

export function ofWalk({ tp, all, precision, areas, totals }: ClassWalk, a: number): ClassFigures {
  const others = all - tp;
  let area = 0;
  for (let b = 0; b < areas.length; b++) area += b === a ? 0 : (areas[b] ?? 0);
  const known = tp > 0 && others > 0;
  const against = new Float64Array(Math.max(0, areas.length - 1));
  for (let b = 0, at = 0; b < areas.length; b++) if (b !== a) against[at++] = (areas[b] ?? 0) / tp / (totals[b] ?? 0);
  return { auc: known ? Math.min(1, area / tp / others) : null, average_precision: known ? Math.min(1, precision / tp) : null, weight: tp, against };
}
