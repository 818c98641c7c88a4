import type { BinaryColumns } from '../metrics/brier';
import { binOf, topConfidence, type ConfidenceColumns } from '../metrics/calibration';
import type { Codes } from '../metrics/columns';
import { multiclassAuc, rankClasses, type ClassRanking } from '../metrics/multiclass-auc';
import { averagePrecision } from '../metrics/average-precision';
import type { ProbabilityColumns } from '../metrics/log-loss';
import { cumulate, rank } from '../metrics/ranking';
import { binPass, rankingPass, weightedSum, type BinGaps, type Ranked } from './passes';
import type { RowFigures } from './resampled';

const usualBins = [10, 15] as const;
type CalibrationName = `${'ece' | 'mce'}_${'top' | 'pos'}_${number}`;
export type BinaryFigureName = 'roc_auc' | 'pr_auc' | 'log_loss' | 'brier' | CalibrationName;
export type MulticlassFigureName = 'roc_auc_ovr_macro' | 'roc_auc_ovr_weighted' | 'roc_auc_ovo_macro' | 'pr_auc_macro' | 'log_loss' | 'brier' | CalibrationName;

/**
 * The figures of a binary model's probabilities (the positive class's; the other's is taken as 1 - p), to be resampled by rows. `roc_auc` is here for the difference of two models and to be
 * held against DeLong's interval, which is the one to show. Null where a score is NaN.
 */
export function binaryFiguresToResample({ truth, scores, positive }: BinaryColumns, { bins = usualBins, probabilities = true }: { bins?: readonly number[]; probabilities?: boolean } = {}): RowFigures<BinaryFigureName> | null {
  const ranking = rank(scores);
  if (!ranking) return null;
  const { order } = ranking;
  const rows = order.length;
  const ranked: Ranked = { positive: new Uint8Array(rows), last: new Uint8Array(rows) };
  for (let group = 1; group < ranking.starts.length; group++) ranked.last[(ranking.starts[group] ?? 0) - 1] = 1;
  const sorted = new Float64Array(rows);
  for (let at = 0; at < rows; at++) {
    ranked.positive[at] = truth[order[at] ?? 0] === positive ? 1 : 0;
    sorted[at] = scores[order[at] ?? 0] ?? NaN;
  }
  const heads: BinaryFigureName[] = ['roc_auc', 'pr_auc'];
  if (!probabilities) return { names: heads, rows, order, statistic: (weights) => heading(ranked, weights) };
  const losses = new Float64Array(rows);
  const squares = new Float64Array(rows);
  const top = { probabilities: new Float64Array(rows), hits: new Uint8Array(rows) };
  for (let at = 0; at < rows; at++) {
    const [p, y] = [sorted[at] ?? NaN, ranked.positive[at] ?? 0];
    losses[at] = loss(y ? p : 1 - p);
    squares[at] = (p - y) * (p - y);
    top.probabilities[at] = Math.max(p, 1 - p);
    // Of equal ones the first class, as in `topConfidence`.
    const called = p > 0.5 || (p === 0.5 && positive === 0) ? 1 : 0;
    top.hits[at] = called === y ? 1 : 0;
  }
  const calibration = [...gapsOf('top', top, bins), ...gapsOf('pos', { probabilities: sorted, hits: ranked.positive }, bins)];
  const statistic = (weights: Uint16Array): (number | null)[] => {
    const n = weights.reduce((sum, weight) => sum + weight, 0);
    return [...heading(ranked, weights), n > 0 ? weightedSum(losses, weights) / n : null, n > 0 ? weightedSum(squares, weights) / n : null, ...calibrated(calibration, weights)];
  };
  return { names: [...heads, 'log_loss', 'brier', ...calibrationNames(calibration)], rows, order, statistic };
}

/** The same for several classes. Null where a probability is NaN. A resample without one of the classes leaves the means over classes undefined. */
export function multiclassFiguresToResample(columns: ProbabilityColumns, { bins = usualBins }: { bins?: readonly number[] } = {}): RowFigures<MulticlassFigureName> | null {
  const { truth, probabilities, k } = columns;
  const rankings = rankClasses({ ...columns, weights: undefined });
  if (rankings.some(({ ranking }) => ranking === null)) return null;
  const rows = truth.length;
  const losses = new Float64Array(rows);
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    losses[row] = loss(probabilities[row * k + (truth[row] ?? 0)] ?? NaN);
    for (let c = 0; c < k; c++) {
      const gap = (probabilities[row * k + c] ?? NaN) - (truth[row] === c ? 1 : 0);
      squares[row] = (squares[row] ?? 0) + gap * gap;
    }
  }
  const calibration = gapsOf('top', topConfidence({ truth, probabilities, k }), bins);
  const statistic = (weights: Uint16Array): (number | null)[] => {
    const n = weights.reduce((sum, weight) => sum + weight, 0);
    const auc = multiclassAuc({ truth, probabilities, k, weights }, rankings);
    return [auc.ovr_macro, auc.ovr_weighted, auc.ovo_macro, precisionMean(rankings, truth, weights), n > 0 ? weightedSum(losses, weights) / n : null, n > 0 ? weightedSum(squares, weights) / n : null, ...calibrated(calibration, weights)];
  };
  return { names: ['roc_auc_ovr_macro', 'roc_auc_ovr_weighted', 'roc_auc_ovo_macro', 'pr_auc_macro', 'log_loss', 'brier', ...calibrationNames(calibration)], rows, statistic };
}

const loss = (p: number): number => -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p)));

function heading(ranked: Ranked, weights: Uint16Array): (number | null)[] {
  const { auc, average_precision } = rankingPass(ranked, weights);
  return [auc, average_precision];
}

function precisionMean(rankings: readonly ClassRanking[], truth: Codes, weights: Uint16Array): number | null {
  let sum = 0;
  for (const [positive, { ranking }] of rankings.entries()) {
    const one = ranking && averagePrecision(cumulate(ranking, { truth, positive, weights }));
    if (one === null) return null;
    sum += one;
  }
  return rankings.length > 0 ? sum / rankings.length : null;
}

interface Named extends BinGaps { kind: 'top' | 'pos' }

function gapsOf(kind: 'top' | 'pos', { probabilities, hits }: ConfidenceColumns, bins: readonly number[]): Named[] {
  const gap = Float64Array.from(probabilities, (p, row) => (hits[row] ?? 0) - p);
  return bins.map((count) => ({ kind, bins: count, gap, bin: Uint16Array.from(probabilities, (p) => binOf(p, count)) }));
}

const calibrationNames = (all: readonly Named[]): CalibrationName[] => all.flatMap(({ kind, bins }) => [`ece_${kind}_${bins}`, `mce_${kind}_${bins}`] as const);

const calibrated = (all: readonly Named[], weights: Uint16Array): (number | null)[] => all.flatMap((one) => {
  const { ece, mce } = binPass(one, weights);
  return [ece, mce];
});
