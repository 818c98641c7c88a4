// Feedback stands in the evidence, and stops a move only where runyard.yaml asks for a share.
import { describe, expect, it } from 'vitest';
import { feedbackGate, type FeedbackGiven } from '../../../../../src/core/registry/gates/feedback';
import type { FeedbackSummary } from '../../../../../src/protocol/monitoring';
import { gate } from './support';

const summary = (more: Partial<FeedbackSummary> = {}): FeedbackSummary => ({ model: 'loan@production', since: null, labels: 0, right: 0, wrong: 0, unsure: 0, reviewers: [], newest: null, honest: null, recent: [], ...more });
const all = (more: Partial<FeedbackSummary>): FeedbackGiven => ({ environment: 'production', version: null, since: Date.UTC(2026, 10, 1), summary: summary(more) });
const own = (more: Partial<FeedbackSummary>, environment = 'staging'): FeedbackGiven => ({ environment, version: 2, since: null, summary: summary(more) });

describe('without a share that is asked for', () => {
  it('tells labels, right and wrong with their interval, the newest and who reviewed, and passes', () => {
    const found = feedbackGate(gate('feedback'), { version: 2, given: [all({ labels: 40, right: 36, wrong: 4, unsure: 2, newest: Date.UTC(2026, 10, 20), reviewers: [{ name: 'Ana', rows: 30 }, { name: 'Bo', rows: 12 }], honest: { n: 10, right: 9, low: 0.6, high: 0.98 } })] });
    expect(found).toMatchObject({ kind: 'feedback', outcome: 'pass', blocks: false, evidence: [{ n: 40, value: 0.9 }] });
    expect(found.reason).toBe('production, since 2026-11-01: 40 labels, 36 right and 4 wrong (90 %, 76.9 % to 96 %), 2 unsure; of 10 rows by chance 9 right (60 % to 98 %); the newest of 2026-11-20; reviewed by Ana (30), Bo (12)');
  });

  it('never blocks, also where there is nothing', () => {
    expect(feedbackGate(gate('feedback'), { version: 2, given: [all({})] })).toMatchObject({ outcome: 'cannot tell', blocks: false, reason: 'production, since 2026-11-01: no feedback' });
    expect(feedbackGate(gate('feedback'), { version: 2, given: [] })).toMatchObject({ outcome: 'cannot tell', blocks: false });
    expect(feedbackGate(gate('feedback'), { version: 2, given: [all({ labels: 9, right: 0, wrong: 9 })] })).toMatchObject({ outcome: 'pass', blocks: false });
  });
});

describe('with a share that is asked for', () => {
  const judged = (given: FeedbackGiven[], more = {}) => feedbackGate(gate('feedback', { min: 0.8, ...more }), { version: 2, given });
  it('holds this version\'s own answers against it, by the whole of the interval', () => {
    expect(judged([all({ right: 0, wrong: 500 }), own({ right: 95, wrong: 5 })])).toMatchObject({ outcome: 'pass', blocks: false });
    expect(judged([all({ right: 500 }), own({ right: 50, wrong: 50 })])).toMatchObject({ outcome: 'fail', blocks: true });
    expect(judged([own({ right: 85, wrong: 15 })])).toMatchObject({ outcome: 'cannot tell', blocks: true, evidence: [{ n: 100, value: 0.85 }, {}] });
    expect(judged([own({ right: 40, wrong: 1 }, 'production'), own({ right: 60, wrong: 1 })])).toMatchObject({ outcome: 'pass', reason: expect.stringContaining('100 of 102 answers of version 2 right') as string });
  });

  it('can\'t tell of few answers, or none, unless that may pass', () => {
    expect(judged([own({ right: 29 })])).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: expect.stringContaining('too few') as string });
    expect(judged([all({ right: 500 })])).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "nobody has said anything of version 2's answers" });
    expect(judged([all({ right: 500 })], { cannotTell: 'pass' })).toMatchObject({ blocks: false });
    expect(judged([own({ right: 5 })], { labels: 5, min: 0.5 })).toMatchObject({ outcome: 'pass' });
  });
});

describe('where answers are numbers', () => {
  const error = (n: number, mean: number, sd: number): NonNullable<FeedbackSummary['error']> => ({ n, mean, sd, interval: [mean - 2 * sd / Math.sqrt(n), mean + 2 * sd / Math.sqrt(n)] });
  const judged = (given: FeedbackGiven[], more = {}) => feedbackGate(gate('feedback', { maxError: 5, ...more }), { version: 2, given });

  it('the mean absolute error stands in the evidence, with its interval', () => {
    const found = feedbackGate(gate('feedback'), { version: 2, given: [all({ labels: 40, newest: Date.UTC(2026, 10, 20), error: { n: 40, mean: 4.25, sd: 1, interval: [3.93, 4.57] } })] });
    expect(found).toMatchObject({ outcome: 'pass', blocks: false, reason: 'production, since 2026-11-01: 40 labels; mean absolute error 4.25 (3.93 to 4.57) over 40 answers; the newest of 2026-11-20', evidence: [{ metric: 'mae', value: 4.25, interval: [3.93, 4.57], n: 40 }] });
  });

  it('it is held against the limit by the whole of its interval, of this version\'s own answers', () => {
    expect(judged([all({ error: error(500, 90, 1) }), own({ labels: 100, error: error(100, 4, 2) })])).toMatchObject({ outcome: 'pass', reason: 'mean absolute error of version 2: 4 (3.603 to 4.397), at most 5 is asked for; 100 answers', evidence: [{ metric: 'mae', value: 4, n: 100 }, {}, {}] });
    expect(judged([own({ labels: 100, error: error(100, 6, 2) })])).toMatchObject({ outcome: 'fail', blocks: true });
    expect(judged([own({ labels: 100, error: error(100, 5.1, 2) })])).toMatchObject({ outcome: 'cannot tell', blocks: true });
  });

  it('answers of several environments are one sample', () => {
    // 0, 2 and 10, 14: mean 6.5, n - 1 below.
    const two = judged([own({ error: { n: 2, mean: 1, sd: Math.SQRT2, interval: null } }, 'production'), own({ error: { n: 2, mean: 12, sd: Math.sqrt(8), interval: null } })], { labels: 2 });
    expect(two.evidence[0]).toMatchObject({ n: 4, value: 6.5, interval: [6.5 - 3.182446305 * Math.sqrt(131 / 3 / 4), 6.5 + 3.182446305 * Math.sqrt(131 / 3 / 4)].map((one) => expect.closeTo(one, 6) as number) });
  });

  it('of few answers, of none, or where all errors are one nobody can tell', () => {
    expect(judged([own({ labels: 9, error: error(9, 1, 1) })])).toMatchObject({ outcome: 'cannot tell', reason: 'mean absolute error of version 2: 9 answers are too few to tell (at least 30)' });
    expect(judged([own({ labels: 40, right: 40 })])).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "the mean absolute error of version 2 isn't known: no answer of it has a number to be held against" });
    expect(judged([own({ labels: 40, error: { n: 40, mean: 3, sd: 0, interval: null } })])).toMatchObject({ outcome: 'cannot tell', reason: expect.stringContaining('all of one size') as string });
  });

  it('beside a share that is asked for the worse of the two counts', () => {
    const right = { labels: 100, right: 100 };
    expect(judged([own({ ...right, error: error(100, 6, 2) })], { min: 0.8 })).toMatchObject({ outcome: 'fail', reason: expect.stringMatching(/^100 of 100 answers of version 2 right: .*; mean absolute error of version 2: 6 /) as string });
    expect(judged([own({ ...right, error: error(100, 4, 2) })], { min: 0.8 })).toMatchObject({ outcome: 'pass' });
    expect(judged([own({ error: error(100, 4, 2) })], { min: 0.8 })).toMatchObject({ outcome: 'cannot tell', blocks: true });
  });
});
