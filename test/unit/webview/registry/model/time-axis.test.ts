import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeAxis } from '../../../../../webview/registry/model/time-axis';

const at = (year: number, month: number, day = 1, hour = 0): number => new Date(year, month - 1, day, hour).getTime();

test('ticks stand at moments that people count by', () => {
  const hours = timeAxis(at(2026, 5, 3, 20), at(2026, 5, 4, 9), 6);
  expect(hours.ticks.map(hours.format)).toEqual(['21:00', '4 May', '03:00', '06:00', '09:00']);
  const months = timeAxis(at(2025, 11, 20), at(2026, 3, 2), 5);
  expect(months.ticks.map(months.format)).toEqual(['Dec 2025', 'Jan 2026', 'Feb 2026', 'Mar 2026']);
  const years = timeAxis(at(2019, 6), at(2026, 6), 8);
  expect(years.ticks.map(years.format)).toEqual(['2020', '2021', '2022', '2023', '2024', '2025', '2026']);
});

test('ticks are in order, within the axis, and never many', () => {
  fc.assert(fc.property(fc.integer({ min: at(1990, 1), max: at(2060, 1) }), fc.integer({ min: 60_000, max: 15 * 365 * 86_400_000 }), fc.integer({ min: 2, max: 20 }), (low, length, most) => {
    const { ticks, format } = timeAxis(low, low + length, most);
    expect(ticks.length).toBeLessThanOrEqual(most + 2);
    ticks.forEach((tick, place) => {
      expect(tick).toBeGreaterThanOrEqual(Math.max(low, place > 0 ? (ticks[place - 1] ?? 0) + 1 : low));
      expect(tick).toBeLessThanOrEqual(low + length);
      expect(format(tick)).not.toBe('');
    });
  }));
});
