/** ROC AUC over more than two classes. */
import { sameLength, totalWeight } from './columns';
import type { ProbabilityColumns } from './log-loss';
import { cumulate, rank, type Ranking } from './ranking';
import { rocAuc } from './roc';

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

export interface MulticlassAuc {
  per_class: (number | null)[];
  ovr_macro: number | null;
  ovr_weighted: number | null;
  ovo_macro: number | null;
}

/**
 * One against the rest, by class: the AUC of p_c for the rows of class c. `ovr_macro` is their plain mean, `ovr_weighted` by true count
 * (Provost & Domingos 2000). One against one, `ovo_macro`: the plain mean over pairs of classes a, b of (AUC of a by p_a + AUC of b by p_b) / 2
 * among the rows of a and b (Hand & Till 2001). Probabilities are taken as they are.
 * Edge cases: a class that doesn't occur, or is the only one, has no AUC (null), and then neither has a mean; NaN gives null.
 */
export function multiclassAuc(columns: ProbabilityColumns, rankings: readonly ClassRanking[]): MulticlassAuc {
  const { truth, k, weights } = columns;
  const counts = new Float64Array(k);
  const perClass = rankings.map(({ ranking }, c) => {
    const curve = ranking && cumulate(ranking, { truth, positive: c, weights });
    counts[c] = curve?.positives ?? 0;
    return curve && rocAuc(curve);
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const known = perClass.filter((auc) => auc !== null);
  const all = known.length === k && k > 0;
  return {
    per_class: perClass,
    ovr_macro: all ? known.reduce((sum, auc) => sum + auc, 0) / k : null,
    ovr_weighted: all ? known.reduce((sum, auc, c) => sum + auc * ((counts[c] ?? 0) / total), 0) : null,
    ovo_macro: all && k > 1 ? pairs(columns, rankings) : null,
  };
}

function pairs(columns: ProbabilityColumns, rankings: readonly ClassRanking[]): number | null {
  const { k } = columns;
  let sum = 0;
  for (const [a, { ranking }] of rankings.entries()) {
    if (!ranking) return null;
    for (const auc of againstEach(columns, ranking, a)) sum += auc;
  }
  return sum / (k * (k - 1));
}

/** The AUC of class a by p_a among the rows of a and b, for each other b: one walk down the ranking for all. */
function againstEach({ truth, k, weights }: ProbabilityColumns, { order, starts, thresholds }: Ranking, a: number): number[] {
  const areas = new Float64Array(k);
  const totals = new Float64Array(k);
  const inGroup = new Float64Array(k);
  for (let group = 0; group < thresholds.length; group++) {
    inGroup.fill(0);
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) {
      const row = order[at] ?? 0;
      const c = truth[row] ?? -1;
      if (c >= 0 && c < k) inGroup[c] = (inGroup[c] ?? 0) + (weights ? (weights[row] ?? 0) : 1);
    }
    const above = (totals[a] ?? 0) + (inGroup[a] ?? 0) / 2;
    for (let b = 0; b < k; b++) {
      areas[b] = (areas[b] ?? 0) + (inGroup[b] ?? 0) * above;
      totals[b] = (totals[b] ?? 0) + (inGroup[b] ?? 0);
    }
  }
  return Array.from(areas, (area, b) => area / (totals[a] ?? 0) / (totals[b] ?? 0)).filter((_, b) => b !== a);
}
