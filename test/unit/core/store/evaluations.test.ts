import { describe, expect, it } from 'vitest';
import type { EvaluationSummary } from '../../../../src/protocol/evaluation/result';
import type { EvaluationEntry } from '../../../../src/core/store/evaluations';
import { id, say, spec, store, tempDir } from './support';

function entry(n: number, rest: Partial<EvaluationSummary> = {}, more: Partial<EvaluationEntry> = {}): EvaluationEntry {
  const summary: EvaluationSummary = {
    id: id(n), name: 'car-loan', created: 1000 * n, model: `m${n}.onnx`, modelDigest: `digest-${n}`, baseline: null, data: 'test.csv', dataDigest: 'data', rows: 100, task: 'binary',
    metric: 'accuracy', value: 0.8 + n / 64, low: 0.7, high: null, outcome: 'pass', slices: 1, failing: 0, run: null, slicesVersion: 'v', ...rest,
  };
  return {
    summary, duration: n, outcomes: [{ kind: 'slice', item: 'young', outcome: 'pass', message: 'fine' }, { kind: 'overall', item: '', outcome: summary.outcome, message: '' }],
    figures: [{ split: '', slice: '', metric: 'accuracy', value: summary.value, low: null, high: null, n: 100 }, { split: '', slice: 'young', metric: 'accuracy', value: 0.5, low: 0.4, high: 0.6, n: 10 }, { split: 'a', slice: '', metric: 'accuracy', value: 0.1, low: null, high: null, n: 3 }],
    ...more,
  };
}

describe('evaluations in the store', () => {
  it('are listed newest first, of one name or of all, and come back as they went in', () => {
    const { evaluations } = store();
    const entries = [entry(1), entry(3), entry(2, { name: 'price', task: 'regression', value: null, baseline: 'old.onnx' })];
    for (const one of entries) evaluations.put(one);
    expect(evaluations.list().map((one) => one.id)).toEqual([id(3), id(2), id(1)]);
    expect(evaluations.list({ name: 'price' })).toEqual([entries[2]?.summary]);
    expect(evaluations.list({ limit: 1 }).map((one) => one.id)).toEqual([id(3)]);
    expect(evaluations.get(id(1))).toEqual(entries[0]?.summary);
    expect([evaluations.get(id(4)), evaluations.ids()]).toEqual([undefined, [id(1), id(2), id(3)]]);
  });

  it('are replaced whole, and gone with all that hangs on them', () => {
    const { evaluations } = store();
    evaluations.put(entry(1));
    evaluations.put(entry(1, { outcome: 'fail' }, { figures: [] }));
    expect(evaluations.list()).toMatchObject([{ outcome: 'fail' }]);
    expect(evaluations.trend(id(1), { metric: 'accuracy', most: 9 })).toEqual([{ id: id(1), created: 1000, model: 'm1.onnx', values: {} }]);
    evaluations.remove([id(1), id(7)]);
    expect([evaluations.ids(), evaluations.outcomes('car-loan', 9)]).toEqual([[], []]);
  });

  it('are found by id, by the beginning of one, and as the last of all or of a name', () => {
    const { evaluations } = store();
    expect(() => evaluations.resolve('@last')).toThrowError(expect.objectContaining({ code: 'not_found', message: 'there is no evaluation yet' }) as Error);
    for (const one of [entry(0x1a), entry(0x1b), entry(2, { name: 'price' })]) evaluations.put(one);
    expect(evaluations.resolve(id(2))).toBe(id(2));
    expect(evaluations.resolve('@last')).toBe(id(0x1b));
    expect(evaluations.resolve('@last:price')).toBe(id(2));
    evaluations.put(entry(0x1c, { id: `ab${id(1).slice(2)}` }));
    expect(evaluations.resolve('AB')).toBe(`ab${id(1).slice(2)}`);
    expect(() => evaluations.resolve('0')).toThrowError(expect.objectContaining({ code: 'bad_input', hint: 'write more of the id' }) as Error);
    expect(() => evaluations.resolve('@last:prize')).toThrowError(expect.objectContaining({ code: 'not_found', hint: "did you mean 'price'?" }) as Error);
    expect(() => evaluations.resolve('car-laon')).toThrowError(expect.objectContaining({ code: 'not_found', hint: expect.stringMatching(/^did you mean '@last:car-loan'/) as string }) as Error);
    expect(() => evaluations.resolve('@best')).toThrowError(expect.objectContaining({ code: 'bad_input' }) as Error);
  });

  it('give the trend of a name up to one of them, oldest first, by slice', () => {
    const { evaluations } = store();
    for (const one of [entry(1), entry(2), entry(3), entry(4), entry(5, { name: 'price' })]) evaluations.put(one);
    const points = evaluations.trend(id(3), { metric: 'accuracy', most: 2 });
    expect(points.map((point) => point.id)).toEqual([id(2), id(3)]);
    expect(points[1]?.values).toEqual({ '': { value: 0.8 + 3 / 64, low: null, high: null, n: 100 }, young: { value: 0.5, low: 0.4, high: 0.6, n: 10 } });
    expect(evaluations.trend(id(2), { metric: 'nothing', most: 9 }).map((point) => point.values)).toEqual([{}, {}]);
  });

  it('tell what came of each slice, the newest first', () => {
    const { evaluations } = store();
    for (const one of [entry(1), entry(2, { outcome: 'fail' }), entry(3)]) evaluations.put(one);
    const found = evaluations.outcomes('car-loan', 2).filter(({ kind }) => kind === 'overall');
    expect(found.map(({ evaluation, outcome, duration }) => [evaluation, outcome, duration])).toEqual([[id(3), 'pass', 3], [id(2), 'fail', 2]]);
  });

  it('belong to the run that was named, else to the one that made the model; to none once it is gone', () => {
    const at = store(tempDir());
    at.createRun(spec(1), 'running');
    at.createRun(spec(2), 'running');
    say(at, 1, { e: 'artifact', t: 1, path: 'm.onnx', kind: 'model' });
    at.setArtifact(id(1), 'm.onnx', { digest: 'digest-1', size: 5 });
    for (const one of [entry(1), entry(2, { run: id(2) }), entry(3), entry(4, { modelDigest: '' })]) at.evaluations.put(one);
    expect(at.evaluations.list().map(({ run }) => run)).toEqual([null, null, id(2), id(1)]);
    expect([at.evaluations.runOfDigest('digest-1'), at.evaluations.runOfDigest(''), at.evaluations.runOfDigest('x')]).toEqual([id(1), null, null]);
    at.purgeRun(id(1));
    at.purgeRun(id(2));
    expect(at.evaluations.list().map(({ run }) => run)).toEqual([null, null, null, null]);
  });
});
