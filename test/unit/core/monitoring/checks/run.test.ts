import { describe, expect, it } from 'vitest';
import { checkConfig, type CheckConfig } from '../../../../../src/core/config/monitoring';
import { runChecks } from '../../../../../src/core/monitoring/checks/run';
import type { Looked } from '../../../../../src/core/monitoring/checks/types';
import { periodText } from '../../../../../src/core/monitoring/checks/fresh';
import { reasonsOf, summaryOf, worstOf } from '../../../../../src/core/monitoring/monitors/summary';
import { column, driftDoc, figure, looked, performanceDoc } from './support';

const check = (said: Record<string, unknown>): CheckConfig => checkConfig.parse(said);
const run = (said: Record<string, unknown>, at: Looked = looked()): ReturnType<typeof runChecks> => runChecks({ checks: [check(said)], severity: 'warning' }, at);
const one = (said: Record<string, unknown>, at?: Looked): unknown[] => { const [found] = run(said, at); return [found?.outcome, found?.value, found?.reason]; };

describe('the check drift', () => {
  it('has a key for each column, the same whatever else drifts, and says how far beyond its limit it is', () => {
    expect(run({ check: 'drift' })).toEqual([
      { key: 'drift:age', check: 'drift', subject: 'age', severity: 'warning', outcome: 'fail', value: 0.3, low: null, high: null, threshold: 0.1, reason: 'age: distribution', at: 0 },
      { key: 'drift:city', check: 'drift', subject: 'city', severity: 'warning', outcome: 'pass', value: 0.01, low: null, high: null, threshold: 0.1, reason: '', at: 0 },
    ]);
    expect(run({ check: 'drift', name: 'money', severity: 'critical' })[0]).toMatchObject({ key: 'money:age', severity: 'critical' });
  });

  it('looks at all columns together unless told not to', () => {
    const together = looked({ drift: () => ({ value: driftDoc({ columns: {}, multivariate: [{ measure: 'pca_reconstruction', value: 1, reference: 1, lower: 0.9, upper: 1.1, p: null, outcome: 'pass', reason: '', columns: [] }, { measure: 'domain_auc', value: 0.9, reference: 0.5, lower: null, upper: 0.6, p: 0.01, outcome: 'fail', reason: 'told apart', columns: [] }] }) }) });
    expect(run({ check: 'drift' }, together)).toMatchObject([{ key: 'drift:all columns', subject: 'domain_auc', outcome: 'fail', value: 0.9, threshold: 0.6, reason: 'told apart' }]);
    expect(run({ check: 'drift', multivariate: false }, together)).toMatchObject([{ key: 'drift', outcome: 'cannot tell', reason: 'no column could be compared' }]);
  });

  it('cannot tell of an empty window, or of one that could not be compared', () => {
    expect(run({ check: 'drift' }, { ...looked({ rows: 0 }) })).toMatchObject([{ key: 'drift', outcome: 'cannot tell', reason: 'the window is empty' }]);
    expect(run({ check: 'drift' }, looked({ drift: () => ({ value: null, why: 'a.csv is not there' }) }))).toMatchObject([{ outcome: 'cannot tell', reason: 'a.csv is not there' }]);
  });
});

describe('the check predictions', () => {
  const at = (effect: number): Looked => looked({ drift: () => ({ value: driftDoc({ predictions: { label: column('label', { effect: 0.02, role: 'prediction' }), score: column('score', { effect, role: 'prediction' }) } }) }) });
  it('is of the one furthest beyond, by limits of its own', () => {
    expect(run({ check: 'predictions' }, at(0.15))).toMatchObject([{ key: 'predictions', outcome: 'fail', value: 0.15, threshold: 0.1, reason: 'predicted score: distribution, PSI above noise 0.15 (limit 0.1, p 0.001)' }]);
    expect(run({ check: 'predictions', limits: { psi: 0.2 } }, at(0.15))).toMatchObject([{ outcome: 'pass', value: 0.15, threshold: 0.2, reason: '' }]);
    expect(run({ check: 'predictions', limits: { psi: 0.01 } }, at(0.15))[0]?.reason).toContain('; predicted label');
    expect(one({ check: 'predictions' })).toEqual(['cannot tell', null, 'nothing was predicted on both sides']);
  });
});

describe('the check schema', () => {
  it('fails where a column is gone or another, not where one is new', () => {
    const at = (change: 'gone' | 'new'): Looked => looked({ drift: () => ({ value: driftDoc({ schema: [{ column: 'x', change, text: `x is ${change}` }] }) }) });
    expect(one({ check: 'schema' }, at('gone'))).toEqual(['fail', 1, 'x is gone']);
    expect(one({ check: 'schema' }, at('new'))).toEqual(['pass', 0, '']);
  });
});

describe('the checks estimated and realised', () => {
  const said = (more: object): Record<string, unknown> => ({ check: 'estimated', metric: 'f1', ...more });
  const of = (more: Parameters<typeof figure>[0]): Looked => looked({ performance: { value: performanceDoc({ f1: figure(more) }) } });

  it('fail where the whole interval is beyond, cannot tell where it reaches across, pass else', () => {
    expect(one(said({ min: 0.83 }))).toEqual(['fail', 0.8, 'estimated f1 is 0.8 (0.78 to 0.82), below 0.83']);
    expect(one(said({ min: 0.81 }))).toEqual(['cannot tell', 0.8, 'estimated f1 is 0.8 (0.78 to 0.82), perhaps below 0.81']);
    expect(one(said({ min: 0.79 }))).toEqual(['pass', 0.8, '']);
    expect(one(said({ max: 0.7 }))).toEqual(['fail', 0.8, 'estimated f1 is 0.8 (0.78 to 0.82), above 0.7']);
    expect(one(said({ min: 0.801 }), of({ estimatedInterval: null }))).toEqual(['fail', 0.8, 'estimated f1 is 0.8, below 0.801']);
  });

  it('hold a drop against the reference, in its unit or as a share of it, whichever way is better', () => {
    expect(one(said({ drop: 0.02 }))).toEqual(['fail', 0.8, "estimated f1 is 0.8 (0.78 to 0.82), below 0.83 (the reference's 0.85 and a drop of 0.02)"]);
    expect(one(said({ drop: 0.02, relative: true }))[0]).toBe('fail');
    expect(one(said({ drop: 0.1, relative: true }))[0]).toBe('pass');
    const error = { metric: 'mae', goal: 'minimize' as const, estimated: 12, estimatedInterval: [11, 13] as [number, number], reference: 10, lower: 9, upper: 10.5 };
    expect(one(said({ drop: 0.5 }), of(error))).toEqual(['fail', 12, "estimated f1 is 12 (11 to 13), above 10.5 (the reference's 10 and a rise of 0.5)"]);
    expect(one(said({}), of(error))).toEqual(['fail', 12, "estimated f1 is 12 (11 to 13), above 10.5 (what the reference's own chunks span)"]);
    expect(one(said({ drop: 0.1 }), of({ reference: null }))).toEqual(['cannot tell', 0.8, 'estimated f1 is 0.8, and the reference has no such figure to hold it against']);
  });

  it("take what the reference's chunks span where no limit is said", () => {
    expect(one(said({}))[0]).toBe('cannot tell');
    expect(one(said({}), of({ estimatedInterval: [0.79, 0.805] }))[0]).toBe('fail');
    expect(one(said({}), of({ lower: null }))[2]).toContain("the reference's chunks give no limit");
  });

  it('say why there is no figure', () => {
    expect(one(said({ metric: 'auc' }))).toEqual(['cannot tell', null, 'there is no figure auc']);
    expect(one(said({ slice: 'old' }))).toEqual(['cannot tell', null, 'the log has no slice old in this window']);
    expect(one(said({}), of({ estimated: null, why: 'one class only' }))).toEqual(['cannot tell', null, 'estimated f1: one class only']);
    expect(one(said({}), looked({ performance: { value: null, why: 'no labels in the reference' } }))).toEqual(['cannot tell', null, 'no labels in the reference']);
    const slices = { old: { n: 50, figures: { f1: figure({ estimated: 0.5, estimatedInterval: [0.4, 0.6] }) } } };
    expect(run(said({ slice: 'old', min: 0.7 }), looked({ performance: { value: performanceDoc({}, slices) } }))).toMatchObject([{ key: 'estimated:f1:old', subject: 'f1 in old', outcome: 'fail' }]);
  });

  it('realised wants enough labels', () => {
    expect(one({ check: 'realised', metric: 'f1', min: 0.8 })).toEqual(['fail', 0.7, 'f1 is 0.7 (0.65 to 0.75), below 0.8']);
    expect(one({ check: 'realised', metric: 'f1', min: 0.8 }, of({ realisedRows: 12 }))).toEqual(['cannot tell', 0.7, '12 rows have their labels, fewer than 30']);
  });
});

describe('the checks rows, fresh, latency, rules and command', () => {
  it('rows: an empty window fails', () => {
    expect(one({ check: 'rows' }, looked({ rows: 0 }))).toEqual(['fail', 0, 'the window is empty']);
    expect(one({ check: 'rows', min: 200 })).toEqual(['fail', 100, '100 rows, fewer than 200']);
    expect(one({ check: 'rows', max: 50 })).toEqual(['fail', 100, '100 rows, more than 50']);
    expect(one({ check: 'rows' })).toEqual(['pass', 100, '']);
  });

  it('fresh', () => {
    expect(one({ check: 'fresh', within: '2h' }, looked({ age: () => null }))).toEqual(['fail', null, 'nothing newer than 2 h']);
    expect(one({ check: 'fresh', within: '2h' }, looked({ age: () => 90_000 }))).toEqual(['fail', 90_000, 'nothing newer than 2 h: the newest row is 1.04 d old']);
    expect(one({ check: 'fresh', within: '2h' })).toEqual(['pass', 60, '']);
    expect([periodText(30), periodText(90), periodText(86_400)]).toEqual(['30 s', '1.5 min', '1 d']);
  });

  it('latency', () => {
    expect(one({ check: 'latency', p95: 10 })).toEqual(['fail', 12, '95 % of the answers took up to 12 ms, more than 10 ms']);
    expect(one({ check: 'latency', p95: 20 })).toEqual(['pass', 12, '']);
    const without = looked();
    expect(one({ check: 'latency', p95: 20 }, { ...without, facts: { ...without.facts, latency: null } })).toEqual(['cannot tell', null, 'the log says nothing of latency']);
  });

  it('rules: of one, or of the one that met most', () => {
    expect(one({ check: 'rules', max: 0.04 })).toEqual(['fail', 0.05, 'the rule minors met 5 % of the rows, more than 4 %']);
    expect(one({ check: 'rules', rule: 'odd', max: 0.04 })).toEqual(['pass', 0.01, '']);
    expect(one({ check: 'rules', rule: 'none', max: 0 })).toEqual(['pass', 0, '']);
  });

  it('command: its exit status, and the last line it wrote', () => {
    const ended = (outcome: 'done' | 'failed' | 'timed out' | 'not found', status: number | null, output = 'a\nb\n'): Looked => looked({ program: () => ({ value: { outcome, status, output, duration: 1 } }) });
    const said = { check: 'command', command: ['x'], timeout: 5 };
    expect(one(said, ended('done', 0))).toEqual(['pass', 0, 'b']);
    expect(one(said, ended('failed', 3))).toEqual(['cannot tell', 3, 'b']);
    expect(one(said, ended('failed', 1))).toEqual(['fail', 1, 'b']);
    expect(one(said, ended('failed', 1, ''))).toEqual(['fail', 1, 'exit status 1']);
    expect(one(said, ended('timed out', null))).toEqual(['fail', null, 'it took longer than 5 s']);
    expect(one(said, ended('not found', null))).toEqual(['fail', null, 'there is no program x']);
  });
});

describe('a result', () => {
  it('fails where anything does, and cannot tell where nothing was looked at', () => {
    expect([worstOf(['pass', 'cannot tell', 'fail']), worstOf(['pass', 'cannot tell']), worstOf(['pass']), worstOf([])]).toEqual(['fail', 'cannot tell', 'pass', 'cannot tell']);
  });

  it('says the gravest first, each once', () => {
    const checks = runChecks({ checks: [check({ check: 'rows', min: 200 }), check({ check: 'latency', p95: 1, severity: 'critical' }), check({ check: 'realised', metric: 'auc' })], severity: 'info' }, looked());
    expect(reasonsOf([...checks, ...checks])).toEqual(['latency: 95 % of the answers took up to 12 ms, more than 1 ms', 'rows: 100 rows, fewer than 200', 'realised: there is no figure auc']);
  });

  it('in short has its columns by effect over limit, and which versions answered', () => {
    const drift = driftDoc({ predictions: { score: column('score', { effect: 0.05, role: 'prediction' }) } });
    const summary = summaryOf({
      format: 1, id: 'i', monitor: 'm', model: null, created: 1, duration: 1, window: { from: 0, to: 1, rows: 9 }, reference: { text: '', rows: 1, from: null, to: null }, outcome: 'fail', reasons: [], checks: [], drift, performance: performanceDoc({ f1: figure() }),
      versions: [{ version: 3, rows: 5, role: 'live' }, { version: 2, rows: 4, role: 'canary' }, { version: 9, rows: 4, role: 'shadow' }], latency: null, rules: [],
    }, ['a']);
    expect(summary).toMatchObject({ versions: [2, 3], alerts: ['a'], figures: { f1: { metric: 'f1' } } });
    expect(summary.columns['age']).toEqual({ ratio: expect.closeTo(3, 10) as number, outcome: 'fail', harm: 2, psi: expect.closeTo(0.31, 10) as number, type: 'numeric', role: 'input' });
    expect(summary.columns['score']).toMatchObject({ ratio: 0.5, role: 'prediction' });
  });
});
