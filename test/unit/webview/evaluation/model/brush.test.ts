import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyStretch, snap } from '../../../../../webview/evaluation/model/brush';
import { chipsOf, narrowed, rowSelection, sliceSelection, withBrush } from '../../../../../webview/evaluation/model/selection';
import { readPanelState, stateFor } from '../../../../../webview/evaluation/model/state';

const edges = [0, 0.25, 0.5, 0.75, 1];

describe('snap', () => {
  it('takes whole bins, in either direction, at least one', () => expect([snap(edges, 0.3, 0.8), snap(edges, 0.8, 0.3), snap(edges, 0.01, 0.02), snap(edges, 0.99, 1), snap([0], 0, 1)])
    .toEqual([{ from: 0.25, to: 0.75 }, { from: 0.25, to: 0.75 }, { from: 0, to: 0.25 }, { from: 0.75, to: 1 }, null]));
  it('always ends on edges, the first before the second', () => {
    fc.assert(fc.property(fc.double({ min: -1, max: 2, noNaN: true }), fc.double({ min: -1, max: 2, noNaN: true }), (a, b) => {
      const found = snap(edges, a, b);
      expect(found && edges.includes(found.from) && edges.includes(found.to) && found.from < found.to).toBe(true);
    }));
  });
});

describe('keyStretch', () => {
  it('starts at an end, moves by a bin, stops at the ends', () => {
    expect(keyStretch(edges, null, 'ArrowRight', false)).toEqual({ from: 0, to: 0.25 });
    expect(keyStretch(edges, null, 'ArrowLeft', false)).toEqual({ from: 0.75, to: 1 });
    expect(keyStretch(edges, { from: 0.25, to: 0.75 }, 'ArrowRight', false)).toEqual({ from: 0.5, to: 1 });
    expect(keyStretch(edges, { from: 0.5, to: 1 }, 'ArrowRight', false)).toEqual({ from: 0.5, to: 1 });
    expect(keyStretch(edges, { from: 0.5, to: 1 }, 'Home', false)).toEqual({ from: 0, to: 0.5 });
  });
  it('with shift moves the right end alone, to one bin at least', () => {
    expect(keyStretch(edges, { from: 0.25, to: 0.5 }, 'ArrowRight', true)).toEqual({ from: 0.25, to: 0.75 });
    expect(keyStretch(edges, { from: 0.25, to: 0.5 }, 'ArrowLeft', true)).toEqual({ from: 0.25, to: 0.5 });
    expect(keyStretch(edges, { from: 0.25, to: 0.5 }, 'End', true)).toEqual({ from: 0.25, to: 1 });
  });
  it('gives all back with Escape, and leaves other keys alone', () => expect([keyStretch(edges, { from: 0, to: 1 }, 'Escape', false), keyStretch(edges, null, 'a', false), keyStretch([1], null, 'End', false)]).toEqual([null, undefined, undefined]));
});

describe('the selection', () => {
  const state = { ...readPanelState({}), slice: 'north', part: 'test', brush: [{ of: 'score' as const, from: 0, to: 0.5 }], cell: { truth: '1', predicted: '0' } };
  it('is what was chosen, brushed and clicked; the pictures show the slice without its brushes', () => {
    expect(rowSelection(state, 'broken')).toEqual({ slice: 'north', split: 'test', brush: [{ of: 'score', from: 0, to: 0.5 }], truth: '1', predicted: '0', flip: 'broken' });
    expect(sliceSelection(state)).toEqual({ slice: 'north', split: 'test' });
    expect(rowSelection(readPanelState({}))).toEqual({});
    expect([narrowed(state), narrowed(readPanelState({}))]).toEqual([true, false]);
  });
  it('has a chip for each filter, which takes that one away', () => {
    const chips = chipsOf(state);
    expect(chips.map((chip) => chip.text)).toEqual(['north', 'split test', '1 called 0', 'score 0 to 0.5']);
    expect(Object.assign({}, ...chips.map((chip) => chip.patch))).toMatchObject({ slice: null, part: null, cell: null, brush: [] });
  });
  it('holds one stretch of each kind', () => {
    const two = withBrush(state.brush, 'residual', { from: -1, to: 1 });
    expect(withBrush(two, 'score', { from: 0.5, to: 1 })).toEqual([{ of: 'residual', from: -1, to: 1 }, { of: 'score', from: 0.5, to: 1 }]);
    expect(withBrush(two, 'score', null)).toEqual([{ of: 'residual', from: -1, to: 1 }]);
  });
});

describe('the state that is kept', () => {
  it('is the defaults where what was saved can\u2019t be read, part by part', () => {
    expect(readPanelState('rubbish')).toEqual(readPanelState({}));
    expect(readPanelState({ evaluation: 'e1', filter: 'north', sort: 7, brush: [{ of: 'nothing' }] })).toMatchObject({ evaluation: 'e1', filter: 'north', sort: { key: 'harm', descending: true }, brush: [] });
  });
  it('has the evaluation first, for the host reads it', () => expect(Object.keys(readPanelState({}))[0]).toBe('evaluation'));
  it('keeps a slice for another evaluation that has it, and no brushes of other rows', () => {
    const state = { ...readPanelState({ evaluation: 'e1' }), slice: 'north', brush: [{ of: 'score' as const, from: 0, to: 1 }], filter: 'n' };
    expect(stateFor(state, 'e2', ['north'])).toMatchObject({ evaluation: 'e2', slice: 'north', brush: [], filter: 'n' });
    expect(stateFor(state, 'e2', []).slice).toBeNull();
    expect(stateFor(state, 'e1', ['north'])).toBe(state);
  });
});
