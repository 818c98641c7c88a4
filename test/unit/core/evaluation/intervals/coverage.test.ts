// An interval of 95 % is one if it holds the truth in 95 of 100 worlds. Seeded, so that the outcome is the same each time.
import { expect, test } from 'vitest';
import { accelerations, bootstrapInterval, cellReplicates, replicates, type Statistic } from '../../../../../src/core/evaluation/intervals/bootstrap';
import { deLong, deLongPaired } from '../../../../../src/core/evaluation/intervals/delong';
import type { Bounds } from '../../../../../src/core/evaluation/intervals/interval';
import { waldPaired } from '../../../../../src/core/evaluation/intervals/mcnemar';
import { meanBounds, pairedMean } from '../../../../../src/core/evaluation/intervals/mean';
import { normalCdf } from '../../../../../src/core/evaluation/intervals/normal';
import { binomial, random, unit, type Random } from '../../../../../src/core/evaluation/intervals/random';
import { newcombe } from '../../../../../src/core/evaluation/intervals/two-proportions';
import { wilson } from '../../../../../src/core/evaluation/intervals/wilson';
import { mean } from '../../../../../src/core/evaluation/metrics/absolute-error';
import { confusionOf } from '../../../../../src/core/evaluation/metrics/confusion';
import { mcc } from '../../../../../src/core/evaluation/metrics/mcc';
import { cumulate, rank, type Ranking } from '../../../../../src/core/evaluation/metrics/ranking';
import { gaussian } from './worlds';

const of = (columns: Float64Array[]): Float64Array => columns[0] ?? new Float64Array();
const drawn = (rows: number, value: () => number): Float64Array => Float64Array.from({ length: rows }, value);

function coverage(worlds: number, truth: number, interval: (next: Random, world: number) => Bounds | null): number {
  let held = 0;
  for (let world = 0; world < worlds; world++) {
    const found = interval(random(2026, world), world);
    if (found && found[0] <= truth && truth <= found[1]) held++;
  }
  return held / worlds;
}

function covers(share: number): void {
  expect(share).toBeGreaterThan(0.93);
  expect(share).toBeLessThan(0.97);
}

test.each([[30, 0.5], [80, 0.8], [200, 0.93], [1000, 0.99]])("Wilson's, %d rows at %d", (n, p) => {
  covers(coverage(4000, p, (next) => wilson(binomial(next, n, p), n)));
});

test.each([[40, 0.7, 60, 0.8], [50, 0.9, 500, 0.92], [300, 0.5, 30, 0.6]])("Newcombe's, %d rows at %d against %d at %d", (n1, p1, n2, p2) => {
  covers(coverage(4000, p1 - p2, (next) => newcombe({ successes: binomial(next, n1, p1), n: n1 }, { successes: binomial(next, n2, p2), n: n2 })));
});

test("Student's, of absolute errors of 60 rows", () => {
  covers(coverage(4000, Math.sqrt(2 / Math.PI), (next) => meanBounds(drawn(60, () => Math.abs(gaussian(next))))));
});

test('the paired t, of 40 rows', () => {
  covers(coverage(4000, 0.3, (next) => pairedMean(drawn(40, () => 0.3 + gaussian(next)))?.interval ?? null));
});

test("Wald's, of a paired difference over 200 rows", () => {
  covers(coverage(4000, 0.05, (next) => {
    const both = Array.from({ length: 200 }, () => unit(next));
    return waldPaired({ only_baseline_right: both.filter((u) => u < 0.1).length, only_candidate_right: both.filter((u) => u > 0.85).length, n: 200 });
  }));
});

/** Positives are a standard deviation and more higher: the AUC is Φ(shift / √2). */
const truth = Int8Array.from({ length: 120 }, (_, row) => (row < 50 ? 1 : 0));
const ranking = (scores: Float64Array): Ranking => {
  const found = rank(scores);
  if (!found) throw new Error('a score is not a number');
  return found;
};

test("DeLong's, of 50 positives and 70 negatives", () => {
  covers(coverage(3000, normalCdf(1 / Math.SQRT2), (next) => {
    const scores = Float64Array.from(truth, (y) => y + gaussian(next));
    return deLong(cumulate(ranking(scores), { truth, positive: 1 }))?.interval ?? null;
  }));
});

test("DeLong's, of the difference of two models that see the same noise", () => {
  covers(coverage(2000, normalCdf(1.3 / Math.SQRT2) - normalCdf(0.9 / Math.SQRT2), (next) => {
    const shared = Float64Array.from(truth, () => gaussian(next));
    const scores = (shift: number) => ranking(Float64Array.from(truth, (y, row) => shift * y + 0.8 * (shared[row] ?? 0) + 0.6 * gaussian(next)));
    return deLongPaired({ truth, positive: 1 }, scores(0.9), scores(1.3))?.interval ?? null;
  }));
});

test('BCa, of the root mean squared error of 80 rows', () => {
  covers(coverage(1200, 1, (next, world) => {
    const squares = drawn(80, () => gaussian(next) ** 2);
    const statistic: Statistic = (weights) => [Math.sqrt(mean(squares, weights) ?? NaN)];
    const found = bootstrapInterval(of(replicates({ rows: 80, statistic, seed: world, to: 600 })), { estimate: Math.sqrt(mean(squares) ?? NaN), acceleration: accelerations(80, statistic)[0] ?? null });
    return found && [found.low, found.high];
  }));
});

test('BC, of the correlation of labels (MCC) from the counts alone', () => {
  // Cells of 45, 10, 5 and 40 %.
  const wanted = mcc(confusionOf(Float64Array.of(45, 10, 5, 40), new Float64Array(2))) ?? NaN;
  const figure = (counts: Float64Array) => [mcc(confusionOf(counts, new Float64Array(2)))];
  covers(coverage(1500, wanted, (next, world) => {
    const counts = new Float64Array(4);
    for (let row = 0; row < 300; row++) {
      const u = unit(next);
      const cell = u < 0.45 ? 0 : u < 0.55 ? 1 : u < 0.6 ? 2 : 3;
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    const found = bootstrapInterval(of(cellReplicates(counts, { statistic: figure, seed: world, to: 600 })), { estimate: figure(counts)[0] ?? null });
    return found && [found.low, found.high];
  }));
});

test('the paired bootstrap, of the difference of two models\' errors on the same rows', () => {
  covers(coverage(1200, Math.sqrt(2 / Math.PI) * 0.2, (next, world) => {
    const noise = drawn(80, () => gaussian(next));
    const errors = { baseline: noise.map(Math.abs), candidate: noise.map((value) => Math.abs(value) * 1.2) };
    const statistic: Statistic = (weights) => [(mean(errors.candidate, weights) ?? NaN) - (mean(errors.baseline, weights) ?? NaN)];
    const found = bootstrapInterval(of(replicates({ rows: 80, statistic, seed: world, to: 600 })), { estimate: (mean(errors.candidate) ?? NaN) - (mean(errors.baseline) ?? NaN) });
    return found && [found.low, found.high];
  }));
});
