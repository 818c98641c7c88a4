import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ColumnDrift } from '../../../../../src/protocol/drift';
import { MEASURES } from '../../../../../src/protocol/drift-measures';
import type { Outcome } from '../../../../../src/protocol/evaluation/result';
import type { HistoryPoint } from '../../../../../src/protocol/monitoring';
import { measureSpec, niceRange, quantileSpec, sharesSpec, type Frame } from '../../../../../webview/drift/model/over-time';
import { metricsOf, performanceSpec, togetherSpec } from '../../../../../webview/drift/model/performance';
import { windowScale, type ShownWindow } from '../../../../../webview/drift/model/windows';

const DAY = 86_400_000;
const style = { color: 'c', dash: [] };
const column = (psi: number | null, outcome: Outcome, figures: Record<string, unknown> = {}): ColumnDrift => ({
  name: 'income', type: 'numeric', role: 'input', figures: { psi, ...figures }, noise: { psi_mean: 0.01, psi_95: 0.02 }, outcome, reason: '',
  tests: [{ what: 'distribution', measure: 'psi', effect: psi, limit: 0.1, p: 0, p_bh: 0, method: '', drifted: outcome === 'fail', unsure: outcome === 'cannot tell' }, { what: 'missing', measure: 'rate_change', effect: 0.2, limit: 0.05, p: 0, p_bh: 0, method: '', drifted: false, unsure: false }],
});
const pointsOf = (columns: (ColumnDrift | null)[]): HistoryPoint[] => columns.map((drift, n) => ({ result: `r${n}`, window: { from: n * DAY, to: (n + 1) * DAY, rows: 100 }, drift, multivariate: [] }));
const frameOf = (points: readonly { window: { from: number; to: number } }[]): Frame => {
  const scale = windowScale(points.map(({ window }) => window));
  if (!scale) throw new Error('no windows');
  return { scale, marks: [{ t: DAY * 1.5, version: 3, back: false, forced: false, text: 'promoted' }], styles: { current: style, reference: style, limit: style, noise: style, mark: style, more: [style, style] } };
};
const measure = (id: string) => MEASURES.find((one) => one.id === id) ?? (() => { throw new Error(id); })();
const line = (spec: ReturnType<typeof measureSpec>, id: string) => spec.lines.find((one) => one.id === id);

describe('a measure over time', () => {
  const points = pointsOf([column(0.02, 'pass'), column(3.4, 'cannot tell'), null, column(0.5, 'fail')]);
  const spec = measureSpec(points, measure('psi'), frameOf(points));

  test('has its limit above the mean of the noise, over the whole axis', () => {
    expect(line(spec, 'limit')?.points.map(({ x, y }) => [x, Math.round(y * 100) / 100])).toEqual([[0, 0.11], [0.5, 0.11], [3.5, 0.11], [4, 0.11]]);
    expect(line(spec, 'noise')?.band?.high.map(({ y }) => y)).toEqual([0.02, 0.02]);
  });
  test('has a gap where nobody can tell, so that a handful of rows dwarf nothing', () => {
    expect(line(spec, 'value')?.points.map(({ y }) => y)).toEqual([0.02, NaN, NaN, 0.5]);
    expect(spec.y.max).toBe(0.5);
    expect(spec.note).toBe('\u00d7 too few rows to tell, in 1 window.');
    expect(line(spec, 'value')?.radii).toHaveLength(4);
  });
  test('has what went live on the same axis', () => {
    expect(line(spec, 'mark 0')?.points.map(({ x }) => x)).toEqual([1.5, 1.5]);
    expect(spec.summary).toContain('\u25b6 v3');
  });
  test('without a limit of its own says what the verdict is by', () => {
    const ks = measureSpec(pointsOf([column(0.1, 'pass', { ks: { statistic: 0.3 } })]), measure('ks'), frameOf(points));
    expect(line(ks, 'limit')).toBeUndefined();
    expect(ks.note).toContain('No limit of its own');
    expect(ks.y.max).toBeLessThanOrEqual(1);
  });
  test('of a change has a limit to both sides where it goes both ways', () => {
    const fewer = pointsOf([column(0, 'fail', { missing: { rate_change: -0.2 } }), column(0, 'pass', { missing: { rate_change: 0.1 } })]);
    expect(measureSpec(fewer, measure('missing'), frameOf(fewer)).lines.map(({ id }) => id)).toEqual(['limit', 'lower limit', 'value', 'mark 0']);
  });
});

test('quantiles leave the outermost values away where those would flatten the rest', () => {
  const summary = (max: number): Record<string, unknown> => ({ reference: { p25: 1, median: 2, p75: 3, min: 0, max: 4 }, current: { p25: 1, median: 2, p75: 3, min: 0, max } });
  const near = pointsOf([column(0, 'pass', summary(5)), column(0, 'pass', summary(6))]);
  const far = pointsOf([column(0, 'pass', summary(1e6))]);
  expect(quantileSpec(near, frameOf(near)).lines.map(({ id }) => id)).toContain('largest');
  expect(quantileSpec(far, frameOf(near)).lines.map(({ id }) => id)).not.toContain('largest');
  expect(quantileSpec(far, frameOf(near)).note).toContain('far outside');
});

test('shares of categories are of all rows that have a value, also where few categories are listed', () => {
  const points = pointsOf([column(0, 'pass', { counts: { a: [10, 40], b: [10, 20] }, missing: { current_missing: 20 } })]);
  const spec = sharesSpec(points, frameOf(points));
  expect(spec.lines.slice(0, 2).map(({ id, points: own }) => [id, own[0]?.y])).toEqual([['a', 0.5], ['b', 0.25]]);
});

test('an axis ends on whole steps and holds all that is drawn', () => {
  expect(niceRange(0, 2.53)).toEqual({ low: 0, high: 3, step: 1 });
  expect(niceRange(0, 0.97, 1)).toEqual({ low: 0, high: 1, step: 0.2 });
  fc.assert(fc.property(fc.double({ min: -1e4, max: 1e4, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (least, reach) => {
    const { low, high, step } = niceRange(least, least + reach);
    expect(low).toBeLessThanOrEqual(least + step * 1e-3);
    expect(high).toBeGreaterThanOrEqual(least + reach - step * 1e-3);
    expect((high - low) / step).toBeLessThan(8);
  }));
});

describe('performance over time', () => {
  const window = (n: number, realised: number | null): ShownWindow => ({ id: `r${n}`, from: n * DAY, to: (n + 1) * DAY, rows: 10, outcome: 'pass', reasons: [], cells: {}, versions: [], summary: null, figures: { roc_auc: { metric: 'roc_auc', goal: 'maximize', estimated: 0.8, estimatedInterval: [0.78, 0.82], realised, realisedInterval: null, realisedRows: 0, reference: 0.82, lower: 0.75, upper: 0.89, why: realised === null ? 'no label came yet' : '' } } });
  const windows = [window(0, 0.79), window(1, null)];
  const frame = frameOf([{ window: { from: 0, to: DAY } }, { window: { from: DAY, to: 2 * DAY } }]);
  test('draws what is known beside what was estimated, and says why there is no more', () => {
    const spec = performanceSpec(windows, 'roc_auc', frame);
    expect(spec.lines.map(({ id }) => id)).toEqual(['lower', 'upper', 'reference', 'estimated', 'realised', 'mark 0']);
    expect(spec.note).toBe('no label came yet');
    expect(spec.summary).toContain('estimated in 2 and realised in 1 of 2 windows');
  });
  test('names the figure that most windows have first', () => {
    const more = { ...window(2, null), figures: { accuracy: windows[0]?.figures['roc_auc'] } } as ShownWindow;
    expect(metricsOf([...windows, more])).toEqual(['roc_auc', 'accuracy']);
  });
  test('of all columns together has a gap where it wasn\u2019t measured', () => {
    const points = pointsOf([null, null]);
    points[1]?.multivariate.push({ measure: 'domain_auc', value: 0.7, reference: 0.5, lower: null, upper: 0.55, p: 0.001, outcome: 'fail', reason: 'they differ', columns: [] });
    const spec = togetherSpec(points, 'domain_auc', frame);
    expect(spec.lines.slice(0, 3).map(({ id, points: own }) => [id, own.map(({ y }) => y)])).toEqual([['upper', [0.55, 0.55, 0.55]], ['reference', [0.5, 0.5, 0.5]], ['value', [NaN, 0.7]]]);
    expect(spec.summary).toContain('they differ');
  });
});
