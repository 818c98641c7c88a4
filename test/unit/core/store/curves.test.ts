import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/core/store/store';
import { toNumber } from '../../../../src/protocol/spool';
import type { Curve } from '../../../../src/protocol/model';
import { id, m, say, spec, store } from './support';

type Point = [step: number, value: number, t: number];

function withPoints(points: readonly Point[], batch = 1000): Store {
  const at = store();
  at.createRun(spec(1), 'running');
  for (let i = 0; i < points.length; i += batch) say(at, 1, ...points.slice(i, i + batch).map(([step, value, t]) => m(step, { y: value }, t)));
  return at;
}

const wave = (i: number): number => Math.sin(i * 12.9898) * 1000 + (i % 977 === 0 ? 5000 : 0);
const long = (count: number, stride = 1): Point[] => Array.from({ length: count }, (_, i) => [i * stride, wave(i), 2000 + i / 10]);
const ask = { run: id(1), key: 'y', x: 'step', px: 50 } as const;

function expectSameExtremes(curve: Curve, inside: readonly Point[]): void {
  expect(curve.total).toBe(inside.length);
  if (inside.length === 0) { expect(curve.points).toEqual([]); return; }
  const given = curve.points.map((point) => toNumber(point.value));
  const values = inside.map(([, value]) => value);
  expect(Math.min(...given)).toBe(Math.min(...values));
  expect(Math.max(...given)).toBe(Math.max(...values));
  for (const point of curve.points) expect(inside.some(([step, value]) => step === point.step && value === point.value)).toBe(true);
}

describe('a curve', () => {
  it('comes as it is where it fits', () => {
    const at = withPoints([[2, 5, 2002], [1, 4, 2001], [3, 6, 2003]]);
    expect(at.curve(ask)).toEqual({ run: id(1), key: 'y', total: 3, exact: true, points: [{ step: 1, t: 2001, value: 4, n: 1 }, { step: 2, t: 2002, value: 5, n: 1 }, { step: 3, t: 2003, value: 6, n: 1 }] });
    expect(at.curve({ ...ask, from: 1.5, to: 3 }).points.map((point) => point.step)).toEqual([2, 3]);
    expect(at.curve({ ...ask, key: 'none' })).toMatchObject({ points: [], total: 0 });
  });

  it('keeps NaN and infinities as what they are', () => {
    const at = store();
    at.createRun(spec(1), 'running');
    say(at, 1, m(1, { y: 'NaN' }), m(2, { y: 'Infinity' }), m(3, { y: '-Infinity' }), m(4, { y: 1 }));
    expect(at.curve(ask).points.map((point) => point.value)).toEqual(['NaN', 'Infinity', '-Infinity', 1]);
  });

  it('shows that there was a NaN however far it is thinned', () => {
    const at = withPoints(long(20_000));
    say(at, 1, m(7777, { y: 'NaN' }, 9999));
    expect(at.curve(ask).points.filter((point) => point.value === 'NaN')).toMatchObject([{ step: 7777 }]);
  });

  it.each([['before it is rolled', 4000], ['once it is rolled', 30_000]])('has exact extremes, its ends and at most four points a pixel: %s', (_, count) => {
    const points = long(count);
    const at = withPoints(points);
    const curve = at.curve(ask);
    expectSameExtremes(curve, points);
    expect(curve.exact).toBe(false);
    expect(curve.points.length).toBeLessThanOrEqual(4 * 50);
    expect([curve.points[0]?.step, curve.points.at(-1)?.step]).toEqual([0, count - 1]);
    expect(curve.points.map((point) => point.step)).toEqual(curve.points.map((point) => point.step).sort((a, b) => a - b));
  });

  it.each([1, 100])('is exact in any window, on any axis, with a stride of %s', (stride) => {
    const points = long(30_000, stride);
    const at = withPoints(points);
    say(at, 1, { e: 'started', t: 1990, started: { pid: 1 } });
    const origin = { step: 0, relative: 1990, wall: 0 };
    fc.assert(fc.property(fc.constantFrom('step', 'relative', 'wall'), fc.integer({ min: -10, max: 31_000 }), fc.integer({ min: 0, max: 31_000 }), fc.constantFrom(10, 60, 500), (x, first, length, px) => {
      const edges = x === 'step' ? [first * stride, (first + length) * stride] : [2000 + first / 10 - origin[x], 2000 + (first + length) / 10 - origin[x]];
      const inside = points.slice(Math.max(0, first), Math.max(0, first + length + 1));
      const curve = at.curve({ ...ask, x, px, from: edges[0], to: edges[1] });
      expectSameExtremes(curve, inside);
      if (inside.length > 0) expect([curve.points[0]?.step, curve.points.at(-1)?.step]).toEqual([inside[0]?.[0], inside.at(-1)?.[0]]);
    }), { numRuns: 60 });
  });

  it('is the same whatever the order and the batches its points came in, and however often', () => {
    const points = long(9000, 3);
    const first = withPoints(points, 5000);
    const order = points.map((point, i) => [Math.sin(i * 78.233), point] as const).sort((a, b) => a[0] - b[0]).map(([, point]) => point);
    const other = withPoints([...order, ...order.slice(0, 700)], 613);
    expectSameExtremes(other.curve({ ...ask, px: 20 }), points);
    expectSameExtremes(other.curve({ ...ask, px: 20, from: 1000, to: 20_000 }), points.filter(([step]) => step >= 1000 && step <= 20_000));
    expect(other.getRun(id(1)).metrics).toEqual(first.getRun(id(1)).metrics);
    expect(other.points(id(1), 'y', { limit: 9001, offset: 0 })).toEqual(first.points(id(1), 'y', { limit: 9001, offset: 0 }));
  });

  it('stays right where the clock went backwards half-way', () => {
    const points: Point[] = long(20_000).map(([step, value], i) => [step, value, i < 10_000 ? 5000 + i : 4000 + i / 2]);
    const at = withPoints(points);
    for (const [from, to] of [[5000, 8000], [9000, 14_000], [8999.5, 9000.5], [0, 1e6]] as const) {
      const curve = at.curve({ ...ask, x: 'wall', from, to });
      expectSameExtremes(curve, points.filter(([, , t]) => t >= from && t <= to));
      expect(curve.points.map((point) => point.t)).toEqual(curve.points.map((point) => point.t).sort((a, b) => a - b));
    }
  });

  it('takes steps below zero and all at one step', () => {
    const below = withPoints(long(10_000).map(([step, value, t]) => [step - 5000, value, t]));
    expectSameExtremes(below.curve({ ...ask, from: -4000, to: -10 }), long(10_000).map(([step, value, t]): Point => [step - 5000, value, t]).filter(([step]) => step >= -4000 && step <= -10));
    const still = long(10_000).map(([, value, t]): Point => [0, value, t]);
    expectSameExtremes(withPoints(still).curve({ ...ask, x: 'wall', from: 2100, to: 2500 }), still.filter(([, , t]) => t >= 2100 && t <= 2500));
  });
});

describe('points', () => {
  it('come in pages, and a final figure is one point', () => {
    const at = withPoints(long(10));
    say(at, 1, { e: 'summary', t: 3000, m: { final: 0.5 } });
    expect(at.points(id(1), 'y', { limit: 2, offset: 3 })).toMatchObject({ total: 10, points: [{ step: 3 }, { step: 4 }] });
    expect(at.points(id(1), 'final', { limit: 9, offset: 0 })).toEqual({ total: 1, points: [{ step: 0, t: 3000, value: 0.5 }] });
    expect(at.curve({ ...ask, key: 'final' }).points).toEqual([{ step: 0, t: 3000, value: 0.5, n: 1 }]);
  });
});
