import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comparison, EvaluationDoc, FigureSet, Outcome, PairVerdict, SliceResult } from '../../../../../src/protocol/evaluation/result';
import { filterLines, restGap, sliceLines, sortLines, wordOf, worst, type SliceLine } from '../../../../../webview/evaluation/model/slices';

const slice = (name: string, more: Partial<SliceResult> = {}): SliceResult => ({
  name, spec: { name, where: `region = '${name}'`, minSupport: 30, thresholds: {}, owner: 'ana' }, unscored: 0, figures: { n: 100, accuracy: 0.8 }, intervals: { accuracy: { low: 0.7, high: 0.88, method: 'wilson' } },
  vs_rest: { n_rest: 900, accuracy_diff: -0.1, newcombe95: [-0.19, -0.02], p_holm: 0.03 }, harm: 10, outcome: 'pass', checks: [], compared: null, ...more,
});
const doc = (slices: SliceResult[]): EvaluationDoc => ({
  main: { metric: 'accuracy', goal: 'maximize' }, slices, unscored: { count: 0, reasons: {}, first: [] }, splits: { test: { overall: { figures: { n: 5, accuracy: 0.6 }, intervals: {} }, slices: { a: { n: 2, accuracy: 0.5 } } } },
  overall: { figures: { n: 1000, accuracy: 0.9 }, intervals: {}, checks: [], compared: null, bootstrap95: {} },
}) as unknown as EvaluationDoc;
const verdict: PairVerdict = { metric: 'accuracy', goal: 'maximize', word: 'worse', difference: -0.1, interval: [-0.15, -0.05], p: 0.001, method: 'McNemar', rowsToTell: null, reason: '' };

describe('sliceLines', () => {
  it('has of one split its own figures, the intervals that were asked for, and nothing that is told of all rows only but the outcome', () => {
    const [all, a, b] = sliceLines(doc([slice('a', { unscored: 3, outcome: 'fail' }), slice('b')]), 'accuracy', 'test', (name): FigureSet['intervals'] => (name === 'a' ? { accuracy: { low: 0.1, high: 0.9, method: 'wilson' } } : {}));
    expect(all).toMatchObject({ n: 5, value: 0.6, low: null });
    expect(a).toMatchObject({ n: 2, value: 0.5, low: 0.1, high: 0.9, rest: null, change: null, harm: null, unscored: 0, outcome: 'fail' });
    expect(b).toMatchObject({ n: 0, value: null, low: null });
  });
  it('has all rows first, then the slices with their figure, interval, gap to the rest and owner', () => {
    const [all, line] = sliceLines(doc([slice('a')]), 'accuracy');
    expect(all).toMatchObject({ slice: null, n: 1000, value: 0.9, rest: null });
    expect(line).toMatchObject({ slice: 'a', n: 100, value: 0.8, low: 0.7, high: 0.88, method: 'wilson', owner: 'ana', rest: { value: -0.1, low: -0.19, high: -0.02, p: 0.03, word: 'worse' } });
  });
  it('gives the paired difference of the chosen figure: the verdict for the main one, the kept differences for others, nothing else', () => {
    const compared = { comparison: { p_holm: 0.004 } as Comparison, verdict, differences: { log_loss: { difference: -0.2, low: -0.3, high: -0.1, method: 'bootstrap' } }, failed: true };
    const of = (metric: string): SliceLine | undefined => sliceLines(doc([slice('a', { compared })]), metric)[1];
    expect(of('accuracy')?.change).toMatchObject({ value: -0.1, p: 0.004, word: 'worse' });
    expect(of('log_loss')?.change).toMatchObject({ value: -0.2, word: 'better' });
    expect(of('mcc')?.change).toBeNull();
  });
  it('of one value of the split column has its figures and no comparison', () => {
    expect(sliceLines(doc([slice('a'), slice('b')]), 'accuracy', 'test').map(({ n, value, harm }) => [n, value, harm])).toEqual([[5, 0.6, null], [2, 0.5, null], [0, null, null]]);
  });
});

describe('restGap', () => {
  it('reads a regression\u2019s gap with Welch\u2019s interval, where less is better', () => {
    expect(restGap({ mae_diff: 4, welch95: [1, 7], n_rest: 50, p_holm: null }, { metric: 'mae', goal: 'minimize' })).toEqual({ value: 4, low: 1, high: 7, p: null, note: 'against 50 other rows', word: 'worse', said: 'worse' });
  });
  it('is nothing without a rest', () => expect(restGap(null, { metric: 'accuracy', goal: 'maximize' })).toBeNull());
});

describe('wordOf', () => {
  it('says better or worse only where the whole interval does, and follows the goal', () => {
    expect([wordOf(0.1, 0.2, 'maximize'), wordOf(0.1, 0.2, 'minimize'), wordOf(-0.1, 0.2, 'maximize'), wordOf(0, 0, 'maximize'), wordOf(null, 1, 'maximize'), wordOf(1, 2, null)])
      .toEqual(['better', 'worse', 'cannot tell', 'same', 'cannot tell', 'cannot tell']);
  });
});

describe('sortLines', () => {
  const lines = (harms: (number | null)[]): SliceLine[] => sliceLines(doc(harms.map((harm, at) => slice(`s${at}`, { harm }))), 'accuracy');
  it('puts the most harm on top, all rows before it, and slices without a rest last', () => {
    expect(sortLines(lines([1, null, 64, -3]), { key: 'harm', descending: true }).map((line) => line.name)).toEqual(['all rows', 's2', 's0', 's3', 's1']);
    expect(sortLines(lines([1, null, 64, -3]), { key: 'harm', descending: false }).map((line) => line.name)).toEqual(['all rows', 's3', 's0', 's2', 's1']);
  });
  it('sorts outcomes from fail over cannot tell to pass', () => {
    const outcomes: Outcome[] = ['pass', 'fail', 'cannot tell'];
    expect(sortLines(sliceLines(doc(outcomes.map((outcome) => slice(outcome, { outcome }))), 'accuracy'), { key: 'outcome', descending: false }).map((line) => line.outcome)).toEqual(['pass', 'fail', 'cannot tell', 'pass']);
  });
  it('loses and doubles no line, whatever the key', () => {
    fc.assert(fc.property(fc.array(fc.option(fc.double({ noNaN: true }))), fc.constantFrom('harm', 'name', 'n', 'value', 'interval', 'rest', 'change', 'owner', 'outcome'), fc.boolean(), (harms, key, descending) => {
      const before = lines(harms);
      const after = sortLines(before, { key, descending });
      expect(after[0]?.slice).toBeNull();
      expect(new Set(after)).toEqual(new Set(before));
      expect(after.length).toBe(before.length);
    }));
  });
});

describe('filterLines', () => {
  it('keeps those that hold every word in name, predicate, owner or outcome, and all rows', () => {
    const lines = sliceLines(doc([slice('north', { outcome: 'fail' }), slice('south')]), 'accuracy');
    expect(filterLines(lines, 'ANA fail').map((line) => line.name)).toEqual(['all rows', 'north']);
    expect(filterLines(lines, 'region south').map((line) => line.name)).toEqual(['all rows', 'south']);
    expect(filterLines(lines, ' ')).toHaveLength(3);
  });
});

it('worst is fail over cannot tell over pass; of nothing pass', () => expect([worst(['pass', 'cannot tell', 'fail']), worst(['pass', 'cannot tell']), worst([])]).toEqual(['fail', 'cannot tell', 'pass']));
