import { describe, expect, it } from 'vitest';
import { id, m, say, spec, store } from './support';

const uid = (start: string): string => start.padEnd(32, '0');

function sample(): ReturnType<typeof store> {
  const at = store();
  const runs: [string, string, number][] = [[uid('aa1'), 'base', 10], [uid('aa2'), 'other', 20], [uid('b1'), 'base', 30], [uid('c1'), 'deed', 5]];
  for (const [runId, name, created] of runs) at.createRun({ ...spec(1), runId, name, created }, 'finished');
  const value = (run: string, acc: number | 'NaN' | 'Infinity'): void => at.applyBatch({ run, file: 'f', to: 1, lines: 1, problems: [], events: [m(1, { acc, 'a:b': 1 })] });
  value(uid('aa1'), 0.5);
  value(uid('aa2'), 0.9);
  value(uid('b1'), 'NaN');
  value(uid('c1'), 'Infinity');
  return at;
}

describe('what a person calls a run', () => {
  it.each([
    [uid('aa1'), uid('aa1')], ['aa1', uid('aa1')], ['AA2', uid('aa2')], ['b', uid('b1')], ['base', uid('b1')], ['deed', uid('c1')], ['@last', uid('b1')],
    ['@best:metrics.acc', uid('aa2')], ['@best:metrics.acc:min', uid('aa1')], ['@best:metric.acc:max', uid('aa2')], ['@best:metrics.a:b', uid('b1')],
  ])('%s', (ref, run) => expect(sample().resolveRun(ref)).toBe(run));

  it('asks for the goal of a metric, and the word behind it goes first', () => {
    const at = sample();
    expect(at.resolveRun('@best:metrics.acc', () => 'minimize')).toBe(uid('aa1'));
    expect(at.resolveRun('@best:metrics.acc:max', () => 'minimize')).toBe(uid('aa2'));
  });

  it.each([['aa', 'bad_input', /aa1.*aa2/], ['zzz', 'not_found', /zzz/], ['@worst', 'bad_input', /@worst/], ['@best:metrics.none', 'not_found', /none/], ['', 'not_found', /./]])('is refused where it fits no one run: %s', (ref, code, message) => {
    expect(() => sample().resolveRun(ref)).toThrowError(expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error);
  });

  it('is no run in the trash, unless it is named outright', () => {
    const at = sample();
    at.applyBatch({ run: uid('b1'), file: 'g', to: 1, lines: 1, problems: [], events: [{ e: 'edit', t: 1, trashed: true }] });
    expect([at.resolveRun('@last'), at.resolveRun('base'), at.resolveRun('b1')]).toEqual([uid('aa2'), uid('aa1'), uid('b1')]);
  });
});

describe('what was tried before', () => {
  it('comes newest first, of a script or of all', () => {
    const at = store();
    at.createRun(spec(1, { params: { lr: '1' } }), 'finished');
    at.createRun(spec(2, { params: { lr: '2' }, script: 'other.py' }), 'finished');
    at.createRun(spec(3, { params: { lr: '3' } }), 'finished');
    say(at, 1, m(1, { acc: 'NaN' }));
    say(at, 3, m(1, { acc: 0.5 }));
    expect(at.paramHistory('lr', 'acc', { limit: 9 })).toEqual([{ value: '3', run: id(3), created: 1003, metric: 0.5 }, { value: '2', run: id(2), created: 1002, metric: null }, { value: '1', run: id(1), created: 1001, metric: 'NaN' }]);
    expect(at.paramHistory('lr', null, { script: 'train.py', limit: 1 })).toEqual([{ value: '3', run: id(3), created: 1003, metric: null }]);
    expect(at.metricHistory('acc', { limit: 9 })).toEqual([{ run: id(3), name: 'run-3', created: 1003, value: 0.5 }, { run: id(1), name: 'run-1', created: 1001, value: 'NaN' }]);
    expect(at.runsOfScript('train.py', 9)).toEqual([id(3), id(1)]);
    expect(at.keys()).toEqual({ params: ['lr'], metrics: ['acc'], tags: [] });
    expect(at.keys(['none'])).toEqual({ params: [], metrics: [], tags: [] });
  });
});
