import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { band, smooth, t975, valueAt } from '../../../../../webview/compare/model/smoothing';

describe('smooth', () => {
  it('is the values themselves without a weight', () => expect(smooth([1, 5, 2], 0)).toEqual([1, 5, 2]));
  it('keeps a level from the first point on: the bias of the start is taken out', () => {
    for (const value of smooth([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12);
  });
  it('matches the recurrence', () => expect(smooth([1, 2], 0.5)[1]).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 2) / (1 - 0.25), 12));
  it('leaves NaN and infinities as gaps that the average passes over', () => {
    const found = smooth([1, Number.NaN, 1, Number.POSITIVE_INFINITY, 1], 0.6);
    expect(found[1]).toBeNaN();
    expect(found[3]).toBe(Number.POSITIVE_INFINITY);
    expect(found[4]).toBeCloseTo(1, 12);
  });
  it('stays between the extremes of what came so far', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }), fc.double({ min: 0, max: 0.99, noNaN: true }), (values, weight) => {
      smooth(values, weight).forEach((value, at) => {
        const seen = values.slice(0, at + 1);
        expect(value).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-3);
        expect(value).toBeLessThanOrEqual(Math.max(...seen) + 1e-3);
      });
    }));
  });
});

describe('band', () => {
  const curve = (...ys: number[]) => ys.map((y, x) => ({ x, y }));
  it('is the mean with the t interval over the seeds', () => {
    const [first] = band([curve(1), curve(2), curve(3)]);
    // scipy.stats.t.interval(0.95, 2, loc=2, scale=1/sqrt(3)) = (-0.4841, 4.4841)
    expect(first).toMatchObject({ mean: 2, n: 3 });
    expect(first?.low).toBeCloseTo(-0.4841, 3);
    expect(first?.high).toBeCloseTo(4.4841, 3);
  });
  it('has no interval where one seed alone has a value', () => expect(band([curve(1, 2), curve(1)]).at(-1)).toEqual({ x: 1, mean: 2, low: null, high: null, n: 1 }));
  it('reads seeds that logged at other steps from between their points', () => {
    const found = band([[{ x: 0, y: 0 }, { x: 2, y: 2 }], [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 2 }]]);
    expect(found.map(({ x, mean, n }) => [x, mean, n])).toEqual([[0, 0, 2], [1, 1, 2], [2, 2, 2]]);
  });
  it('does not reach over gaps', () => expect(valueAt([{ x: 0, y: 1 }, { x: 1, y: Number.NaN }, { x: 2, y: 1 }], 0.5)).toBeNull());
  it('uses wider points of t for fewer seeds', () => expect([1, 4, 30, 1000].map(t975)).toEqual([12.706, 2.776, 2.042, 1.98]));
});
