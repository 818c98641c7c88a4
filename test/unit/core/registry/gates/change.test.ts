import { describe, expect, it } from 'vitest';
import { changeGate, type Against } from '../../../../../src/core/registry/gates/change';
import { metricGate } from '../../../../../src/core/registry/gates/metric';
import type { GateResult } from '../../../../../src/protocol/registry';
import { compared, doc, errors, gate, slice } from './support';

const change = (config: Record<string, unknown>, more: Partial<Against> = {}): GateResult => changeGate(gate('change', config), { doc: doc(), live: 1, version: 2, ...more });

describe('the change against what is live', () => {
  it('is judged by the whole of its interval: at least what is asked for passes, below fails, across can not be told', () => {
    const better = change({});
    expect(better).toMatchObject({ name: 'change', outcome: 'pass', blocks: false });
    expect(better.reason).toMatch(/^accuracy is 0\.89 against 0\.8 of version 1: better, \+0\.06 \(\+0\.04\d* to \+0\.07\d*\)$/);
    expect(change({ min: 0.05 })).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: expect.stringContaining("whether it is at least +0.05 can't be told from 1000 rows") as string });
    expect(change({ min: 0.05, cannotTell: 'pass' }).blocks).toBe(false);
    expect(change({ min: 0.2 })).toMatchObject({ outcome: 'fail', blocks: true, reason: expect.stringContaining(': at least +0.2 is asked for') as string });
    expect(change({ min: -0.5 }).outcome).toBe('pass');
    expect(change({}, { doc: doc([], {}, compared({ n: 1000, lost: 80, won: 20 })) })).toMatchObject({ outcome: 'fail', reason: expect.stringContaining('worse, -0.06') as string });
    expect(change({}, { doc: doc([], {}, compared({ n: 1000, lost: 0, won: 0 })) })).toMatchObject({ outcome: 'pass', reason: expect.stringContaining('no change') as string });
  });

  it('is turned so that positive is better, whichever way the metric goes', () => {
    const values = Array.from({ length: 100 }, (_, row) => -2 + Math.sin(row * 12.9898));
    const of = doc([], { main: { metric: 'mae', goal: 'minimize' }, baselineOverall: { figures: { n: 100, mae: 10 }, intervals: {} }, overall: { ...doc().overall, figures: { n: 100, mae: 8 }, compared: errors(values) } });
    expect(change({}, { doc: of })).toMatchObject({ outcome: 'pass', reason: expect.stringContaining('better, +1.97') as string });
    expect(change({ min: 0.1, relative: true }, { doc: of })).toMatchObject({ outcome: 'pass', reason: expect.stringMatching(/better, \+0\.197 of what live has/) as string });
    expect(change({ min: 0.5, relative: true }, { doc: of }).outcome).toBe('fail');
    const other = doc([], { overall: { ...doc().overall, figures: { n: 1000, accuracy: 0.9, log_loss: 0.5, profit_loss: 3 }, compared: { ...compared({ n: 1000, lost: 0, won: 0 }), differences: { log_loss: { difference: 0.1, low: 0.05, high: 0.15, method: 'bca' }, profit_loss: { difference: 1, low: 0.5, high: 2, method: 'bca' } } } }, baselineOverall: { figures: { n: 1000, log_loss: 0.4, profit_loss: 2 }, intervals: {} } });
    expect(change({ metric: 'log_loss' }, { doc: other }).outcome).toBe('fail');
    expect(change({ metric: 'profit_loss' }, { doc: other, metrics: { metrics: { profit_loss: { goal: 'maximize', main: false } } } }).outcome).toBe('pass');
  });

  it('of a figure without a paired interval is judged by its value; of one that is undefined it can not be told', () => {
    const of = doc([], { overall: { ...doc().overall, figures: { n: 1000, accuracy: 0.9, worst: 5, odd: null }, compared: compared({ n: 10, lost: 0, won: 0 }) }, baselineOverall: { figures: { n: 1000, worst: 3, odd: 1 }, intervals: {} } });
    expect(change({ metric: 'worst' }, { doc: of }).outcome).toBe('pass');
    expect(change({ metric: 'worst', min: 3 }, { doc: of }).outcome).toBe('fail');
    expect(change({ metric: 'odd' }, { doc: of })).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(change({ metric: 'worst', relative: true }, { doc: { ...of, baselineOverall: { figures: { n: 1, worst: 0 }, intervals: {} } } })).toMatchObject({ outcome: 'cannot tell', hint: 'leave out relative: true' });
  });

  it('against nothing passes, and of an unknown metric always blocks', () => {
    expect(change({}, { live: null }).outcome).toBe('pass');
    expect(change({}, { live: 2 }).reason).toBe('version 2 is what is live there already');
    expect(change({ metric: 'acuracy', cannotTell: 'pass' })).toMatchObject({ outcome: 'cannot tell', blocks: true, reason: "the evaluation loans has no figure 'acuracy'", hint: "did you mean 'accuracy'?" });
    expect(change({}, { doc: doc([], {}, null) })).toMatchObject({ outcome: 'cannot tell' });
  });
});

describe('a figure within limits', () => {
  const metric = (config: Record<string, unknown>): GateResult => metricGate(gate('metric', config), doc([slice('young', compared({ n: 100, lost: 1, won: 1 })), slice('few', compared({ n: 10, lost: 1, won: 1 }))]));

  it('is judged by the whole of its interval', () => {
    expect(metric({ metric: 'accuracy', min: 0.85 })).toMatchObject({ name: 'metric accuracy', outcome: 'pass', evidence: [{ metric: 'accuracy', value: 0.89, interval: [0.855, 0.917], n: 1000 }] });
    expect(metric({ metric: 'accuracy', min: 0.9 })).toMatchObject({ outcome: 'cannot tell', blocks: true });
    expect(metric({ metric: 'accuracy', min: 0.95 })).toMatchObject({ outcome: 'fail', blocks: true, reason: expect.stringContaining('it should be at least 0.95') as string });
    expect(metric({ metric: 'accuracy', max: 0.5 }).outcome).toBe('fail');
    expect(metric({ metric: 'per_class.1.recall', min: 0.8 }).outcome).toBe('pass');
    expect(metric({ metric: 'profit', min: 1000, max: 2000 }).outcome).toBe('pass');
  });

  it('may be one of a slice, which needs rows enough', () => {
    expect(metric({ metric: 'accuracy', slice: 'young', min: 0.6 })).toMatchObject({ name: 'metric accuracy of young', outcome: 'pass', evidence: [{ slice: 'young', n: 100 }] });
    expect(metric({ metric: 'accuracy', slice: 'few', min: 0.6 })).toMatchObject({ outcome: 'cannot tell', reason: expect.stringContaining('10 rows, and 30 are asked for') as string });
  });

  it.each([
    [{ metric: 'acuracy', min: 0 }, "the evaluation loans has no figure 'acuracy'", "did you mean 'accuracy'?"],
    [{ metric: 'confusion_matrix', min: 0 }, "the evaluation loans has no figure 'confusion_matrix'", 'there are accuracy, '],
    [{ metric: 'accuracy', slice: 'yung', min: 0 }, "the evaluation loans has no slice 'yung'", "did you mean 'young'?"],
  ])('that the evaluation does not have blocks whatever the gate says: %j', (config, reason, hint) => {
    const found = metric({ ...config, cannotTell: 'pass' });
    expect(found).toMatchObject({ outcome: 'cannot tell', blocks: true, reason });
    expect(found.hint).toContain(hint);
  });
});
