import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDue, keptOf, nextRun, scheduleText, type Kept } from '../../../../../src/core/monitoring/schedule/schedule';

const HOUR = 3_600_000;
const local = (text: string): number => new Date(text).getTime();
const daily = { cron: '0 6 * * *' };
const hourly = { every: 3600 };
const known = (schedule: typeof daily | typeof hourly, seen: number, last: number | null): Kept => ({ text: scheduleText(schedule), seen, last });

describe('a schedule', () => {
  it('by a cron line begins with the next time that comes', () => {
    const seen = local('2026-11-16T10:00:00');
    expect(nextRun(daily, known(daily, seen, null), seen)).toBe(local('2026-11-17T06:00:00'));
    expect(isDue(daily, known(daily, seen, null), local('2026-11-17T05:59:59'))).toBe(false);
    expect(isDue(daily, known(daily, seen, null), local('2026-11-17T06:00:00'))).toBe(true);
  });

  it('by a length of time begins at once', () => {
    expect(isDue(hourly, known(hourly, 1000, null), 1000)).toBe(true);
    expect(nextRun(hourly, known(hourly, 0, 5000), 6000)).toBe(5000 + HOUR);
  });

  it('is caught up once, however much was missed', () => {
    const kept = known(daily, 0, local('2026-11-01T06:00:01'));
    const now = local('2026-11-20T09:00:00');
    expect(isDue(daily, kept, now)).toBe(true);
    const after = { ...kept, last: now };
    expect([isDue(daily, after, now), nextRun(daily, after, now)]).toEqual([false, local('2026-11-21T06:00:00')]);
    expect(isDue(hourly, known(hourly, 0, 0), now)).toBe(true);
    expect(isDue(hourly, known(hourly, 0, now), now)).toBe(false);
  });

  it('that is written anew begins anew', () => {
    const kept = known(daily, 0, local('2026-11-01T06:00:01'));
    const now = local('2026-11-20T09:00:00');
    expect(keptOf(daily, kept, now)).toBe(kept);
    const other = keptOf({ cron: '0 8 * * *' }, kept, now);
    expect([other.seen, isDue({ cron: '0 8 * * *' }, other, now)]).toEqual([now, false]);
    expect(keptOf(hourly, null, now)).toEqual({ text: 'every 1 h', seen: now, last: null });
  });

  it('is not put off for ever by a clock that was set back', () => {
    fc.assert(fc.property(fc.integer({ min: 1e12, max: 2e12 }), fc.integer({ min: -1e9, max: 1e9 }), fc.boolean(), (now, ahead, cron) => {
      const schedule = cron ? daily : hourly;
      const next = nextRun(schedule, known(schedule, 0, now + ahead), now);
      expect(next !== null && next <= now + 25 * HOUR).toBe(true);
    }), { numRuns: 50 });
  });
});
