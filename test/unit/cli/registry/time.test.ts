import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { momentOf, shownMoment } from '../../../../src/cli/registry/time';

describe('a moment', () => {
  test.each([
    ['2026-05-03T14:00Z', Date.UTC(2026, 4, 3, 14)],
    ['2026-05-03 14:00:05z', Date.UTC(2026, 4, 3, 14, 0, 5)],
    ['2026-05-03T14:00:05.25Z', Date.UTC(2026, 4, 3, 14, 0, 5, 250)],
    ['2026-05-03T14:00:05.123456+00:00', Date.UTC(2026, 4, 3, 14, 0, 5, 123)],
    ['2026-05-03T16:00+02:00', Date.UTC(2026, 4, 3, 14)],
    ['2026-05-03T10:30-0330', Date.UTC(2026, 4, 3, 14)],
    ['2026-05-03T15:00 +01', Date.UTC(2026, 4, 3, 14)],
    ['0099-01-01T00:00Z', -59_042_995_200_000],
    ['2024-02-29T00:00Z', Date.UTC(2024, 1, 29)],
  ])('%s is one moment everywhere', (text, t) => expect(momentOf(text)).toBe(t));

  test.each([['2026-05-03T14:00', new Date(2026, 4, 3, 14)], ['2026-05-03', new Date(2026, 4, 3)], ['2026-05-03 14:00:01.5', new Date(2026, 4, 3, 14, 0, 1, 500)]])(
    '%s is a time of this machine', (text, at) => expect(momentOf(text)).toBe(at.getTime()));

  test.each(['', 'yesterday', '2026-5-3', '2026-05-03T14', '2026-05-03T14:00+', '03.05.2026', '1777816800', '2026-05-03T14:00Z tomorrow'])(
    '"%s" is refused with an example', (text) => expect(() => momentOf(text)).toThrow(expect.objectContaining({ code: 'bad_input', message: `--time ${text} isn't a time`, hint: expect.stringContaining('2026-05-03T14:00Z') })));

  test.each(['2026-02-29T00:00Z', '2026-13-01T00:00Z', '2026-00-10', '2026-04-31', '2026-05-03T24:00Z', '2026-05-03T23:60', '2026-05-03T23:59:60Z'])(
    '%s is in no calendar', (text) => expect(() => momentOf(text)).toThrow('is no time that a calendar has'));

  test('an offset that no place has is refused', () => expect(() => momentOf('2026-05-03T14:00+25:00')).toThrow('has an offset that no place has'));

  test('what is written out in UTC is read as the same moment', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }), (at) => momentOf(at.toISOString()) === at.getTime()));
  });

  test('what is shown is read as the same second', () => {
    fc.assert(fc.property(fc.date({ min: new Date('1980-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (at) => {
      const shown = shownMoment(at.getTime()).replace(' UTC', 'Z');
      return momentOf(shown) === Math.floor(at.getTime() / 1000) * 1000;
    }));
  });
});
