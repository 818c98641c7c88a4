// Champion and candidate on the same rows: the verdict, the gate, and what differs beside the main figure.
import { describe, expect, test } from 'vitest';
import { verdictOf, type Compared } from '../../../../../src/core/evaluation/run/compare';
import { judge } from '../../../../../src/core/evaluation/run/judge';
import { asked, binary, binaryModel, drawnRows, member, noModel, regression, slice } from './rows';

const gate = { maxWorsening: 0, alpha: 0.05, minSupport: 30 };

describe('accuracy', () => {
  test('is compared on the rows that both scored, with flips and an exact test', async () => {
    const truth = Array.from({ length: 100 }, () => 1);
    const [candidate, baseline] = [truth.map((_, row) => (row < 90 ? 0.9 : 0.1)), truth.map((_, row) => (row % 10 < 6 ? 0.9 : 0.1))];
    const scored = binary([...truth], candidate, { baseline: binaryModel(baseline, new Map([[99, 'it failed']])) });
    const { overall, flips, baselineOverall } = await judge(scored, asked());
    expect(overall.compared?.comparison).toMatchObject({ n: 99, accuracy_baseline: 60 / 99, accuracy_candidate: 90 / 99, only_baseline_right: 6, only_candidate_right: 36, diff: 30 / 99 });
    expect(overall.compared?.comparison['p']).toBe(overall.compared?.comparison['mcnemar_exact_p']);
    expect(flips).toEqual({ broken: 6, fixed: 36 });
    expect(overall.figures.n).toBe(100);
    expect(baselineOverall?.figures.n).toBe(99);
    expect(overall.compared?.verdict).toMatchObject({ word: 'better', metric: 'accuracy', goal: 'maximize', method: 'mcnemar', rowsToTell: null });
  });

  test('that is worse fails the evaluation', async () => {
    const truth = Array.from({ length: 100 }, (_, row) => row % 2);
    const { overall, outcome, reasons } = await judge(binary(truth, truth.map((y, row) => (row < 30 ? 1 - y : y)), { baseline: binaryModel(truth) }), asked());
    expect(overall.compared).toMatchObject({ failed: true, verdict: { word: 'worse', difference: -0.3 } });
    expect(outcome).toBe('fail');
    expect(reasons[0]).toMatch(/candidate against baseline: worse/);
  });

  test('that is alike on every row is the same', async () => {
    const { truth, positive } = drawnRows(60, 1);
    const { overall, outcome } = await judge(binary(truth, positive, { baseline: binaryModel(positive) }), asked());
    expect(overall.compared?.verdict.word).toBe('same');
    expect(overall.compared?.differences['log_loss']).toMatchObject({ difference: 0, low: 0, high: 0 });
    expect(outcome).toBe('pass');
  });

  test("that can't be told says how many more rows would tell", async () => {
    const truth = Array.from({ length: 200 }, () => 1);
    const { overall, outcome } = await judge(binary(truth, truth.map((_, row) => (row < 9 ? 0.1 : 0.9)), { baseline: binaryModel(truth.map((_, row) => (row >= 5 && row < 18 ? 0.1 : 0.9))) }), asked());
    const verdict = overall.compared?.verdict;
    expect(verdict?.word).toBe('cannot tell');
    expect(verdict?.rowsToTell).toBeGreaterThan(200);
    expect(verdict?.reason).toMatch(new RegExp(`${verdict?.rowsToTell ?? ''} more rows`));
    expect(outcome).toBe('cannot tell');
  });
});

test('a difference within what may be lost on both sides is the same', () => {
  const close: Compared = { comparison: {}, metric: 'accuracy', goal: 'maximize', n: 10_000, difference: 0.0004, interval: [-0.001, 0.0018], p: 0.6, method: 'mcnemar', needed: 500_000 };
  expect(verdictOf(close, { ...gate, maxWorsening: 0.01 }).word).toBe('same');
  expect(verdictOf(close, gate).word).toBe('cannot tell');
  expect(verdictOf({ ...close, n: 12 }, gate)).toMatchObject({ word: 'cannot tell', rowsToTell: 18 });
});

test('mean absolute errors are compared by the paired t; less is better', async () => {
  const truth = Array.from({ length: 80 }, (_, row) => row);
  const off = (size: number) => truth.map((y, row) => y + size * (1 + (row % 5) / 10) * (row % 2 ? 1 : -1));
  const { overall, baselineSlices } = await judge(regression(truth, off(1), { baseline: { ...noModel, numbers: Float64Array.from(off(2)) }, slices: [member(80, (row) => row < 40)] }), asked({ slices: [slice('low')] }));
  const { comparison, verdict, differences } = overall.compared ?? {};
  expect(comparison).toMatchObject({ n: 80, mae_candidate: expect.closeTo(1.2, 10) as number, mae_baseline: expect.closeTo(2.4, 10) as number, diff: expect.closeTo(-1.2, 10) as number });
  expect(verdict).toMatchObject({ word: 'better', metric: 'mae', goal: 'minimize', method: 'paired t' });
  expect(differences?.['rmse']?.difference).toBeLessThan(0);
  expect(differences?.['rmse']?.high).toBeLessThan(0);
  expect(baselineSlices['low']?.['mae']).toBeCloseTo(2.4, 10);
});

test("other figures' differences have paired intervals around them", async () => {
  const { truth, positive, other } = drawnRows(400, 2);
  const { overall } = await judge(binary(truth, positive, { baseline: binaryModel(other) }), asked({ replicates: 300 }));
  const found = overall.compared?.differences ?? {};
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['accuracy', 'f1_macro', 'per_class.1.f1', 'roc_auc', 'pr_auc', 'log_loss', 'brier', 'ece_pos_10']));
  expect(found['roc_auc']?.method).toBe('delong');
  expect(found['accuracy']?.method).toBe('wald');
  for (const path of ['f1_macro', 'roc_auc', 'pr_auc', 'log_loss', 'brier']) {
    const one = found[path] ?? { low: 1, difference: 0, high: -1 };
    expect(one.low < one.difference && one.difference < one.high, path).toBe(true);
  }
  expect(found['log_loss']?.high).toBeLessThan(0);
});

test('of very many rows differences come from a bag of little bootstraps', async () => {
  const { truth, positive, other } = drawnRows(21_000, 3);
  const { overall } = await judge(binary(truth, positive, { baseline: binaryModel(other) }), asked());
  expect(overall.compared?.differences['pr_auc']?.method).toBe('blb');
  expect(overall.compared?.differences['f1_macro']?.method).toMatch(/^bca?$/);
});

describe('the gate', () => {
  const rows = 400;
  const truth = Array.from({ length: rows }, (_, row) => row % 2);
  const wrong = (is: (row: number) => boolean) => truth.map((y, row) => (is(row) ? 1 - y : y) * 0.8 + 0.1);
  const slices = [member(rows, (row) => row < 60), member(rows, (row) => row >= 60), member(rows, (row) => row < 10)];
  const names = [slice('worse'), slice('better'), slice('few')];

  test('fails a slice that is surely worse by more than may be, and by Holm over slices with support', async () => {
    const found = await judge(binary(truth, wrong((row) => row < 60 && row % 3 === 0), { baseline: binaryModel(wrong((row) => row >= 60 && row % 4 === 0)), slices }), asked({ slices: names, gate: { ...gate, maxWorsening: 0.01 } }));
    expect(found.slices.map(({ compared }) => compared?.failed)).toEqual([true, false, false]);
    expect(found.slices.map(({ outcome }) => outcome)).toEqual(['fail', 'pass', 'pass']);
    const [worse, better, few] = found.slices.map(({ compared }) => compared?.comparison);
    expect(worse?.['p_holm']).toBe(Math.max(Number(worse?.['p']), 2 * Number(better?.['p'])));
    expect(few?.['p_holm']).toBeNull();
    expect(found.overall.compared?.verdict.word).toBe('better');
    expect(found.outcome).toBe('fail');
    expect(found.reasons[0]).toMatch(/^slice worse: worse than the baseline/);
  });

  test('lets a slice pass that may be as much worse', async () => {
    const found = await judge(binary(truth, wrong((row) => row < 60 && row % 3 === 0), { baseline: binaryModel(wrong(() => false)), slices }), asked({ slices: names, gate: { ...gate, maxWorsening: 0.34 } }));
    expect(found.slices.map(({ compared }) => compared?.failed)).toEqual([false, false, false]);
  });
});
