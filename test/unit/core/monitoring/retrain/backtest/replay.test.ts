import { beforeAll, describe, expect, test } from 'vitest';
import type { PolicyResult } from '../../../../../../src/protocol/monitoring';
import { BEGIN, DAY, simulated, tried, trying, type Trying } from './simulated';

const limits = { window: 8 * 86_400, holdout: 2 * 86_400, coolDown: 86_400, budget: { perWeek: 7, minutes: 600 } };

describe('a history with an abrupt change', () => {
  let lab: Trying;
  let found: Record<string, PolicyResult>;
  const of = (name: string): PolicyResult => {
    const one = found[name];
    if (!one) throw new Error(name);
    return one;
  };
  beforeAll(async () => {
    lab = trying(simulated({ days: 36, perDay: 60, change: 21 }), limits);
    found = await tried(lab, ['weekly', 'drift', 'realised', 'never', 'daily']);
  });

  test('never training again is worst by far, and daily is dearest', () => {
    for (const name of ['weekly', 'drift', 'realised', 'daily']) expect(of(name).quality, name).toBeGreaterThan((of('never').quality ?? 1) + 0.05);
    expect(of('never')).toMatchObject({ retrainings: 0, minutes: 0 });
    expect(Math.max(...Object.values(found).map(({ retrainings }) => retrainings))).toBe(of('daily').retrainings);
    expect(of('weekly').retrainings).toBe(3);
  });

  test('on drift, and on a drop, costs more than never and less than daily: it trains when the world has changed', () => {
    for (const name of ['drift', 'realised']) {
      const { windows, retrainings } = of(name);
      const [first] = windows.filter(({ retrained, from }) => retrained && from >= BEGIN + 21 * DAY);
      expect(first?.from, name).toBeLessThanOrEqual(BEGIN + 24 * DAY);
      expect(retrainings, name).toBeGreaterThan(0);
      expect(retrainings, name).toBeLessThan(of('daily').retrainings);
    }
  });

  test('a policy costs what its retrainings take, its worst window is among its windows, and its bad ones are counted', () => {
    for (const one of Object.values(found)) {
      expect(one.minutes).toBe(10 * one.retrainings);
      expect(one.windows.filter(({ retrained }) => retrained)).toHaveLength(one.retrainings);
      expect(one.worst).toBe(Math.min(...one.windows.flatMap(({ value }) => value ?? [])));
      expect(one.interval?.[0]).toBeLessThan(one.quality ?? 0);
      expect(one.interval?.[1]).toBeGreaterThan(one.quality ?? 1);
    }
    expect(of('never').below).toBeGreaterThan(of('weekly').below);
  });

  test('one fit is shared by the policies that want the same, and the same seed gives the same figures', async () => {
    expect(lab.fits.count).toBeLessThan(1 + Object.values(found).reduce((sum, { retrainings }) => sum + retrainings, 0));
    expect(await tried(trying(lab.history, limits), ['drift', 'realised'])).toEqual({ drift: of('drift'), realised: of('realised') });
  });

  test('the age of a model begins anew where it was trained', () => {
    const { windows } = of('weekly');
    for (const [at, { retrained, age, from }] of windows.entries()) expect(age).toBe(retrained || at === 0 ? 0 : (windows[at - 1]?.age ?? 0) + (from - (windows[at - 1]?.from ?? 0)) / 1000);
  });
});

test('cool-down and budget hold a policy as they hold real retrainings', async () => {
  const history = simulated({ days: 30, perDay: 20, change: 20 });
  const { daily } = await tried(trying(history, { ...limits, window: 10 * 86_400, holdout: 3 * 86_400, coolDown: 3 * 86_400 }), ['daily']);
  expect(daily?.retrainings).toBe(Math.floor(((daily?.windows.length ?? 0) - 2) / 3) + 1);
  const few = await tried(trying(history, { ...limits, window: 10 * 86_400, holdout: 3 * 86_400, budget: { perWeek: 1, minutes: 600 } }), ['daily']);
  expect(few['daily']?.retrainings).toBe(Math.floor(((few['daily']?.windows.length ?? 0) - 2) / 7) + 1);
});

test('numbers are judged by their mean absolute error, and estimated without labels', async () => {
  const found = await tried(trying(simulated({ days: 24, perDay: 40, change: 14, numbers: true }), limits), ['every 3d', 'never']);
  expect(found['every 3d']?.quality).toBeLessThan((found['never']?.quality ?? 0) * 0.9);
  expect(found['never']?.worst).toBe(Math.max(...(found['never']?.windows.flatMap(({ value }) => value ?? []) ?? [])));
});

test('on an estimated drop trains where rows come to lie where the model is unsure, and not before', async () => {
  const { estimated } = await tried(trying(simulated({ days: 30, perDay: 100, change: 20, blurred: true }), limits), ['estimated']);
  const at = (estimated?.windows ?? []).filter(({ retrained }) => retrained).map(({ from }) => (from - BEGIN) / DAY);
  expect(at.length).toBeGreaterThan(0);
  expect(Math.min(...at)).toBe(21);
});
