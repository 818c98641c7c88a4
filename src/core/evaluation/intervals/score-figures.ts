import type { BinaryColumns } from '../metrics/brier';
import type { Codes } from '../metrics/columns';
import { binOf, topConfidence, type ConfidenceColumns } from '../metrics/calibration';
import { combined, ofWalk, rankClasses } from '../metrics/multiclass-auc';
import type { ProbabilityColumns } from '../metrics/log-loss';
import { rank, type Ranking } from '../metrics/ranking';
import { binPass, classPass, rankedPass, segmentErrors, weightedSum, type BinGaps, type Ranked, type RankedClasses, type RankedSums } from './passes';
import type { RowFigures } from './resampled';

const usualBins = [10, 15] as const;
type CalibrationName = `${'ece' | 'mce'}_${'top' | 'pos'}_${number}`;
export type BinaryFigureName = 'roc_auc' | 'pr_auc' | 'pr_auc_trapezoid' | 'log_loss' | 'brier' | CalibrationName;
export type MulticlassFigureName = `pr_auc_class_${number}` | 'roc_auc_ovr_macro' | 'roc_auc_ovr_weighted' | 'roc_auc_ovo_macro' | 'pr_auc_macro' | 'log_loss' | 'brier' | CalibrationName;

/**
 * The figures of a binary model's probabilities (the positive class's; the other's is taken as 1 - p), to be resampled by rows. `roc_auc` is here for the difference of two models and to be
 * held against DeLong's interval, which is the one to show. Null where a score is NaN.
 */
export function binaryFiguresToResample({ truth, scores, positive }: BinaryColumns, { bins = usualBins, probabilities = true }: { bins?: readonly number[]; probabilities?: boolean } = {}): RowFigures<BinaryFigureName> | null {
  const ranking = rank(scores);
  if (!ranking) return null;
  const { order } = ranking;
  const rows = order.length;
  const sorted = new Float64Array(rows);
  const ranked: Ranked = { positive: new Uint8Array(rows), last: new Uint8Array(rows), gap: new Float64Array(rows), loss: new Float64Array(rows), starts: Uint32Array.of(0, rows) };
  for (let group = 1; group < ranking.starts.length; group++) ranked.last[(ranking.starts[group] ?? 0) - 1] = 1;
  for (let at = 0; at < rows; at++) {
    const row = order[at] ?? 0;
    const [p, y] = [scores[row] ?? NaN, truth[row] === positive ? 1 : 0];
    sorted[at] = p;
    ranked.positive[at] = y;
    if (!probabilities) continue;
    ranked.gap[at] = y - p;
    ranked.loss[at] = loss(y ? p : 1 - p);
  }
  const heads: BinaryFigureName[] = ['roc_auc', 'pr_auc', 'pr_auc_trapezoid'];
  if (!probabilities) return { names: heads, rows, order, statistic: (weights) => heading(rankedPass(ranked, weights)) };
  // Of equal ones the first class, as in `topConfidence`.
  const calledPositive = (p: number): boolean => p > 0.5 || (p === 0.5 && positive === 0);
  const binnings = [
    ...bins.map((count) => ({ kind: 'top' as const, bins: count, of: (p: number) => binOf(Math.max(p, 1 - p), count), signOf: (p: number) => (calledPositive(p) ? 1 : -1) })),
    ...bins.map((count) => ({ kind: 'pos' as const, bins: count, of: (p: number) => binOf(p, count), signOf: () => 1 })),
  ];
  ranked.starts = segments(ranking.thresholds, ranking.starts, (p) => [calledPositive(p) ? 1 : 0, ...binnings.map(({ of }) => of(p))]);
  const firsts = Float64Array.from(ranked.starts.subarray(0, -1), (start) => sorted[start] ?? NaN);
  const calibration = binnings.map(({ kind, bins: count, of, signOf }) => ({ kind, bins: count, bin: Uint16Array.from(firsts, of), sign: Int8Array.from(firsts, signOf) }));
  const statistic = (weights: Uint16Array): (number | null)[] => {
    const sums = rankedPass(ranked, weights);
    const { total } = sums;
    return [...heading(sums), total > 0 ? sums.loss / total : null, total > 0 ? sums.squares / total : null, ...calibration.flatMap((one) => {
      const { ece, mce } = segmentErrors(one, sums);
      return [ece, mce];
    })];
  };
  return { names: [...heads, 'log_loss', 'brier', ...calibrationNames(calibration)], rows, order, statistic };
}

/** Where a key of the score changes, going down the distinct scores: starts of segments, ended by the number of rows. */
function segments(thresholds: Float64Array, groupStarts: Uint32Array, key: (score: number) => readonly number[]): Uint32Array {
  const starts: number[] = [];
  let last: readonly number[] = [];
  for (let group = 0; group < thresholds.length; group++) {
    const found = key(thresholds[group] ?? NaN);
    if (group > 0 && found.every((part, at) => part === last[at])) continue;
    starts.push(groupStarts[group] ?? 0);
    last = found;
  }
  return Uint32Array.of(...starts, groupStarts[thresholds.length] ?? 0);
}

/** The same for several classes; `pr_auc_class_0` and so on are the average precision of each. Null where a probability is NaN. A resample without one of the classes leaves the means over classes undefined. */
export function multiclassFiguresToResample(columns: ProbabilityColumns, { bins = usualBins }: { bins?: readonly number[] } = {}): RowFigures<MulticlassFigureName> | null {
  const { truth, probabilities, k } = columns;
  const rankings = rankClasses({ ...columns, weights: undefined });
  if (rankings.some(({ ranking }) => ranking === null)) return null;
  const walks = rankings.flatMap(({ ranking }) => (ranking ? [rankedClasses(ranking, truth)] : []));
  const into = { tp: 0, all: 0, precision: 0, areas: new Float64Array(k), totals: new Float64Array(k), tied: new Float64Array(k) };
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
  const ones = new Float64Array(rows).fill(1);
  const calibration = gapsOf('top', topConfidence({ truth, probabilities, k }), bins);
  const statistic = (weights: Uint16Array): (number | null)[] => {
    const n = weightedSum(ones, weights);
    const auc = combined(walks.map((walk, a) => ofWalk(classPass(walk, weights, { a, into }), a)));
    return [auc.ovr_macro, auc.ovr_weighted, auc.ovo_macro, auc.pr_auc_macro, n > 0 ? weightedSum(losses, weights) / n : null, n > 0 ? weightedSum(squares, weights) / n : null, ...calibrated(calibration, weights), ...auc.average_precision];
  };
  return { names: ['roc_auc_ovr_macro', 'roc_auc_ovr_weighted', 'roc_auc_ovo_macro', 'pr_auc_macro', 'log_loss', 'brier', ...calibrationNames(calibration), ...rankings.map((_, c) => `pr_auc_class_${c}` as const)], rows, statistic };
}

function rankedClasses({ order, starts, thresholds }: Ranking, truth: Codes): RankedClasses {
  const last = new Uint8Array(order.length);
  for (let group = 0; group < thresholds.length; group++) last[(starts[group + 1] ?? 0) - 1] = 1;
  const sorted = new Uint16Array(order.length);
  for (let at = 0; at < order.length; at++) sorted[at] = truth[order[at] ?? 0] ?? 0;
  return { order, truth: sorted, last };
}

const loss = (p: number): number => -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, p)));

const heading = ({ auc, average_precision, trapezoid }: RankedSums): (number | null)[] => [auc, average_precision, trapezoid];

interface Named extends BinGaps { kind: 'top' | 'pos' }

function gapsOf(kind: 'top' | 'pos', { probabilities, hits }: ConfidenceColumns, bins: readonly number[]): Named[] {
  const gap = Float64Array.from(probabilities, (p, row) => (hits[row] ?? 0) - p);
  return bins.map((count) => ({ kind, bins: count, gap, bin: Uint16Array.from(probabilities, (p) => binOf(p, count)) }));
}

const calibrationNames = (all: readonly Pick<Named, 'kind' | 'bins'>[]): CalibrationName[] => all.flatMap(({ kind, bins }) => [`ece_${kind}_${bins}`, `mce_${kind}_${bins}`] as const);

const calibrated = (all: readonly Named[], weights: Uint16Array): (number | null)[] => all.flatMap((one) => {
  const { ece, mce } = binPass(one, weights);
  return [ece, mce];
});
