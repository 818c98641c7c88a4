import { expect, test } from 'vitest';
import { changeText, largest, metricText, moveText } from '../../../../../webview/registry/model/plan';
import { readPanelState, stateFor } from '../../../../../webview/registry/model/state';

test('a plan says from what to what, also where nothing was live', () => {
  expect(moveText({ environment: 'production', from: 3, to: 4 })).toBe('production: v3 \u2192 v4');
  expect(moveText({ environment: 'production', from: null, to: 1 })).toBe('production: nothing \u2192 v1');
});

test('a figure that isn\u2019t known is called so, never zero', () => {
  expect(changeText(0.8, 0.59)).toBe('0.8 \u2192 0.59 (\u22120.21)');
  expect(changeText(null, 0.59)).toBe('not known \u2192 0.59');
  expect(metricText({ metric: 'roc_auc', fromValue: 0.9, toValue: 0.91 })).toBe('ROC AUC 0.9 \u2192 0.91 (+0.01)');
  expect(metricText({ metric: 'roc_auc', fromValue: null, toValue: null })).toBeNull();
});

test('the slices that change most come first, whichever way; unknown ones last', () => {
  const change = (slice: string, from: number | null, to: number | null) => ({ slice, metric: 'accuracy', from, to, n: 1 });
  expect(largest([change('none', null, 0.5), change('little', 0.5, 0.51), change('worse', 0.8, 0.6), change('better', 0.5, 0.6)], 3).map((one) => one.slice)).toEqual(['worse', 'better', 'little']);
});

test('a state of another shape becomes its defaults, part by part', () => {
  expect(readPanelState('junk')).toMatchObject({ model: '', tab: 'candidate' });
  expect(readPanelState({ model: 'm', tab: 'attic', version: -1, share: 7, range: '30', drafts: { a: 1 } })).toMatchObject({ model: 'm', tab: 'candidate', version: null, share: 0.36, range: '30', drafts: {} });
});

test('another model keeps the looks, not the choices', () => {
  const state = { ...readPanelState({ model: 'a', version: 4, tab: 'timeline', range: '7', eventFilter: 'x', drafts: { b: 'text' } }) };
  expect(stateFor(state, 'a')).toBe(state);
  expect(stateFor(state, 'b')).toMatchObject({ model: 'b', version: null, tab: 'timeline', range: '7', eventFilter: '', drafts: {} });
});
