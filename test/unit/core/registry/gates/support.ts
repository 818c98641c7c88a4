/** Evaluations as gates see them, from counts: what two models did on the same rows. */
import { sampleEvaluation } from '../../../../support/evaluation-doc';
import { gateConfig, type GateConfig, type GateOf } from '../../../../../src/core/config/registry';
import { mcnemar, waldPaired } from '../../../../../src/core/evaluation/intervals/mcnemar';
import { pairedMean } from '../../../../../src/core/evaluation/intervals/mean';
import type { Compared, EvaluationDoc, SliceResult } from '../../../../../src/protocol/evaluation/result';

export const gate = <K extends GateConfig['gate']>(kind: K, rest: Record<string, unknown> = {}): GateOf<K> => gateConfig.parse({ gate: kind, ...rest }) as GateOf<K>;

/** Rows; those that only live gets right, and only the candidate; live's share of right ones. */
export interface Counts { n: number; lost: number; won: number; right?: number }

export function compared({ n, lost, won, right = 0.8 }: Counts): Compared {
  const counts = { only_baseline_right: lost, only_candidate_right: won, n };
  const interval = waldPaired(counts);
  const diff = (won - lost) / n;
  const p = mcnemar(counts).exact;
  return {
    comparison: { ...counts, accuracy_baseline: right, accuracy_candidate: right + diff, diff, mcnemar_exact_p: p, p, wald_paired95: interval },
    verdict: { metric: 'accuracy', goal: 'maximize', word: 'cannot tell', difference: diff, interval, p, method: 'mcnemar', rowsToTell: null, reason: '' },
    differences: interval ? { accuracy: { difference: diff, low: interval[0], high: interval[1], method: 'wald' }, roc_auc: { difference: 0.02, low: 0.01, high: 0.03, method: 'delong' } } : {}, failed: false,
  };
}

/** |error| of the candidate minus live's, by row. */
export function errors(differences: readonly number[], live = 10): Compared {
  const found = pairedMean(Float64Array.from(differences));
  const [difference, interval, p] = [found?.difference ?? null, found?.interval ?? null, found?.p ?? null];
  return {
    comparison: { n: differences.length, mae_baseline: live, mae_candidate: live + (difference ?? 0), diff: difference, p, paired_t95: interval },
    verdict: { metric: 'mae', goal: 'minimize', word: 'cannot tell', difference, interval, p, method: 'paired t', rowsToTell: null, reason: '' },
    differences: interval && difference !== null ? { mae: { difference, low: interval[0], high: interval[1], method: 'paired t' } } : {}, failed: false,
  };
}

export const slice = (name: string, what: Compared | null, more: Partial<SliceResult> = {}): SliceResult => ({
  name, spec: { name, where: 'a > 1', minSupport: 30, thresholds: {} }, unscored: 0, figures: { n: Number(what?.comparison['n'] ?? 0), accuracy: 0.8 }, intervals: { accuracy: { low: 0.7, high: 0.9, method: 'wilson' } },
  vs_rest: null, harm: null, outcome: 'pass', checks: [], compared: what, ...more,
});

/** Better overall unless said otherwise, with these slices. */
export function doc(slices: readonly SliceResult[] = [], more: Partial<EvaluationDoc> = {}, whole: Compared | null = compared({ n: 1000, lost: 20, won: 80 })): EvaluationDoc {
  const sample = sampleEvaluation();
  return {
    ...sample, warnings: [], unscored: { count: 0, reasons: {}, first: [] }, baselineUnscored: { count: 0, reasons: {}, first: [] }, pinned: [], slices: [...slices],
    overall: { ...sample.overall, figures: { ...sample.overall.figures, n: 1000 }, compared: whole, checks: [] }, baselineOverall: whole ? { figures: { n: 1000, accuracy: 0.8, roc_auc: 0.93 }, intervals: {} } : null, ...more,
  };
}
