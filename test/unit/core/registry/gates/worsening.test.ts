import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deLongPaired } from '../../../../../src/core/evaluation/intervals/delong';
import { rank } from '../../../../../src/core/evaluation/metrics/ranking';
import { mcnemar } from '../../../../../src/core/evaluation/intervals/mcnemar';
import { normalTail } from '../../../../../src/core/evaluation/intervals/normal';
import { rowsToShow, tango, worseningOf } from '../../../../../src/core/registry/gates/worsening';
import { compared, errors } from './support';

const counts = fc.record({ n: fc.integer({ min: 30, max: 2000 }), lost: fc.nat(30), won: fc.nat(30) }).map(({ n, lost, won }) => ({ n: Math.max(n, lost + won), lost, won }));
const p = (of: { n: number; lost: number; won: number }, most: number): number => worseningOf(compared(of).comparison, most)?.p ?? NaN;

describe('the score test of paired proportions', () => {
  it("gives Tango's published statistic: 44 pairs, one discordant, 0.1 allowed: Z = 1.709", () => {
    expect(tango({ only_baseline_right: 1, only_candidate_right: 0, n: 44 }, 0.1)).toBeCloseTo(normalTail(-1.709), 4);
  });

  it("is McNemar's without continuity correction where nothing is allowed", () => {
    fc.assert(fc.property(counts, ({ n, lost, won }) => {
      const [b, c] = [lost, won];
      if (b + c === 0) return;
      expect(tango({ only_baseline_right: b, only_candidate_right: c, n }, 0)).toBeCloseTo(normalTail((b - c) / Math.sqrt(b + c)), 10);
    }));
  });

  it('can never say that more than everything was lost', () => {
    expect([tango({ only_baseline_right: 30, only_candidate_right: 0, n: 30 }, 1), tango({ only_baseline_right: 0, only_candidate_right: 0, n: 30 }, 0)]).toEqual([1, 1]);
  });
});

describe('how surely a slice is worse by more than may be', () => {
  it("is the evaluation's own p where nothing is allowed", () => {
    fc.assert(fc.property(counts, (of) => {
      expect(p(of, 0)).toBe(mcnemar({ only_baseline_right: of.lost, only_candidate_right: of.won, n: of.n }).exact);
    }));
  });

  it('gets less sure the more is allowed: who fails with room fails without it', () => {
    fc.assert(fc.property(counts, fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true }), (of, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(p(of, more)).toBeGreaterThanOrEqual(p(of, less) - 1e-12);
    }));
  });

  it('gets surer with more rows at the same rates', () => {
    fc.assert(fc.property(counts, fc.integer({ min: 2, max: 5 }), fc.constantFrom(0, 0.01, 0.05), ({ n, lost, won }, k, most) => {
      if ((lost - won) / n <= most) return;
      expect(p({ n: n * k, lost: lost * k, won: won * k }, most)).toBeLessThanOrEqual(p({ n, lost, won }, most) + 1e-12);
    }));
  });

  it('of errors and of ROC AUC agrees with the 95 % interval: 0.025 at its near end, 0.5 at the difference', () => {
    const values = Array.from({ length: 60 }, (_, row) => 2 + Math.sin(row * 12.9898) * 3);
    const { comparison } = errors(values);
    const [low] = comparison['paired_t95'] as [number, number];
    expect(low).toBeGreaterThan(0);
    expect(worseningOf(comparison, low)?.p).toBeCloseTo(0.025, 9);
    expect(worseningOf(comparison, Number(comparison['diff']))?.p).toBeCloseTo(0.5, 9);
    const truth = Int32Array.from({ length: 80 }, (_, row) => row % 2);
    const scores = (noise: number): Float64Array => Float64Array.from(truth, (label, row) => label + noise * Math.sin(row * 78.233));
    const [before, after] = [rank(scores(0.8)), rank(scores(2.5))];
    const found = before && after && deLongPaired({ truth, positive: 1 }, before, after);
    const auc = { n: 80, roc_auc_baseline: found?.baseline, roc_auc_candidate: found?.candidate, diff: found?.difference, p: found?.p, delong_paired95: found?.interval };
    const worse = worseningOf(auc, 0);
    expect(worse).toMatchObject({ metric: 'roc_auc', p: found?.p });
    expect(worse?.worsening).toBeCloseTo(-(found?.difference ?? NaN), 12);
    expect(worseningOf(auc, worse?.interval?.[0] ?? NaN)?.p).toBeCloseTo(0.025, 9);
  });

  it('knows nothing of nothing', () => {
    expect(worseningOf({}, 0)).toBeNull();
    expect(worseningOf({ n: 0, only_baseline_right: 0, only_candidate_right: 0, diff: null, wald_paired95: null }, 0)).toMatchObject({ n: 0, p: null, interval: null });
    expect(worseningOf({ n: 1, mae_candidate: 2, mae_baseline: 1, diff: 1, p: null, paired_t95: null }, 0.5)).toMatchObject({ p: null });
    expect(worseningOf({ n: 5, mae_candidate: 2, mae_baseline: 1, diff: 1, p: 0, paired_t95: [1, 1] }, 0.5)).toMatchObject({ p: 0 });
    expect(worseningOf({ n: 5, mae_candidate: 2, mae_baseline: 1, diff: 1, p: 0, paired_t95: [1, 1] }, 2)).toMatchObject({ p: 1 });
  });
});

it('rows that would tell shrink the interval below the margin', () => {
  const found = worseningOf(compared({ n: 100, lost: 10, won: 10 }).comparison, 0);
  const more = found && rowsToShow(found, 0.05);
  expect(more).toBeGreaterThan(100);
  expect(found && rowsToShow({ ...found, worsening: 0.06 }, 0.05)).toBeNull();
  expect(rowsToShow({ n: 0, worsening: 0, interval: null }, 0.05)).toBeNull();
});
