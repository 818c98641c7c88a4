import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retrainingSection, type Trigger } from '../../../../../src/core/config/monitoring';
import { decide, holdOf, RETRY, usedOf, WEEK, type Past } from '../../../../../src/core/monitoring/retrain/policy';
import { isSoon, nextSchedule, periodText, triggerText, type Evidence } from '../../../../../src/core/monitoring/retrain/triggers';
import type { CheckResult, ResultSummary } from '../../../../../src/protocol/monitoring';
import type { PerformanceFigure } from '../../../../../src/protocol/performance';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const config = (settings: Record<string, unknown>) => retrainingSection.parse({ model: 'loan@production', experiment: 'loan', ...settings });
const evidence = (given: Partial<Evidence>): Evidence => ({ now: 100 * DAY, since: 99 * DAY, results: {}, labels: null, nextOf: () => null, ...given });
const done = (t: number, minutes = 1): Past => ({ t, state: 'registered', minutes, hold: null });
const fired = (triggers: unknown[], given: Partial<Evidence>): string | null => {
  const decision = decide(config({ triggers }), [], evidence(given));
  return decision.what === 'nothing' ? null : decision.fired.reason;
};

function result(created: number, given: { failing?: string[]; figures?: ResultSummary['figures'] }): ResultSummary {
  const checks = (given.failing ?? []).map((subject, at): CheckResult => ({ key: subject, check: 'drift', subject, severity: 'warning', outcome: 'fail', value: null, low: null, high: null, threshold: null, reason: '', at }));
  return { id: String(created), monitor: 'daily', created, window: { from: created - DAY, to: created, rows: 100 }, outcome: 'pass', reasons: [], columns: {}, figures: given.figures ?? {}, alerts: [], checks, versions: [1] };
}
const figure = (given: Partial<PerformanceFigure>): PerformanceFigure => ({ metric: 'accuracy', goal: 'maximize', estimated: null, estimatedInterval: null, realised: null, realisedInterval: null, realisedRows: 0, reference: 0.9, lower: null, upper: null, why: '', ...given });

describe('a trigger', () => {
  test('by the clock is true once its time has come since the last retraining', () => {
    expect(fired([{ on: 'schedule', every: '7d' }], { since: 94 * DAY })).toBeNull();
    expect(fired([{ on: 'schedule', every: '7d' }], { since: 93 * DAY })).toMatch(/due at/);
    const nextOf = (_: string, after: number): number => after + 2 * DAY;
    expect(fired([{ on: 'schedule', cron: '0 6 * * 1' }], { since: 98 * DAY, nextOf })).not.toBeNull();
    expect(fired([{ on: 'schedule', cron: '0 6 * * 1' }], { since: 98.5 * DAY, nextOf })).toBeNull();
    expect(nextSchedule(config({ triggers: [{ on: 'schedule', every: '7d' }, { on: 'schedule', every: '3d' }] }).triggers, evidence({}))).toBe(102 * DAY);
  });

  test('by the clock is worth waiting for shortly before its time, and until it was looked at', () => {
    const soon = (due: number | null): boolean => isSoon(due, { now: 1000, within: 60, look: 30 });
    expect([null, 0, 970, 971, 1060, 1061].map(soon)).toEqual([false, false, false, true, true, false]);
  });

  test('on drift wants so many failing windows in a row, all since the last retraining', () => {
    const trigger = [{ on: 'drift', monitor: 'daily', windows: 2 }];
    const [older, newer] = [result(99.2 * DAY, { failing: ['salary'] }), result(99.6 * DAY, { failing: ['salary', 'age'] })];
    expect(fired(trigger, { results: { daily: [newer, older] } })).toBe('drift in salary, age, 2 windows in a row');
    expect(fired(trigger, { results: { daily: [newer, older] }, since: 99.4 * DAY })).toBeNull();
    expect(fired(trigger, { results: { daily: [newer, result(99.3 * DAY, {}), older] } })).toBeNull();
    expect(fired(trigger, { results: { other: [newer, older] } })).toBeNull();
  });

  test('on a drop wants the drop, and an interval that leaves no doubt of one', () => {
    const of = (on: string, one: Partial<PerformanceFigure>): string | null => fired([{ on, monitor: 'daily', metric: 'accuracy', drop: 0.05 }], { results: { daily: [result(99.5 * DAY, { figures: { accuracy: figure(one) } })] } });
    expect(of('estimated', { estimated: 0.84, estimatedInterval: [0.82, 0.86] })).toBe('estimated accuracy 0.84 against 0.9 in the reference');
    expect(of('estimated', { estimated: 0.84, estimatedInterval: [0.78, 0.91] })).toBeNull();
    expect(of('estimated', { estimated: 0.87, estimatedInterval: [0.86, 0.88] })).toBeNull();
    expect(of('realised', { estimated: 0.7 })).toBeNull();
    expect(of('realised', { realised: 0.8 })).not.toBeNull();
    expect(of('realised', { goal: 'minimize', realised: 0.8 })).toBeNull();
    expect(of('realised', { goal: 'minimize', realised: 1.2, realisedInterval: [1.1, 1.3] })).not.toBeNull();
    expect(of('realised', { realised: 0.5, reference: null })).toBeNull();
  });

  test('on labels counts those that came since', () => {
    expect(fired([{ on: 'labels', count: 100 }], { labels: 99 })).toBeNull();
    expect(fired([{ on: 'labels', count: 100 }], { labels: 100 })).toBe('100 labels came');
    expect(fired([{ on: 'labels', count: 100 }], {})).toBeNull();
  });

  test('is told in a few words', () => {
    const all = config({ triggers: [{ on: 'schedule', every: '7d' }, { on: 'schedule', cron: '0 6 * * 1' }, { on: 'drift', monitor: 'daily', windows: 3 }, { on: 'estimated', monitor: 'daily', metric: 'f1', drop: 0.02 }, { on: 'labels', count: 500 }] });
    expect(all.triggers.map(triggerText)).toEqual(['every 7 d', 'at 0 6 * * 1', 'drift of daily, 3 windows in a row', 'estimated f1 of daily down by 0.02', '500 new labels']);
    expect([90, 5400, 1.5].map(periodText)).toEqual(['90 s', '90 min', '1.5 s']);
  });
});

describe('what holds a retraining', () => {
  const triggers = [{ on: 'labels', count: 1 }];
  const held = (past: Past[], settings: Record<string, unknown> = {}) => decide(config({ triggers, ...settings }), past, evidence({ labels: 5 }));

  test('is one that goes on, the cool-down, and each of the two budgets, with until when', () => {
    expect(held([])).toMatchObject({ what: 'begin', fired: { trigger: '1 new labels' } });
    expect(held([{ ...done(90 * DAY), state: 'running' }])).toMatchObject({ what: 'hold', by: 'running', until: null });
    expect(held([done(99.5 * DAY)])).toMatchObject({ by: 'coolDown', until: 100.5 * DAY, text: expect.stringContaining('1 d') });
    expect(held([done(95 * DAY), done(97 * DAY)], { budget: { perWeek: 2 } })).toMatchObject({ by: 'runs', until: 102 * DAY });
    expect(held([done(95 * DAY)], { budget: { perWeek: 0 } })).toMatchObject({ by: 'runs', until: null });
    expect(held([done(95 * DAY, 40), done(97 * DAY, 30)], { budget: { minutes: 60 } })).toMatchObject({ by: 'minutes', until: 102 * DAY });
    expect(held([{ t: 100 * DAY - 60_000, state: 'held', minutes: 0, hold: 'rows' }])).toMatchObject({ by: 'rows', until: 100 * DAY - 60_000 + RETRY });
  });

  test('is nothing where what was held back only waited, or is more than a week ago', () => {
    expect(held([{ t: 99.9 * DAY, state: 'held', minutes: 0, hold: 'coolDown' }, done(92 * DAY, 1000)])).toMatchObject({ what: 'begin' });
    expect(decide(config({ triggers }), [done(99.9 * DAY)], evidence({ labels: 0 }))).toEqual({ what: 'nothing' });
  });
});

/** A year of looking every so often at a trigger that stays true, with runs that take some minutes and are stopped where the budget ends. */
function live(settings: { coolDown: number; budget: { perWeek: number; minutes: number } }, steps: readonly { wait: number; takes: number }[]): Past[] {
  const always: Trigger[] = [{ on: 'labels', count: 1 }];
  const past: Past[] = [];
  let now = 1000 * DAY;
  for (const { wait, takes } of steps) {
    now += wait;
    const decision = decide({ ...settings, triggers: always }, past, evidence({ now, since: 0, labels: 1 }));
    if (decision.what !== 'begin') continue;
    past.push({ t: now, state: 'failed', minutes: Math.min(takes, settings.budget.minutes - usedOf(past, now).minutes), hold: null });
  }
  return past;
}

describe('whatever happens', () => {
  const settings = fc.record({ coolDown: fc.integer({ min: 1, max: 3 * 86_400 }), budget: fc.record({ perWeek: fc.integer({ min: 0, max: 9 }), minutes: fc.integer({ min: 1, max: 200 }) }) });
  const steps = fc.array(fc.record({ wait: fc.integer({ min: 1, max: DAY }), takes: fc.integer({ min: 0, max: 500 }) }), { maxLength: 80 });

  test('no seven days hold more runs or minutes than the budget, and no two begin within the cool-down', () => {
    fc.assert(fc.property(settings, steps, (limits, script) => {
      const past = live(limits, script);
      for (const { t } of past) {
        const used = usedOf(past.filter((one) => one.t <= t), t);
        expect(used.runs).toBeLessThanOrEqual(limits.budget.perWeek);
        expect(used.minutes).toBeLessThanOrEqual(limits.budget.minutes + 1e-9);
      }
      for (const [at, { t }] of past.entries()) if (at > 0) expect(t - (past[at - 1]?.t ?? 0)).toBeGreaterThanOrEqual(limits.coolDown * 1000);
    }));
  });

  test('a trigger that stays true begins one as soon as the cool-down is over, where the budget lets it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), (hours) => {
      const limits = { coolDown: hours * 3600, budget: { perWeek: 10_000, minutes: 1e9 } };
      const past = live(limits, Array.from({ length: 400 }, () => ({ wait: HOUR, takes: 1 })));
      expect(past.length).toBe(Math.ceil(400 / hours));
    }));
  });

  test('what a hold says until is the first moment at which it holds no more', () => {
    fc.assert(fc.property(settings, steps, (limits, script) => {
      const past = live(limits, script);
      const now = (past.at(-1)?.t ?? 0) + 1;
      const hold = holdOf(past, limits, now);
      if (!hold?.until) return;
      expect(holdOf(past, limits, hold.until - 1)?.by).toBe(hold.by);
      expect(holdOf(past, limits, hold.until)?.by).not.toBe(hold.by);
      expect(hold.until).toBeLessThanOrEqual(now + Math.max(WEEK, limits.coolDown * 1000));
    }));
  });
});
