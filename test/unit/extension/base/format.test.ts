import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count, formatAgo, formatBytes, formatDelta, formatDuration, formatNumber, shorten } from '../../../../src/extension/base/format';

describe('numbers', () => {
  test.each([
    [0.912345, '0.9123'], [0, '0'], [12, '12'], [999_999, '999999'], [1_500_000, '1.50e6'], [0.00001234, '1.23e−5'], [-0.5, '−0.5'],
    ['NaN', 'NaN'], ['Infinity', '∞'], ['-Infinity', '−∞'], [null, '–'],
  ] as const)('%j is shown as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test('keep three digits at least, whatever their size', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), (value) => {
      const back = Number(formatNumber(value).replaceAll('−', '-'));
      expect(Math.abs(back - value)).toBeLessThanOrEqual(Math.abs(value) * 0.006);
    }));
  });

  test.each([[0.004, '+0.004'], [-1.2, '−1.2'], [0, '±0'], [123.456, '+123'], [Number.NaN, 'NaN']])('a difference of %j is %s', (delta, text) => {
    expect(formatDelta(delta)).toBe(text);
  });
});

describe('times', () => {
  test.each([[3.21, '3.2 s'], [59.4, '59 s'], [59.7, '1 min 00 s'], [65, '1 min 05 s'], [3600, '1 h 0 min'], [90_000, '1 d 1 h'], [-3, '0.0 s']])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test.each([[10, 'just now'], [60, '1 min ago'], [5399, '90 min ago'], [7200, '2 h ago'], [3 * 86_400, '3 d ago']])('%d seconds back are %s', (seconds, text) => {
    expect(formatAgo(1e9, 1e9 + seconds)).toBe(text);
  });

  test('longer ago is a date', () => {
    expect(formatAgo(0, 1e9)).toMatch(/^19(69|70)-/);
  });
});

test.each([[0, '0 B'], [999, '999 B'], [1500, '1.5 kB'], [999_900, '1.0 MB'], [12_345_678, '12 MB']])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('words are counted and cut', () => {
  expect([count(1, 'run'), count(2000, 'run')]).toEqual(['1 run', '2,000 runs']);
  expect([shorten('abc', 3), shorten('abcd', 3)]).toEqual(['abc', 'ab…']);
});
