/** All classification figures of a set of rows in one record, under the names that reference files use. */
import { accuracy, balancedAccuracy } from './accuracy';
import { averagePrecision, precisionRecallPoints, precisionRecallTrapezoid, type PrecisionRecallPoints } from './average-precision';
import { brier, brierMulticlass } from './brier';
import { binned, calibrationCurve, ece, mce, positiveConfidence, topConfidence, type BinSums, type CalibrationBin } from './calibration';
import type { Codes, Reals, Weights } from './columns';
import { confusion, matrixRows, type Confusion } from './confusion';
import { cohenKappa } from './kappa';
import { logLoss, type ProbabilityColumns } from './log-loss';
import { mcc } from './mcc';
import { multiclassAuc, rankClasses, type ClassRanking, type MulticlassAuc } from './multiclass-auc';
import { averages, classMetrics, fBeta, specificity, type ClassMetrics } from './precision-recall';
import { cumulate, rank, type Cumulated } from './ranking';
import { rocAuc, rocPoints, tprAtFprGrid, type RocPoints } from './roc';
import { deLong } from '../intervals/delong';
import { wilson } from '../intervals/wilson';
import type { Bounds } from '../intervals/interval';

/** `probabilities` are n x k, row by row. A ranking score that is no probability goes in `scores` (binary only): then log loss, Brier and ECE are left out. */
export interface ClassificationColumns { truth: Codes; predicted: Codes; probabilities?: Reals | undefined; scores?: Reals | undefined; weights?: Weights | undefined; /** what is known of the order already */ ranked?: RankedRows | undefined }

/** Rows that were sorted before, such as a slice's within those of all rows: nothing is sorted again. Unweighted. */
export interface RankedRows {
  /** of the positive class's score */
  curve?: Cumulated | null;
  /** of each class's probability; `truth` is numbered as the rankings are */
  byClass?: { truth: Codes; probabilities: Reals; rankings: readonly ClassRanking[] };
  /** counted by bins */
  binned?: (kind: 'top' | 'pos', bins: number) => BinSums | null;
}

/** The names of the classes in the order of their codes; `positive` (a code) makes it binary. Bins are 10 and 15 unless told. */
export interface ClassificationSetting { classes: readonly string[]; positive?: number | undefined; curves?: boolean | undefined; bins?: readonly number[] | undefined }

type Figure = number | null;
export interface ClassFigures extends ClassMetrics { /** F-beta: precision counts for more (0.5), recall does (2) */ f0_5: number; f2: number; specificity: Figure; precision_wilson95: Bounds | null; recall_wilson95: Bounds | null; specificity_wilson95: Bounds | null }
export interface LabelFigures {
  n: number; support: Record<string, number>; predicted_count: Record<string, number>; predicted_unseen: number; n_correct: number;
  accuracy: Figure; accuracy_wilson95: Bounds | null; balanced_accuracy: Figure; per_class: Record<string, ClassFigures>;
  precision_macro: Figure; recall_macro: Figure; f1_macro: Figure; precision_weighted: Figure; recall_weighted: Figure; f1_weighted: Figure;
  precision_micro: Figure; recall_micro: Figure; f1_micro: Figure; f1_macro_all_labels: Figure; mcc: Figure; cohen_kappa: Figure; confusion_matrix: number[][];
}
export interface BinaryFigures {
  roc_auc: Figure; pr_auc: Figure; pr_auc_trapezoid: Figure; roc_auc_se_delong: Figure; roc_auc_delong95: Bounds | null; roc_tpr_at_fpr_grid?: number[] | null;
  roc_points?: Plain<RocPoints> | null; pr_points?: Plain<PrecisionRecallPoints> | null;
}
export interface MulticlassFigures {
  roc_auc_per_class: Record<string, Figure>; roc_auc_ovr_macro: Figure; roc_auc_ovr_weighted: Figure; roc_auc_ovo_macro: Figure;
  pr_auc_per_class: Record<string, Figure>; pr_auc_macro: Figure; roc_tpr_at_fpr_grid_per_class?: Record<string, number[] | null>;
}
/** `ece_top_10`, `mce_pos_15`, `calibration_top_10` and so on, with the bins in the name. */
export type CalibrationFigures = Record<`${'ece' | 'mce'}_${'top' | 'pos'}_${number}`, Figure> & Record<`calibration_${'top' | 'pos'}_${number}`, CalibrationBin[]>;
export type ClassificationFigures = LabelFigures & Partial<BinaryFigures & MulticlassFigures & CalibrationFigures & { log_loss: Figure; brier: Figure }>;

/** Curves with a point a distinct score are given up to this many rows; the grid of 101 beyond. */
export const mostPoints = 2000;

/** What figures are made from once rows are counted, by whoever did. Without `order` there is no score; `probabilities` are what only these tell. */
export interface Counted {
  n: number; confusion: Confusion; weighted: boolean;
  order: BinaryFigures | null;
  probabilities: { log_loss: Figure; brier: Figure; binned(kind: 'top' | 'pos', bins: number): BinSums | null; /** of more than two classes */ classes: MulticlassAuc | null; grids?(): (number[] | null)[] } | null;
}

/** Null is undefined: no rows, one class where two are needed, 0 / 0, a NaN among the scores. Counts are sums of weights; `n` is rows. */
export function classificationFigures(columns: ClassificationColumns, setting: ClassificationSetting): ClassificationFigures {
  const { truth, probabilities, weights, ranked } = columns;
  const { positive } = setting;
  const k = setting.classes.length;
  const base = { n: truth.length, confusion: confusion(columns, k), weighted: weights !== undefined };
  const scores = positive === undefined ? undefined : (columns.scores ?? (probabilities && column(probabilities, k, positive)));
  const order = scores && positive !== undefined ? scoreFigures({ truth, scores, positive, weights, curve: ranked?.curve }, setting.curves === true) : null;
  if (!probabilities) return figuresOfCounts({ ...base, order, probabilities: null }, setting);
  const full = { truth, probabilities, k, weights };
  const sums = ranked?.binned ?? countBins(full, positive);
  if (positive !== undefined) return figuresOfCounts({ ...base, order, probabilities: { log_loss: logLoss(full), brier: brier({ truth, scores: column(probabilities, k, positive), positive, weights }), binned: sums, classes: null } }, setting);
  const byClass = ranked?.byClass ? { k, ...ranked.byClass } : { ...full, rankings: rankClasses(full) };
  const grids = (): (number[] | null)[] => byClass.rankings.map(({ ranking }, c) => listed(ranking && tprAtFprGrid(cumulate(ranking, { ...byClass, positive: c }))));
  return figuresOfCounts({ ...base, order, probabilities: { log_loss: logLoss(full), brier: brierMulticlass(full), binned: sums, classes: multiclassAuc(byClass, byClass.rankings), grids } }, setting);
}

/** The same figures where the rows were counted elsewhere, all of it without looking at a row. */
export function figuresOfCounts({ n, confusion: counts, weighted, order, probabilities }: Counted, setting: ClassificationSetting): ClassificationFigures {
  const labels = labelFigures(counts, { n, classes: setting.classes, weighted });
  if (!probabilities) return { ...labels, ...order };
  const { log_loss, brier: score, binned: sums, classes, grids } = probabilities;
  const loss = { log_loss, ...calibrationFigures('top', (bins) => sums('top', bins), setting) };
  if (classes) return { ...labels, ...loss, brier: score, ...multiclassFigures(classes, grids ?? (() => []), setting) };
  return { ...labels, ...loss, brier: score, ...calibrationFigures('pos', (bins) => sums('pos', bins), setting), ...order };
}

/** Rows by bins, each kind put side by side once. */
function countBins(full: ProbabilityColumns, positive: number | undefined): (kind: 'top' | 'pos', bins: number) => BinSums | null {
  const columns = { top: topConfidence(full), pos: positive === undefined ? null : positiveConfidence({ ...full, scores: column(full.probabilities, full.k, positive), positive }) };
  return (kind, bins) => columns[kind] && binned(columns[kind], bins);
}

export function labelFigures(counts: Confusion, { n, classes, weighted }: { n: number; classes: readonly string[]; weighted: boolean }): LabelFigures {
  const means = averages(counts);
  const byClass = <T>(value: (c: number) => T): Record<string, T> => Object.fromEntries(classes.map((name, c) => [name, value(c)]));
  return {
    n, support: byClass((c) => counts.actual[c] ?? 0), predicted_count: byClass((c) => counts.called[c] ?? 0), predicted_unseen: counts.unseen, n_correct: counts.correct,
    accuracy: accuracy(counts),
    // A proportion of weights is no binomial one.
    accuracy_wilson95: weighted ? null : wilson(counts.correct, counts.total),
    balanced_accuracy: balancedAccuracy(counts),
    per_class: byClass((c) => ({ ...classMetrics(counts, c), f0_5: fBeta(counts, c, 0.5), f2: fBeta(counts, c, 2), specificity: specificity(counts, c), ...classIntervals(counts, c, weighted) })),
    precision_macro: means?.macro.precision ?? null, recall_macro: means?.macro.recall ?? null, f1_macro: means?.macro.f1 ?? null,
    precision_weighted: means?.weighted.precision ?? null, recall_weighted: means?.weighted.recall ?? null, f1_weighted: means?.weighted.f1 ?? null,
    precision_micro: means?.micro.precision ?? null, recall_micro: means?.micro.recall ?? null, f1_micro: means?.micro.f1 ?? null,
    f1_macro_all_labels: means?.f1_macro_all_labels ?? null, mcc: mcc(counts), cohen_kappa: cohenKappa(counts), confusion_matrix: matrixRows(counts),
  };
}

/** Wilson's, as each is a proportion: of those called c, of those that are c, of those that aren't. Null for weighted rows and where there are none. */
function classIntervals({ k, matrix, actual, called, total }: Confusion, c: number, weighted: boolean): Pick<ClassFigures, 'precision_wilson95' | 'recall_wilson95' | 'specificity_wilson95'> {
  if (weighted) return { precision_wilson95: null, recall_wilson95: null, specificity_wilson95: null };
  const [hits, support, calls] = [matrix[c * k + c] ?? 0, actual[c] ?? 0, called[c] ?? 0];
  const others = total - support;
  return { precision_wilson95: wilson(hits, calls), recall_wilson95: wilson(hits, support), specificity_wilson95: wilson(others - (calls - hits), others) };
}

/** The column of class c of n x k probabilities. */
export function column(probabilities: Reals, k: number, c: number): Float64Array {
  const scores = new Float64Array(Math.floor(probabilities.length / k));
  for (let row = 0; row < scores.length; row++) scores[row] = probabilities[row * k + c] ?? NaN;
  return scores;
}

interface BinaryInput { truth: Codes; scores: Reals; positive: number; weights?: Weights | undefined; curve?: Cumulated | null | undefined }

function curveOf(input: BinaryInput): Cumulated | null {
  const ranking = rank(input.scores);
  return ranking && cumulate(ranking, input);
}

/** What the order of a score tells, whoever is called positive. */
export function scoreFigures(input: BinaryInput, curves: boolean): BinaryFigures {
  const curve = input.curve === undefined ? curveOf(input) : input.curve;
  const figures = orderFigures(curve, input.weights !== undefined);
  if (!curves || !curve) return figures;
  const few = input.truth.length <= mostPoints;
  return {
    ...figures, roc_tpr_at_fpr_grid: listed(tprAtFprGrid(curve)),
    ...(few && { roc_points: plain(rocPoints(curve)), pr_points: plain(precisionRecallPoints(curve)) }),
  };
}

/** Of counts at distinct scores, whose thresholds aren't looked at. All null without them. */
export function orderFigures(curve: Cumulated | null, weighted: boolean): BinaryFigures {
  const sure = curve && !weighted ? deLong(curve) : null;
  return {
    roc_auc: curve && rocAuc(curve), pr_auc: curve && averagePrecision(curve), pr_auc_trapezoid: curve && precisionRecallTrapezoid(curve),
    roc_auc_se_delong: sure?.se ?? null, roc_auc_delong95: sure?.interval ?? null,
  };
}

function multiclassFigures(auc: MulticlassAuc, grids: () => (number[] | null)[], { classes, curves }: ClassificationSetting): MulticlassFigures {
  const byClass = <T>(values: readonly T[]): Record<string, T> => Object.fromEntries(classes.map((name, c) => [name, values[c] as T]));
  return {
    roc_auc_per_class: byClass(auc.per_class), roc_auc_ovr_macro: auc.ovr_macro, roc_auc_ovr_weighted: auc.ovr_weighted, roc_auc_ovo_macro: auc.ovo_macro,
    pr_auc_per_class: byClass(auc.average_precision), pr_auc_macro: auc.pr_auc_macro,
    ...(curves && { roc_tpr_at_fpr_grid_per_class: byClass(grids()) }),
  };
}

function calibrationFigures(kind: 'top' | 'pos', sums: (bins: number) => BinSums | null, { bins = [10, 15], curves }: ClassificationSetting): Partial<CalibrationFigures> {
  return Object.fromEntries(bins.flatMap((count) => {
    const found = sums(count);
    const figures: [string, Figure | CalibrationBin[]][] = [[`ece_${kind}_${count}`, found && ece(found)], [`mce_${kind}_${count}`, found && mce(found)]];
    if (found && curves) figures.push([`calibration_${kind}_${count}`, calibrationCurve(found)]);
    return figures;
  })) as Partial<CalibrationFigures>;
}

/** Typed arrays as lists, with null for what isn't finite, as JSON has it. */
type Plain<T> = { [name in keyof T]: (number | null)[] };
const plain = <T extends object>(points: T | null): Plain<T> | null =>
  points && (Object.fromEntries(Object.entries(points).map(([name, values]: [string, Float64Array]) => [name, Array.from(values, (value) => (Number.isFinite(value) ? value : null))])) as Plain<T>);
const listed = (values: Float64Array | null): number[] | null => values && Array.from(values);
