import { expect, test } from 'vitest';
import type { ColumnPicture } from '../../../../../src/protocol/drift';
import { categoryBars, categoryNote, ecdfSpec, histogramSpec } from '../../../../../webview/drift/model/distribution';

const style = { color: 'c', dash: [5, 3] };
const styles = { current: style, reference: style, limit: style, noise: style, mark: style, more: [] };
const picture = (more: Partial<ColumnPicture>): ColumnPicture => ({ column: 'x', type: 'numeric', missing: { reference: 0, current: 10 }, rows: { reference: 100, current: 50 }, histogram: null, ecdf: null, quantiles: null, categories: null, others: null, ...more });

test('a histogram is of shares, so that sides of other sizes lie over each other', () => {
  const spec = histogramSpec(picture({ histogram: { edges: [0, 1, 2], reference: [50, 50], current: [30, 10] } }), styles);
  expect(spec?.lines.map(({ points }) => points.map(({ y }) => y))).toEqual([[0, 0.5, 0.5, 0], [0, 0.75, 0.25, 0]]);
  expect(spec?.note).toBe('missing: 0 % of the reference, 20 % of the current rows');
});

test('what isn\u2019t there isn\u2019t drawn', () => {
  expect(histogramSpec(picture({}), styles)).toBeNull();
  expect(ecdfSpec(picture({ ecdf: { reference: [], current: [] } }), styles)).toBeNull();
});

test('categories are shares of the rows with a value; new and vanished ones are told, the rest is one bar', () => {
  const bars = categoryBars(picture({ type: 'categorical', categories: [{ value: 'a', reference: 60, current: 20 }, { value: '', reference: 40, current: 0 }, { value: 'new', reference: 0, current: 20 }], others: { reference: 0, current: 0, values: 7 } }), 3);
  expect(bars.map(({ label, reference, current, fresh, gone }) => [label, reference, current, fresh, gone])).toEqual([['a', 0.6, 0.5, false, false], ['(empty)', 0.4, 0, false, true], ['new', 0, 0.5, true, false], ['7 more', 0, 0, false, false]]);
  expect(categoryNote(picture({}), bars)).toBe('1 new (\u271a); 1 vanished (\u2715); missing: 0 % of the reference, 20 % of the current rows');
});
