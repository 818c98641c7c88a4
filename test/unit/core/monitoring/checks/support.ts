import { driftRequest, type ColumnDrift, type DriftDoc } from '../../../../../src/protocol/drift';
import type { PerformanceDoc, PerformanceFigure } from '../../../../../src/protocol/performance';
import type { Looked } from '../../../../../src/core/monitoring/checks/types';

export const column = (name: string, { effect, p = 0.001, limit = 0.1, role = 'input' }: { effect: number; p?: number; limit?: number; role?: ColumnDrift['role'] }): ColumnDrift => {
  const drifted = effect >= limit && p < 0.05;
  return {
    name, type: 'numeric', role, figures: { psi: effect + 0.01 }, noise: null, harm: drifted ? 2 : 0, importance: 0.5,
    tests: [{ what: 'distribution', measure: 'psi', effect, limit, p, p_bh: p, method: 'Kolmogorov-Smirnov', drifted, unsure: false }, { what: 'missing', measure: 'rate_change', effect: 0, limit: 0.05, p: 1, p_bh: 1, method: '', drifted: false, unsure: false }],
    outcome: drifted ? 'fail' : 'pass', reason: drifted ? `${name}: distribution` : '',
  };
};
const side = { files: ['a'], rows: 100, digest: 'd', bytes: 1 };
export const driftDoc = (more: Partial<DriftDoc> = {}): DriftDoc => ({
  version: 1, created: 1, duration: 0.1, reference: side, current: side, request: driftRequest.parse({ reference: { files: ['a'] }, current: { files: ['b'] } }),
  columns: { age: column('age', { effect: 0.3 }), city: column('city', { effect: 0.01 }) }, label: null, predictions: {}, schema: [], leftOut: [], drifted: ['age'], outcome: 'fail', reasons: [], ...more,
});
export const figure = (more: Partial<PerformanceFigure> = {}): PerformanceFigure => ({
  metric: 'f1', goal: 'maximize', estimated: 0.8, estimatedInterval: [0.78, 0.82], realised: 0.7, realisedInterval: [0.65, 0.75], realisedRows: 200, reference: 0.85, lower: 0.81, upper: 0.89, why: '', ...more,
});
export const performanceDoc = (figures: Record<string, PerformanceFigure>, slices: PerformanceDoc['windows'][number]['slices'] = {}): PerformanceDoc => ({
  task: 'binary', classes: ['0', '1'], method: 'cbpe', fit: {}, referenceRows: 100, windows: [{ from: 0, to: 1, rows: 100, figures, slices }], outcome: 'pass', notes: [],
});
export const looked = (more: Partial<Looked> & { rows?: number } = {}): Looked => ({
  facts: { rows: more.rows ?? 100, from: 0, to: 1, versions: [], latency: 12, rules: [{ rule: 'minors', rows: 5 }, { rule: 'odd', rows: 1 }], labelled: 0, files: 1, future: 0, unreadable: [] },
  drift: () => ({ value: driftDoc() }), performance: { value: performanceDoc({ f1: figure() }) }, age: () => 60, program: () => ({ value: { outcome: 'done', status: 0, output: '', duration: 0.1 } }), ...more,
});
