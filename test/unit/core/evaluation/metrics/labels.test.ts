import { describe, expect, test } from 'vitest';
import { accuracy, balancedAccuracy } from '../../../../../src/core/evaluation/metrics/accuracy';
import { confusion, confusionOf, matrixRows } from '../../../../../src/core/evaluation/metrics/confusion';
import { cohenKappa } from '../../../../../src/core/evaluation/metrics/kappa';
import { mcc } from '../../../../../src/core/evaluation/metrics/mcc';
import { averages, classMetrics, fBeta, specificity } from '../../../../../src/core/evaluation/metrics/precision-recall';
import figures from '../../../../fixtures/evaluation.json';
import { allNear, near, refused } from '../support';

const columns = (truth: number[], predicted: number[], weights?: number[]) => ({ truth: Int32Array.from(truth), predicted: Int32Array.from(predicted), weights: weights && Float64Array.from(weights) });

describe.each(figures.labels.map((set, at) => ({ at, set })))("metrics of labels agree with scikit-learn's, set $at", ({ set }) => {
  test.each(['plain', 'weighted'] as const)('%s', (kind) => {
    const wanted = set[kind];
    const counts = confusion(columns(set.truth, set.predicted, kind === 'weighted' ? set.weights : undefined), set.k);
    allNear(counts.matrix, wanted.confusion);
    near(accuracy(counts), wanted.accuracy);
    near(balancedAccuracy(counts), wanted.balanced_accuracy);
    near(mcc(counts), wanted.mcc);
    near(cohenKappa(counts), wanted.kappa);
    const means = averages(counts);
    for (const name of ['macro', 'weighted', 'micro'] as const) allNear(means && [means[name].precision, means[name].recall, means[name].f1], wanted[name]);
    near(means?.f1_macro_all_labels, wanted.f1_macro_all_labels);
    for (let c = 0; c < set.k; c++) {
      const one = classMetrics(counts, c);
      allNear([one.precision, one.recall, one.f1, fBeta(counts, c, 2), fBeta(counts, c, 0.5)], [...wanted.per_class.map((column) => column[c] ?? NaN), wanted.f2[c] ?? NaN, wanted.f05[c] ?? NaN]);
      near(specificity(counts, c), wanted.specificity[c]);
    }
  });
});

describe('at the edges', () => {
  test('without rows every figure is undefined', () => {
    const counts = confusion(columns([], []), 3);
    expect([accuracy(counts), balancedAccuracy(counts), mcc(counts), cohenKappa(counts), averages(counts)]).toEqual([null, null, null, null, null]);
    expect(matrixRows(counts)).toEqual([[0, 0, 0], [0, 0, 0], [0, 0, 0]]);
  });

  test('one class throughout: accuracy 1, MCC 0, kappa undefined, specificity of it undefined', () => {
    const counts = confusion(columns([0, 0, 0], [0, 0, 0]), 2);
    expect([accuracy(counts), balancedAccuracy(counts), mcc(counts), cohenKappa(counts), specificity(counts, 0), specificity(counts, 1)]).toEqual([1, 1, 0, null, null, 1]);
    expect(averages(counts)).toMatchObject({ macro: { precision: 1, recall: 1, f1: 1 }, f1_macro_all_labels: 0.5 });
  });

  test('a prediction outside the classes is wrong, counted, and no class of its own', () => {
    const counts = confusion(columns([0, 1, 1], [0, -1, 1]), 2);
    expect(counts).toMatchObject({ unseen: 1, correct: 2, total: 3 });
    expect(Array.from(counts.actual)).toEqual([1, 2]);
    near(accuracy(counts), 2 / 3);
    expect(classMetrics(counts, 1)).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3, support: 2 });
    // scikit-learn's MCC and kappa of [0, 1, 1] against [0, 2, 1].
    near(mcc(counts), 0.6123724356957945);
    near(cohenKappa(counts), 0.5);
  });

  test('a true label outside the classes, columns of unequal length and a bad weight are refused with their place', () => {
    refused(() => confusion(columns([0, 2], [0, 0]), 2), /row 1/);
    refused(() => confusion(columns([0, 1], [0]), 2), /predicted has 1 rows where 2/);
    refused(() => confusion(columns([0, 1], [0, 1], [1, -1]), 2), /weight of row 1 is -1/);
    refused(() => confusion(columns([0, 1], [0, 1], [NaN, 1]), 2), /weight of row 0 is NaN/);
  });

  test('F-beta goes from precision to recall', () => {
    const counts = confusionOf(Float64Array.of(50, 10, 5, 20), new Float64Array(2));
    const { precision, recall } = classMetrics(counts, 1);
    near(fBeta(counts, 1, 0), precision);
    near(fBeta(counts, 1, Infinity), recall);
    near(fBeta(counts, 1, 1e9), recall);
  });
});
