import { describe, expect, test } from 'vitest';
import { trigger } from '../../../../../../src/core/config/monitoring';
import { planOf } from '../../../../../../src/core/monitoring/retrain/backtest/plan';
import { policyOf, withDrops } from '../../../../../../src/core/monitoring/retrain/backtest/policies';
import { BEGIN, DAY } from './simulated';

const none = { triggers: [] };

describe('a policy', () => {
  test('is told by a word or two, several joined by +', () => {
    expect(policyOf('weekly', none).triggers).toEqual([{ on: 'schedule', every: 7 * 86_400 }]);
    expect(policyOf('every 12h', none).triggers).toEqual([{ on: 'schedule', every: 43_200 }]);
    expect(policyOf('on drift', none).triggers).toMatchObject([{ on: 'drift', windows: 1 }]);
    expect(policyOf('drift 3 + labels 500', none).triggers).toMatchObject([{ on: 'drift', windows: 3 }, { on: 'labels', count: 500 }]);
    expect(policyOf('estimated 0.02', none).triggers).toEqual([{ on: 'estimated', drop: 0.02 }]);
    expect(policyOf('  never ', none)).toEqual({ name: 'never', triggers: [] });
  });

  test('takes from runyard.yaml what it says of the same trigger, and all of them as configured', () => {
    const triggers = [{ on: 'drift', monitor: 'daily', windows: 2 }, { on: 'estimated', monitor: 'daily', metric: 'f1', drop: 0.03 }, { on: 'schedule', every: '3d' }].map((one) => trigger.parse(one));
    expect(policyOf('drift', { triggers }).triggers).toMatchObject([{ windows: 2 }]);
    expect(policyOf('estimated', { triggers }).triggers).toEqual([{ on: 'estimated', drop: 0.03 }]);
    expect(withDrops(policyOf('configured', { triggers }).triggers, { metric: 'f1', drop: 1 })).toMatchObject([{ on: 'drift', windows: 2 }, { on: 'estimated', metric: 'f1', drop: 0.03 }, { on: 'schedule', every: 3 * 86_400 }]);
    expect(withDrops(policyOf('realised', none).triggers, { metric: 'f1', drop: 0.5 })).toMatchObject([{ on: 'realised', metric: 'f1', drop: 0.5 }]);
  });

  test.each([['weakly', "did you mean 'weekly'?"], ['drift x', 'write drift 3'], ['drift 0', 'write drift 3'], ['every often', 'write every 3d, every 12h'], ['estimated -1', 'write estimated 0.05'], ['weekly 3', "did you mean 'weekly'?"], ['xyz', 'there are'], ['never + 3 4 5', '']])('that nobody knows (%s) is told with what is meant', (text, hint) => {
    expect(() => policyOf(text, none)).toThrow(expect.objectContaining({ code: 'bad_input', hint: expect.stringContaining(hint) as string }) as Error);
  });
});

describe('a log', () => {
  const limits = { window: 30 * 86_400, holdout: 7 * 86_400, coolDown: 86_400, budget: { perWeek: 7, minutes: 60 } };
  const span = (days: number) => ({ first: BEGIN, last: BEGIN + days * DAY - 1 });

  test('is cut into the first model\'s rows and windows without a gap, to its end', () => {
    for (const days of [1, 10, 90, 900]) {
      const { start, windows, firstHoldout, begin } = planOf(span(days), limits, null);
      expect(begin).toBe(BEGIN);
      expect(start - BEGIN).toBe(Math.min(30, days / 3) * DAY);
      expect(windows[0]?.from).toBe(start);
      expect(windows.at(-1)?.to).toBe(BEGIN + days * DAY);
      for (const [at, { from }] of windows.entries()) if (at > 0) expect(from).toBe(windows[at - 1]?.to);
      expect(windows.length).toBeGreaterThanOrEqual(4);
      expect(windows.length).toBeLessThanOrEqual(200);
      expect(firstHoldout * 1000).toBeLessThanOrEqual((start - BEGIN) / 4);
    }
  });

  test('of one moment has no history', () => {
    expect(() => planOf({ first: BEGIN, last: BEGIN }, limits, null)).toThrow(/no history to replay/);
  });
});
