import { describe, expect, it } from 'vitest';
import { chartSpecs, type Drawn, type Styles } from '../../../../../webview/evaluation/model/curves';
import { binWidth, outline } from '../../../../../webview/evaluation/model/histogram';
import type { Details } from '../../../../../src/protocol/evaluation/result';

const style = (color: string): Styles['own'] => ({ color, dash: [] });
const styles: Styles = { own: style('blue'), all: style('grey'), base: style('purple'), marked: style('orange'), more: [style('a'), style('b'), style('c')], cost: style('d'), classes: ['e', 'f'].map(style) };
const names = { slice: 'north', positive: '1', cost: false };
const details = (more: Partial<Details> = {}): Details => ({
  rows: 4, figures: { n: 4, roc_auc: 0.75, pr_auc: 0.8, ece_pos_10: 0.1, mae: 2 }, intervals: { roc_auc: { low: 0.6, high: 0.9, method: 'delong' } },
  roc: { fpr: [0, 0.5, 1], tpr: [0, 1, 1] }, pr: { recall: [1, 0.5, 0], precision: [0.5, 1, 1] }, calibration: { mean_predicted: [0.2, null], fraction: [0.3, null], count: [4, 0] },
  scores: { edges: [0, 0.5, 1], counts: [3, 1], marked: [0, 1] }, residuals: null, sweep: null, ...more,
});
const drawn = (more: Partial<Drawn> = {}): Drawn => ({ own: details(), all: null, base: null, ...more });
const ids = (of: Drawn, chart: string): string[] | undefined => chartSpecs(of, styles, names).find(({ id }) => id === chart)?.lines.map(({ id }) => id);

describe('the charts of a slice', () => {
  it('draw the baseline and all rows behind the slice, where they are there', () => {
    expect(ids(drawn(), 'roc')).toEqual(['diagonal', 'roc']);
    const all = drawn({ all: details(), base: details() });
    expect(ids(all, 'roc')).toEqual(['diagonal', 'roc-all', 'roc-baseline', 'roc']);
    expect(ids(all, 'pr')).toEqual(['pr-all', 'pr-baseline', 'pr']);
    expect(ids(all, 'calibration')).toEqual(['diagonal', 'calibration-all', 'calibration-baseline', 'calibration']);
    expect(ids(all, 'scores')).toEqual(['scores-all', 'scores-baseline', 'scores', 'scores-marked']);
  });
  it('sum the baseline up beside the slice, with its interval', () => {
    const roc = chartSpecs(drawn({ base: details({ figures: { n: 4, roc_auc: 0.7 }, intervals: { roc_auc: { low: 0.55, high: 0.85, method: 'delong' } } }) }), styles, names).find(({ id }) => id === 'roc');
    expect([roc?.note, roc?.baseline]).toEqual(['AUC 0.75 (0.60 to 0.90)', 'AUC 0.70 (0.55 to 0.85)']);
  });
  it('leave out what the baseline has not: one without scores has no line there', () => {
    expect(ids(drawn({ base: details({ scores: null, roc: null }) }), 'scores')).toEqual(['scores', 'scores-marked']);
    expect(ids(drawn({ base: details({ scores: null, roc: null }) }), 'roc')).toEqual(['diagonal', 'roc']);
  });
  it('have an axis that holds the residuals of both models', () => {
    const spec = chartSpecs(drawn({ own: details({ scores: null, residuals: { edges: [-1, 0, 1], counts: [1, 1] } }), base: details({ residuals: { edges: [-4, 0, 4], counts: [1, 1] } }) }), styles, names).find(({ id }) => id === 'residuals');
    expect([spec?.x.min, spec?.x.max]).toEqual([-4, 4]);
    expect(spec?.brush?.edges).toEqual([-1, 0, 1]);
  });
});

describe('charts', () => {
  const none: Details = { rows: 0, figures: { n: 0 }, intervals: {}, roc: null, pr: null, calibration: null, scores: null, residuals: null, sweep: null };
  const of = (own: Partial<Details>, cost = true) => chartSpecs({ own: { ...none, ...own }, all: null, base: null }, styles, { ...names, cost });
  it('are those that the rows have: none without any', () => expect(of({})).toEqual([]));
  it('have a ROC line for each class against the others where there are several, the one told apart worst first', () => {
    const figures = { n: 9, roc_auc_ovr_macro: 0.8, roc_auc_per_class: { a: 0.9, b: 0.7, c: 0.95, d: null }, roc_tpr_at_fpr_grid_per_class: { a: [0, 1, 1], b: [0, 0.5, 1], c: [0, 1, 1], d: null } };
    const [roc] = of({ figures });
    expect(roc?.lines.map(({ label, points }) => [label, points.map(({ x, y }) => [x, y])])).toEqual([['chance', [[0, 0], [1, 1]]], ['b', [[0, 0], [0.5, 0.5], [1, 1]]], ['a', [[0, 0], [0.5, 1], [1, 1]]]]);
    expect([roc?.note, roc?.summary]).toEqual(['mean AUC 0.8', 'ROC curve of each class against all others, by area: b 0.7, a 0.9; the 2 of 3 classes with the smallest area']);
    expect(of({ figures: { n: 9, roc_tpr_at_fpr_grid_per_class: 'odd' } })).toEqual([]);
  });
  it('mark the least cost where a call has a price', () => {
    const swept = { sweep: { threshold: [Infinity, 0.8, 0.2], precision: [null, 1, 0.5], recall: [0, 0.5, 1], f1: [0, 0.67, 0.66], cost: [5, 2, 3] } };
    expect(of(swept).map(({ id, note }) => [id, note])).toEqual([['sweep', 'best F1 at 0.8'], ['cost', 'least at 0.8']]);
    expect(of(swept, false).map(({ id }) => id)).toEqual(['sweep']);
  });
  it('let scores and residuals be brushed along their bins', () => {
    expect(of({ scores: { edges: [0, 0.5, 1], counts: [1, 2], marked: [0, 2] }, residuals: { edges: [-1, 0, 1], counts: [2, 2] } }).map(({ id, brush }) => [id, brush?.of])).toEqual([['scores', 'score'], ['residuals', 'residual']]);
  });
});

describe('outlines', () => {
  it('are shares of the rows a bin', () => expect(outline([0, 1, 2], [3, 1]).map(({ x, y }) => [x, y])).toEqual([[0, 0], [0, 0.75], [1, 0.25], [2, 0]]));
  it('of wider bins are as high as those of the narrow ones they are held against', () => {
    // The same even spread over 0 to 8, once in eight bins, once in two.
    const narrow = outline([0, 1, 2, 3, 4, 5, 6, 7, 8], new Array<number>(8).fill(2));
    const wide = outline([0, 4, 8], [8, 8], { width: binWidth([0, 1, 2, 3, 4, 5, 6, 7, 8]) });
    expect(wide[1]?.y).toBeCloseTo(narrow[1]?.y ?? NaN, 12);
    expect(wide[1]?.label).toContain('8 rows, 50 %');
  });
});
