import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deLong, deLongPaired } from '../../../../../src/core/evaluation/intervals/delong';
import { cumulate, rank } from '../../../../../src/core/evaluation/metrics/ranking';
import { rocAuc } from '../../../../../src/core/evaluation/metrics/roc';
import figures from '../../../../fixtures/evaluation.json';
import { near } from '../support';

const ranked = (scores: readonly number[]) => rank(Float64Array.from(scores)) ?? { order: new Uint32Array(), starts: new Uint32Array(1), thresholds: new Float64Array() };
const sure = (truth: readonly number[], scores: readonly number[]) => deLong(cumulate(ranked(scores), { truth: Int8Array.from(truth), positive: 1 }));

describe.each(figures.binary.map((set, at) => ({ at, set })))("DeLong's figures agree with those from all pairs, set $at", ({ set }) => {
  const truth = { truth: Int8Array.from(set.truth), positive: 1 };

  test('of one AUC', () => {
    const found = sure(set.truth, set.scores);
    near(found?.auc, set.delong[0], 1e-12);
    near(found?.se, set.delong[1], 1e-12);
  });

  test('of the difference of two', () => {
    const found = deLongPaired(truth, ranked(set.scores), ranked(set.other));
    near(found?.difference, set.delong_paired.difference, 1e-12);
    near(found?.se, set.delong_paired.se, 1e-12);
    near(found?.p, set.delong_paired.p);
  });

  test('a model against itself differs by nothing, for sure', () => {
    expect(deLongPaired(truth, ranked(set.scores), ranked(set.scores))).toMatchObject({ difference: 0, se: 0, z: null, p: 1, interval: [0, 0] });
  });
});

test('its AUC is the AUC, and turning the classes round keeps the error', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(1), fc.nat(6)), { minLength: 2, maxLength: 40 }), (rows) => {
    const [truth, scores] = [rows.map(([y]) => y), rows.map(([, s]) => s)];
    const found = sure(truth, scores);
    const positives = truth.filter((y) => y === 1).length;
    if (positives < 2 || positives > rows.length - 2) {
      expect(found).toBeNull();
      return;
    }
    near(found?.auc, rocAuc(cumulate(ranked(scores), { truth: Int8Array.from(truth), positive: 1 })), 1e-12);
    near(sure(truth.map((y) => 1 - y), scores.map((s) => -s))?.se, found?.se, 1e-7);
  }));
});

test('below two rows of a class nothing is known', () => {
  expect(sure([1, 0, 0], [1, 2, 3])).toBeNull();
  expect(sure([], [])).toBeNull();
  expect(deLongPaired({ truth: Int8Array.of(1, 0, 0), positive: 1 }, ranked([1, 2, 3]), ranked([1, 2, 3]))).toBeNull();
});
