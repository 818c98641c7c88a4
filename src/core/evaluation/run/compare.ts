/** Champion and candidate on the same rows. */
import type { EvaluationRequest } from '../../../protocol/evaluation/request';
import type { Comparison, PairVerdict } from '../../../protocol/evaluation/result';
import { deLongPaired, type DeLongDifference } from '../intervals/delong';
import type { Bounds } from '../intervals/interval';
import { compareAccuracy, rowsToTell } from '../intervals/mcnemar';
import { pairedMean } from '../intervals/mean';
import { normalQuantile } from '../intervals/normal';
import { rank, type Ranking } from '../metrics/ranking';
import { errorsOf } from './against-rest';
import { shown } from './checks';
import type { Part } from './part';

export type Gate = EvaluationRequest['gate'];
export interface Pair { baseline: Part; candidate: Part }
/** In the main figure, before many slices are corrected for: `p` and `interval` as the reference files have them. */
export interface Compared { comparison: Comparison; metric: string; goal: 'maximize' | 'minimize'; n: number; difference: number | null; interval: Bounds | null; p: number | null; method: string; /** rows in all that it would take to tell */ needed: number | null }

/**
 * Candidate minus baseline. Classes: accuracy by McNemar's exact test and Wald's interval of paired proportions. Numbers: |error| by the paired t.
 * A ranking without labels: ROC AUC by DeLong's paired test. Keys are those of reference files.
 */
export function compareMain({ baseline, candidate }: Pair): Compared {
  if (candidate.of.task === 'regression') return errors(baseline, candidate);
  if (baseline.predicted && candidate.predicted) return accuracies(baseline, candidate);
  return aucs({ baseline, candidate });
}

function accuracies(baseline: Part, candidate: Part): Compared {
  const found = compareAccuracy(right(baseline), right(candidate));
  const comparison = { ...found, p: found.mcnemar_exact_p };
  return { comparison, metric: 'accuracy', goal: 'maximize', n: found.n, difference: found.diff, interval: found.wald_paired95, p: found.n > 0 ? found.mcnemar_exact_p : null, method: 'mcnemar', needed: rowsToTell(found) };
}

function right({ truth, predicted, n }: Part): Uint8Array {
  const out = new Uint8Array(n);
  for (let row = 0; row < n; row++) out[row] = truth[row] === predicted?.[row] ? 1 : 0;
  return out;
}

function errors(baseline: Part, candidate: Part): Compared {
  const [before, after] = [errorsOf(baseline), errorsOf(candidate)];
  const n = after.length;
  const found = pairedMean(after.map((error, row) => error - (before[row] ?? NaN)));
  const mean = (values: Float64Array): number | null => (n > 0 ? values.reduce((sum, value) => sum + value, 0) / n : null);
  const [difference, interval, p] = [found?.difference ?? null, found?.interval ?? null, found?.p ?? null];
  const comparison = { n, mae_baseline: mean(before), mae_candidate: mean(after), diff: difference, p, paired_t95: interval };
  return { comparison, metric: 'mae', goal: 'minimize', n, difference, interval, p, method: 'paired t', needed: neededFor({ difference, interval, n }) };
}

function aucs(pair: Pair): Compared {
  const found = compareAuc(pair);
  const n = pair.candidate.n;
  const [difference, interval, p] = [found?.difference ?? null, found?.interval ?? null, found?.p ?? null];
  const comparison = { n, roc_auc_baseline: found?.baseline ?? null, roc_auc_candidate: found?.candidate ?? null, diff: difference, p, delong_paired95: interval };
  return { comparison, metric: 'roc_auc', goal: 'maximize', n, difference, interval, p, method: 'delong', needed: neededFor({ difference, interval, n }) };
}

/** The difference of two AUCs, of the positive class's score. Null where one is undefined. */
export function compareAuc({ baseline, candidate }: Pair): DeLongDifference | null {
  const positive = candidate.of.positive;
  if (positive === null || !baseline.scores || !candidate.scores) return null;
  const [before, after] = [rankingOf(baseline), rankingOf(candidate)];
  return before && after && deLongPaired({ truth: candidate.truth, positive }, before, after);
}

const rankingOf = ({ scores, places, of }: Part): Ranking | null => (places ? scores && rank(scores) : of.ranking);

/** Rows for the interval to leave out 0 in four of five cases, were difference and spread as they are: the half width falls with the root of the rows. */
function neededFor({ difference, interval, n }: { difference: number | null; interval: Bounds | null; n: number }): number | null {
  if (difference === null || interval === null || difference === 0) return null;
  const sd = ((interval[1] - interval[0]) / 2 / normalQuantile(0.975)) * Math.sqrt(n);
  return Math.ceil((((normalQuantile(0.975) + normalQuantile(0.8)) * sd) / difference) ** 2);
}

const most = 1e9;

/**
 * Better or worse: the test says so at the gate's alpha (`p`: corrected where there are several slices). Same: no difference that matters, the whole interval within
 * `maxWorsening` on both sides, or not one row told apart. Else nobody can tell, and `rowsToTell` more rows of this kind would, were the difference what it seems.
 */
export function verdictOf(compared: Compared, gate: Gate, p = compared.p): PairVerdict {
  const { metric, goal, n, difference, interval, method, needed } = compared;
  const told = (word: PairVerdict['word'], reason: string, more: number | null = null): PairVerdict => ({ metric, goal, word, difference, interval, p, method, rowsToTell: more, reason });
  if (difference === null || n === 0) return told('cannot tell', n === 0 ? 'no rows that both models scored' : `${metric} is undefined on these rows`);
  const improves = goal === 'maximize' ? difference : -difference;
  const by = `${metric} differs by ${signed(difference)}${interval ? ` (${signed(interval[0])} to ${signed(interval[1])})` : ''} over ${n} rows`;
  if (n < gate.minSupport) return told('cannot tell', `${by}, and ${gate.minSupport} rows are asked for`, gate.minSupport - n);
  if (p !== null && p < gate.alpha && improves !== 0) return told(improves > 0 ? 'better' : 'worse', by);
  if (interval && interval[0] === 0 && interval[1] === 0) return told('same', `both models do alike on all ${n} rows`);
  if (interval && gate.maxWorsening > 0 && interval[0] >= -gate.maxWorsening && interval[1] <= gate.maxWorsening) return told('same', `${by}: not more than ${shown(gate.maxWorsening)} either way`);
  const more = needed === null || needed > most ? null : Math.max(1, needed - n);
  return told('cannot tell', more === null ? by : `${by}: some ${more} more rows like these would tell, were the difference what it seems`, more);
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${shown(value)}`;

/** A slice fails the gate when it is worse by more than may be, and the corrected test says that it is worse. */
export function failsGate({ n, difference, goal }: Compared, gate: Gate, p: number | null): boolean {
  if (n < gate.minSupport || difference === null || p === null) return false;
  const worsening = goal === 'maximize' ? -difference : difference;
  return worsening > gate.maxWorsening && worsening > 0 && p < gate.alpha;
}
