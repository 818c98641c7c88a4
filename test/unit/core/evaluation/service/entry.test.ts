import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../../../src/core/evaluation/service/entry';
import type { Compared } from '../../../../../src/protocol/evaluation/result';
import { docOf, sliceOf } from './support';

const compared = (word: 'better' | 'worse' | 'cannot tell', failed = false): Compared => ({
  comparison: {}, differences: {}, failed, verdict: { metric: 'accuracy', goal: 'maximize', word, difference: 0, interval: null, p: null, method: '', rowsToTell: null, reason: `it is ${word}` },
});

describe('what the store keeps of an evaluation', () => {
  it('is its main figure with its interval, and what failed', () => {
    const { summary, duration } = entryOf(docOf(1, { slices: [sliceOf('a', 'fail', 'bad'), sliceOf('b', 'cannot tell')], outcome: 'fail' }));
    expect(summary).toMatchObject({ value: 0.9, low: 0.85, high: 0.95, metric: 'accuracy', slices: 2, failing: 1, outcome: 'fail', rows: 100, data: 'test.csv', run: null, baseline: null });
    expect(duration).toBe(1.5);
  });

  it('is every number of every set of rows by its path, and no counts by class', () => {
    const { figures } = entryOf(docOf(1, { splits: { dev: { overall: { figures: { n: 5, accuracy: 1 }, intervals: {} }, slices: { young: { n: 2, accuracy: 0.5 } } } } }));
    expect(figures).toEqual([
      { split: '', slice: '', metric: 'accuracy', value: 0.9, low: 0.85, high: 0.95, n: 100 },
      { split: '', slice: '', metric: 'per_class.0.recall', value: 0.8, low: 0.7, high: null, n: 100 },
      { split: '', slice: '', metric: 'per_class.0.n', value: 3, low: null, high: null, n: 100 },
      { split: '', slice: 'young', metric: 'accuracy', value: 0.5, low: 0.4, high: 0.6, n: 10 },
      { split: 'dev', slice: '', metric: 'accuracy', value: 1, low: null, high: null, n: 5 },
      { split: 'dev', slice: 'young', metric: 'accuracy', value: 0.5, low: null, high: null, n: 2 },
    ]);
  });

  it('says of each slice and pinned example what came of it, and why', () => {
    const example = { id: '7', expected: '1', note: '', by: '', at: '' };
    const { outcomes } = entryOf(docOf(1, { slices: [sliceOf('a', 'fail', 'accuracy is below 0.8'), sliceOf('b')], pinned: [{ example, outcome: 'fail', row: 3, predicted: '0', reason: 'it came out as 0' }] }));
    expect(outcomes.slice(1)).toEqual([
      { kind: 'slice', item: 'a', outcome: 'fail', message: 'accuracy is below 0.8' },
      { kind: 'slice', item: 'b', outcome: 'pass', message: 'accuracy 0.5 [0.4, 0.6], 10 rows' },
      { kind: 'pinned', item: '7', outcome: 'fail', message: 'it came out as 0' },
    ]);
  });

  it.each([
    ['nothing asked', 'pass', {}, 'accuracy 0.9 [0.85, 0.95], 100 rows'],
    ['a limit that fails', 'fail', { checks: [{ metric: 'accuracy', min: 0.95, max: null, value: 0.9, low: 0.85, high: 0.95, outcome: 'fail' as const, reason: 'too low' }], compared: compared('better') }, 'too low'],
    ['a better model', 'pass', { compared: compared('better') }, 'it is better'],
    ['a worse model', 'fail', { compared: compared('worse') }, 'it is worse'],
    ['a model nobody can tell of', 'cannot tell', { compared: compared('cannot tell') }, 'it is cannot tell'],
    ['a failed gate', 'fail', { compared: compared('better', true) }, 'it is better'],
  ])('says of the whole what its limits and the two models come to: %s', (_, outcome, overall, message) => {
    const doc = docOf(1);
    expect(entryOf({ ...doc, overall: { ...doc.overall, ...overall } }).outcomes[0]).toEqual({ kind: 'overall', item: '', outcome, message });
  });
});
