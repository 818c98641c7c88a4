import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataSpec } from '../../../../../src/protocol/evaluation/request';
import { monitorSection } from '../../../../../src/core/config/monitoring';
import { referenceOf, spanText } from '../../../../../src/core/monitoring/monitors/reference';
import { hoursOf, lengthOf, newestWhole, weekdaysOf, windowHolding } from '../../../../../src/core/monitoring/monitors/window';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);
const day = (text: string): { from: number; to: number } => windowHolding(at(text), DAY);

describe('windows', () => {
  it('hold their moment, have no gaps, and the newest whole one is over', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 4e12 }), fc.constantFrom(900_000, HOUR, 6 * HOUR, DAY, 7 * DAY, 14 * DAY), (t, length) => {
      const { from, to } = windowHolding(t, length);
      expect(from <= t && t < to && to - from === length).toBe(true);
      expect(windowHolding(to, length).from).toBe(to);
      const whole = newestWhole(t, length);
      expect(whole.to <= t && t - whole.to < length).toBe(true);
    }));
  });

  it('are days from midnight UTC, and weeks from Monday', () => {
    expect(spanText(windowHolding(at('2026-11-18T15:00Z'), DAY))).toBe('2026-11-18 to 2026-11-19');
    expect(spanText(windowHolding(at('2026-11-18T15:00Z'), 7 * DAY))).toBe('2026-11-16 to 2026-11-23');
    expect(spanText(newestWhole(at('2026-11-16T00:00Z'), 7 * DAY))).toBe('2026-11-09 to 2026-11-16');
    expect(spanText(windowHolding(at('2026-11-18T15:20Z'), 900_000))).toBe('2026-11-18 15:15Z to 2026-11-18 15:30Z');
    expect(lengthOf(0.0001)).toBe(1);
  });

  it('know their days and hours', () => {
    expect(weekdaysOf(day('2026-11-16'))).toEqual([1]);
    expect(weekdaysOf({ from: at('2026-11-14T12:00Z'), to: at('2026-11-16T12:00Z') })).toEqual([0, 1, 6]);
    expect(weekdaysOf({ from: at('2026-11-14T12:00Z'), to: at('2026-11-20T13:00Z') })).toBeUndefined();
    expect(hoursOf({ from: at('2026-11-16T22:30Z'), to: at('2026-11-17T01:00Z') })).toEqual([0, 22, 23]);
    expect(hoursOf(day('2026-11-16'))).toBeUndefined();
  });
});

describe('what a window is held against', () => {
  const monitor = (more: object): Parameters<typeof referenceOf>[0] => monitorSection.parse({ model: 'm@production', ...more });
  const monday = day('2026-11-16');
  const told = (more: object, window = monday): unknown => referenceOf(monitor(more), window);

  it('is the window before, unless said', () => {
    expect(told({})).toEqual({ place: { window: { from: at('2026-11-15'), to: at('2026-11-16') } }, from: at('2026-11-15'), to: at('2026-11-16'), text: 'the window before: 2026-11-15 to 2026-11-16' });
  });

  it('is Mondays for a Monday, and the same hours for hours', () => {
    expect(told({ cadence: 'week' })).toEqual({ place: { window: { from: at('2026-10-19'), to: at('2026-11-16'), weekdays: [1] } }, from: at('2026-10-19'), to: at('2026-11-16'), text: 'Mondays: 2026-10-19 to 2026-11-16' });
    const six = windowHolding(at('2026-11-16T07:00Z'), 6 * HOUR);
    expect(told({ cadence: 'week' }, six)).toMatchObject({ place: { window: { weekdays: [1], hours: [6, 7, 8, 9, 10, 11] } } });
    expect(told({ cadence: 'day' }, six)).toMatchObject({ place: { window: { from: six.from - 7 * DAY, to: six.from, hours: [6, 7, 8, 9, 10, 11] } }, text: 'hours 6, 7, 8, 9, 10, 11 (UTC): 2026-11-09 06:00Z to 2026-11-16 06:00Z' });
    // A whole day has all hours: the day before it is.
    expect(told({ cadence: 'day' })).toMatchObject({ place: { window: { from: at('2026-11-15'), to: at('2026-11-16') } } });
    // A week has all days: the four weeks before.
    expect(told({ cadence: 'week' }, windowHolding(at('2026-11-16'), 7 * DAY))).toMatchObject({ place: { window: { from: at('2026-10-19'), to: at('2026-11-16') } } });
  });

  it('ends so long before, with a length of its own', () => {
    expect(told({ reference: { before: '7d' } })).toMatchObject({ from: at('2026-11-08'), to: at('2026-11-09') });
    expect(told({ reference: { before: '1d', window: '4w' }, cadence: 'week' })).toMatchObject({ place: { window: { from: at('2026-10-18'), to: at('2026-11-15'), weekdays: [1] } } });
    // A day has no other Mondays in it.
    expect((told({ reference: { before: '7d' }, cadence: 'week' }) as { place: object }).place).toEqual({ window: { from: at('2026-11-08'), to: at('2026-11-09') } });
  });

  it('is data, with the label that it has', () => {
    const data = dataSpec.parse({ files: ['a.csv', 'b.csv'] });
    expect(told({ reference: { data }, label: 'y' })).toEqual({ place: { data, label: 'y' }, text: 'a.csv, b.csv', from: null, to: null });
    expect(told({ reference: { data, label: 'z' }, label: 'y' })).toMatchObject({ place: { label: 'z' } });
  });

  it('never reaches into the window', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom(900_000, HOUR, DAY, 7 * DAY, 40 * DAY), fc.constantFrom('none', 'day', 'week'), fc.option(fc.integer({ min: 1, max: 1e6 })), (t, length, cadence, before) => {
      const window = windowHolding(t, length);
      const { from, to } = referenceOf(monitor({ cadence, ...(before !== null && { reference: { before } }) }), window);
      expect(to !== null && from !== null && from < to && to <= window.from).toBe(true);
    }));
  });
});
