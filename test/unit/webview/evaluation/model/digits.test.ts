import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aboutRows, decimalsFor, figureFormat, formatP, formatShare } from '../../../../../webview/evaluation/model/digits';

describe('decimalsFor', () => {
  it('leaves two digits of half the interval', () => expect([decimalsFor(0.8535, 0.8597), decimalsFor(39, 43.3), decimalsFor(100, 900), decimalsFor(0.1, 0.1), decimalsFor(null, 1)]).toEqual([4, 1, 0, null, null]));
  it('is never more than 6 nor less than 0', () => {
    fc.assert(fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-12, max: 1e9, noNaN: true }), (low, wide) => {
      const decimals = decimalsFor(low, low + wide);
      expect(decimals === null || (decimals >= 0 && decimals <= 6)).toBe(true);
    }));
  });
});

describe('figureFormat', () => {
  it('gives figures under each other as many decimals as the middle interval leaves certain', () => {
    const format = figureFormat([{ value: 0.9, low: 0.89, high: 0.91 }, { value: 0.5, low: 0.3, high: 0.7 }, { value: 0.81234, low: 0.808, high: 0.816 }]);
    expect([format(0.9), format(0.5), format(null), format(-0.25)]).toEqual(['0.900', '0.500', '\u2013', '\u22120.250']);
  });
  it('never writes a minus before zero', () => expect(figureFormat([{ value: -0.001, low: -0.3, high: 0.3 }])(-0.001)).toBe('0.00'));
  it('takes four significant digits where nothing has an interval', () => expect(figureFormat([])(0.123456)).toBe('0.1235'));
});

describe('formatP', () => {
  it('says less than a thousandth instead of naming it', () => expect([formatP(1e-168), formatP(0.0132), formatP(0.5, 'p (Holm)'), formatP(1), formatP(null)]).toEqual(['p < 0.001', 'p = 0.013', 'p (Holm) = 0.5', 'p = 1', '']));
});

it('a number of rows that is only known roughly is rounded up to two digits', () => expect([aboutRows(1187), aboutRows(7), aboutRows(123_456), aboutRows(Infinity)]).toEqual(['about 1,200', 'about 7', 'about 130,000', 'very many']));
it('a share that isn\u2019t quite none or all never reads as it', () => expect([formatShare(0), formatShare(0.0004), formatShare(0.037), formatShare(0.5), formatShare(0.9995), formatShare(1)]).toEqual(['0 %', '< 0.1 %', '3.7 %', '50 %', '> 99.9 %', '100 %']));
