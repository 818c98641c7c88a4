import { describe, expect, test } from 'vitest';
import { averagePrecision, precisionRecallPoints, precisionRecallTrapezoid } from '../../../../../src/core/evaluation/metrics/average-precision';
import { brier, brierMulticlass } from '../../../../../src/core/evaluation/metrics/brier';
import { binned, calibrationCurve, ece, mce, positiveConfidence, topConfidence } from '../../../../../src/core/evaluation/metrics/calibration';
import { logLoss } from '../../../../../src/core/evaluation/metrics/log-loss';
import { multiclassAuc, rankClasses } from '../../../../../src/core/evaluation/metrics/multiclass-auc';
import { cumulate, cumulated, rank, within } from '../../../../../src/core/evaluation/metrics/ranking';
import { rocAuc, rocPoints, tprAtFprGrid } from '../../../../../src/core/evaluation/metrics/roc';
import figures from '../../../../fixtures/evaluation.json';
import { allNear, near } from '../support';

const twoClasses = (scores: readonly number[]): Float64Array => Float64Array.from(scores.flatMap((score) => [1 - score, score]));
const finite = (values: Iterable<number> = []): (number | null)[] => [...values].map((value) => (Number.isFinite(value) ? value : null));

describe.each(figures.binary.map((set, at) => ({ at, set })))("metrics of scores agree with scikit-learn's, set $at", ({ set }) => {
  test.each(['plain', 'weighted'] as const)('%s', (kind) => {
    const wanted = set[kind];
    const columns = { truth: Int8Array.from(set.truth), scores: Float64Array.from(set.scores), positive: 1, weights: kind === 'weighted' ? Float64Array.from(set.weights) : undefined };
    const curve = cumulated(columns);
    if (!curve) throw new Error('no curve');
    near(rocAuc(curve), wanted.roc_auc);
    near(averagePrecision(curve), wanted.pr_auc);
    near(precisionRecallTrapezoid(curve), wanted.trapezoid);
    near(brier(columns), wanted.brier);
    near(logLoss({ ...columns, probabilities: twoClasses(set.scores), k: 2 }), wanted.log_loss);
    const points = precisionRecallPoints(curve);
    allNear(points?.precision, wanted.pr.precision);
    allNear(points?.recall, wanted.pr.recall);
    allNear(points?.threshold, wanted.pr.threshold);
    for (const [bins, [expected, most]] of Object.entries(wanted.ece)) {
      const sums = binned(positiveConfidence(columns), Number(bins));
      near(sums && ece(sums), expected);
      near(sums && mce(sums), most);
    }
  });

  test('the ROC curve has the same points', () => {
    const curve = cumulated({ truth: Int8Array.from(set.truth), scores: Float64Array.from(set.scores), positive: 1 });
    const points = curve && rocPoints(curve);
    allNear(points?.fpr, set.plain.roc.fpr);
    allNear(points?.tpr, set.plain.roc.tpr);
    allNear(finite(points?.threshold), set.plain.roc.threshold);
  });
});

describe.each(figures.multiclass.map((set, at) => ({ at, set })))("metrics of several classes' probabilities agree with scikit-learn's, set $at", ({ set }) => {
  test.each(['plain', 'weighted'] as const)('%s', (kind) => {
    const wanted = set[kind];
    const columns = { truth: Int16Array.from(set.truth), probabilities: Float64Array.from(set.probabilities), k: set.k, weights: kind === 'weighted' ? Float64Array.from(set.weights) : undefined };
    const rankings = rankClasses(columns);
    const found = multiclassAuc(columns, rankings);
    allNear(found.per_class, wanted.per_class);
    near(found.ovr_macro, wanted.ovr_macro);
    near(found.ovr_weighted, wanted.ovr_weighted);
    if ('ovo_macro' in wanted) near(found.ovo_macro, wanted.ovo_macro);
    near(logLoss(columns), wanted.log_loss);
    near(brierMulticlass(columns), wanted.brier);
    allNear(found.average_precision, wanted.pr_per_class);
    const sums = binned(topConfidence(columns), 10);
    allNear(sums && [ece(sums), mce(sums)], wanted.ece_top);
  });
});

describe('at the edges', () => {
  const curveOf = (truth: number[], scores: number[], weights?: number[]) => cumulated({ truth: Int8Array.from(truth), scores: Float64Array.from(scores), positive: 1, weights: weights && Float64Array.from(weights) });

  test('one class only, or no rows: no AUC, no average precision, no curve', () => {
    for (const [truth, scores] of [[[], []], [[1, 1], [0.2, 0.7]], [[0], [0.5]]] as const) {
      const curve = curveOf([...truth], [...scores]);
      expect(curve && [rocAuc(curve), averagePrecision(curve), precisionRecallTrapezoid(curve), rocPoints(curve), precisionRecallPoints(curve), tprAtFprGrid(curve)]).toEqual([null, null, null, null, null, null]);
    }
  });

  test('a NaN has no rank: the figure is undefined, never that of the other rows', () => {
    expect(curveOf([0, 1, 1], [0.1, NaN, 0.4])).toBeNull();
    const columns = { truth: Int8Array.of(0, 1), probabilities: Float64Array.of(0.5, 0.5, NaN, NaN), k: 2 };
    expect([logLoss(columns), brierMulticlass(columns), binned(topConfidence(columns), 10), multiclassAuc(columns, rankClasses(columns)).ovr_macro]).toEqual([null, null, null, null]);
    expect(brier({ truth: Int8Array.of(1), scores: Float64Array.of(NaN), positive: 1 })).toBeNull();
  });

  test('all scores alike is a coin: 1/2; infinities keep their order; -0 ties with 0', () => {
    expect(rocAuc(curveOf([0, 1, 1, 0], [0.3, 0.3, 0.3, 0.3]) ?? fail())).toBe(0.5);
    expect(rocAuc(curveOf([0, 1, 1, 0], [-Infinity, Infinity, 2, 1]) ?? fail())).toBe(1);
    expect(rocAuc(curveOf([0, 1], [-0, 0]) ?? fail())).toBe(0.5);
  });

  test('a row of weight 0 is as good as absent', () => {
    const some = curveOf([0, 1, 1, 0, 1], [0.1, 0.8, 0.4, 0.4, 0.05], [1, 1, 1, 1, 0]) ?? fail();
    const fewer = curveOf([0, 1, 1, 0], [0.1, 0.8, 0.4, 0.4]) ?? fail();
    expect(some.tp).toEqual(fewer.tp);
    expect(some.fp).toEqual(fewer.fp);
    expect(some.thresholds).toEqual(fewer.thresholds);
  });

  test('a class that does not occur leaves the means over classes undefined', () => {
    const columns = { truth: Int8Array.of(0, 1, 1), probabilities: Float64Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.3, 0.3, 0.4), k: 3 };
    expect(multiclassAuc(columns, rankClasses(columns))).toMatchObject({ per_class: [1, 0.75, null], ovr_macro: null, ovr_weighted: null, ovo_macro: null, pr_auc_macro: null });
  });

  test('log loss of a sure miss is that of 2⁻⁵², and of a sure hit nearly 0', () => {
    near(logLoss({ truth: Int8Array.of(0), probabilities: Float64Array.of(0, 1), k: 2 }), 52 * Math.LN2);
    near(logLoss({ truth: Int8Array.of(1), probabilities: Float64Array.of(0, 1), k: 2 }), 2.220446049250313e-16, 1e-18);
  });

  test('bins are closed on the right, 0 is in the first, and a rounding beyond 1 in the last', () => {
    // The third edge is 3 * (1/10), a rounding above 0.3.
    const sums = binned({ probabilities: Float64Array.of(0, 0.1, 0.10000001, 0.3, 0.30000000000000004, 0.3000000000000001, 1, 1.0000001), hits: new Uint8Array(8) }, 10);
    expect(Array.from(sums?.count ?? [])).toEqual([2, 1, 2, 1, 0, 0, 0, 0, 0, 2]);
    expect(sums && calibrationCurve(sums)[4]).toEqual({ count: 0, mean_predicted: null, fraction: null });
    const empty = binned({ probabilities: new Float64Array(), hits: new Uint8Array() }, 10);
    expect(empty && [ece(empty), mce(empty)]).toEqual([null, null]);
  });

  test('of equal largest probabilities the first class is meant', () => {
    const { hits } = topConfidence({ truth: Int8Array.of(0, 1), probabilities: Float64Array.of(0.4, 0.4, 0.2, 0.4, 0.4, 0.2), k: 3 });
    expect(Array.from(hits)).toEqual([1, 0]);
  });

  test('the ranking of a part is that of its rows alone', () => {
    const scores = Float64Array.of(0.3, 0.1, 0.3, 0.9, 0.5);
    const whole = rank(scores) ?? fail();
    const truth = Int8Array.of(1, 0, 0, 1, 1);
    const part = cumulate(within(whole, scores, Uint8Array.of(1, 1, 1, 0, 1)), { truth, positive: 1 });
    const alone = curveOf([1, 0, 0, 1], [0.3, 0.1, 0.3, 0.5]) ?? fail();
    expect(part).toEqual(alone);
  });

  test('the grid starts at the largest TPR without a false alarm and ends at 1', () => {
    const grid = tprAtFprGrid(curveOf([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.5]) ?? fail(), 4);
    expect(Array.from(grid ?? [])).toEqual([2 / 3, (2 / 3 + 1) / 2, 1, 1, 1]);
  });
});

function fail(): never {
  throw new Error('nothing was found');
}
