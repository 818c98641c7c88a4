import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceTicks, passes, scaleOf } from '../../../../../webview/compare/model/scale';

describe('scaleOf', () => {
  it('is logarithmic for positive values over a wide range, as learning rates are', () => {
    const scale = scaleOf(['0.0001', '0.001', '0.01', '0.1']);
    expect(scale.kind).toBe('log');
    expect(scale.at('0.001')).toBeCloseTo(1 / 3, 9);
    expect(scale.ticks.map((tick) => tick.text)).toEqual(['0.0001', '0.001', '0.01', '0.1']);
  });
  it('tells ticks and ends apart on a narrow range', () => {
    const scale = scaleOf([0.9906, 0.9958, 1.0055]);
    expect(new Set(scale.ticks.map((tick) => tick.text)).size).toBe(scale.ticks.length);
    expect([scale.label(0), scale.label(1)]).toEqual(['0.9906', '1.0055']);
  });
  it('is linear where zero or a negative value is among them', () => expect(scaleOf([0, 1, 1000]).kind).toBe('linear'));
  it('has whole ticks for whole numbers', () => expect(scaleOf(['2', '3', '4']).ticks.map((tick) => tick.text)).toEqual(['2', '3', '4']));
  it('gives categories evenly spaced places, sorted', () => {
    const scale = scaleOf(['sgd', 'adam', 'lion', 'adam']);
    expect(scale.kind).toBe('category');
    expect(['adam', 'lion', 'sgd'].map((name) => scale.at(name))).toEqual([0, 0.5, 1]);
  });
  it('puts a single value in the middle and nothing nowhere', () => expect([scaleOf([7]).at(7), scaleOf([7]).at(null), scaleOf([]).at(1)]).toEqual([0.5, null, null]));
  it('has no place for NaN', () => expect(scaleOf([1, 2, Number.NaN]).at(Number.NaN)).toBeNull());
  it('keeps the order of numbers between foot and top', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 }), (values) => {
      const scale = scaleOf(values);
      const places = [...values].sort((a, b) => a - b).map((value) => scale.at(value) ?? Number.NaN);
      expect(places.every((place, at) => place >= -1e-9 && place <= 1 + 1e-9 && (at === 0 || place >= (places[at - 1] ?? 0) - 1e-9))).toBe(true);
    }));
  });
});

describe('niceTicks', () => {
  it('are round and inside', () => expect(niceTicks(0.81, 0.887, 5)).toEqual([0.82, 0.84, 0.86, 0.88]));
  it('are one where there is no range', () => expect(niceTicks(3, 3, 5)).toEqual([3]));
});

describe('passes', () => {
  it('asks every brush, and a run without a value on a brushed axis does not pass', () => {
    const brushes = [{ from: 0, to: 0.5 }, undefined];
    expect([[0.2, 0.9], [0.6, 0.9], [null, 0.9], [0.5, null]].map((places) => passes(places, brushes))).toEqual([true, false, false, true]);
  });
});
