import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnFormat, count, formatAgo, formatDuration, formatNumber, formatSigned } from '../../../../webview/shared/format';

describe('formatNumber', () => {
  it.each([
    [0, '0'], [1234567, '1234567'], [0.123456, '0.1235'], [-0.5, '\u22120.5'], [0.00001234, '1.234e\u22125'], [12345678, '1.235e7'],
    [Number.NaN, 'NaN'], [Number.POSITIVE_INFINITY, '\u221e'], [Number.NEGATIVE_INFINITY, '\u2212\u221e'], [1.5, '1.5'], [99.99996, '100'],
  ])('writes %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));
  it('stays within half a unit of its last significant digit', () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (value) => {
      expect(Math.abs(Number(formatNumber(value)) - value)).toBeLessThanOrEqual(value * 0.0005 + 1e-12);
    }));
  });
});

describe('columnFormat', () => {
  it('gives every value as many decimals, enough to tell the closest apart', () => {
    const format = columnFormat([0.8812, 0.8814, 0.8891]);
    expect([0.8812, 0.8814, 0.8891].map(format)).toEqual(['0.88120', '0.88140', '0.88910']);
  });
  it('keeps whole numbers whole', () => expect([1, 20, 300].map(columnFormat([1, 20, 300]))).toEqual(['1', '20', '300']));
  it('goes over to exponents where decimals would not end', () => expect(columnFormat([1e-9, 3e-9])(1e-9)).toBe('1.00e\u22129'));
  it('shows what is no number in words', () => expect(columnFormat([0.1, 0.2])(Number.NaN)).toBe('NaN'));
});

describe('formatSigned', () => {
  it('always shows the sign, and none for zero', () => expect([0.5, -0.5, 0].map((value) => formatSigned(value))).toEqual(['+0.5', '\u22120.5', '0']));
});

describe('times', () => {
  it.each([[0.02, '20 ms'], [3.25, '3.3 s'], [59, '59 s'], [75, '1 min 15 s'], [3600, '1 h'], [90_061, '1 d 1 h']])('%d s lasts %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
  it('calls the near past and a clock that runs ahead just now', () => expect([formatAgo(90, 100), formatAgo(200, 100)]).toEqual(['just now', 'just now']));
  it('names how long ago in the largest unit', () => expect(formatAgo(0, 7200)).toBe('2 h ago'));
});

it('counts with a plural', () => expect([count(1, 'run'), count(10_000, 'run')]).toEqual(['1 run', '10,000 runs']));
