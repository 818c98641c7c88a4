import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinned } from '../../../../../src/core/evaluation/questions/thin';

/** How far the full line is from the thinned one, at the full line's x. */
function gap(x: Float64Array, y: Float64Array, places: Uint32Array): number {
  let worst = 0;
  for (let i = 1; i < places.length; i++) {
    const [a, b] = [places[i - 1] ?? 0, places[i] ?? 0];
    for (let at = a; at <= b; at++) {
      const [dx, dy] = [(x[b] ?? 0) - (x[a] ?? 0), (y[b] ?? 0) - (y[a] ?? 0)];
      const length = Math.hypot(dx, dy);
      const off = length === 0 ? Math.hypot((x[at] ?? 0) - (x[a] ?? 0), (y[at] ?? 0) - (y[a] ?? 0)) : Math.abs(((x[at] ?? 0) - (x[a] ?? 0)) * dy - ((y[at] ?? 0) - (y[a] ?? 0)) * dx) / length;
      worst = Math.max(worst, off);
    }
  }
  return worst;
}

test('few points stay as they are, many become at most as many as asked, ends among them', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 300 }), fc.integer({ min: 2, max: 50 }), (points, most) => {
    const [x, y] = [Float64Array.from(points, ([a]) => a), Float64Array.from(points, ([, b]) => b)];
    const places = [...thinned(x, y, most)];
    expect(places.length).toBeLessThanOrEqual(Math.max(most, 2));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    if (points.length <= most) expect(places).toEqual(points.map((_, at) => at));
    else expect([places[0], places.at(-1)]).toEqual([0, points.length - 1]);
  }));
});

test('a curve of 100,000 points keeps its shape in 500', () => {
  const n = 100_000;
  const x = Float64Array.from({ length: n }, (_, at) => at / (n - 1));
  const y = x.map((value, at) => Math.sqrt(value) + (at % 2) * 1e-7);
  const places = thinned(x, y);
  expect(places.length).toBeLessThanOrEqual(500);
  expect(gap(x, y, places)).toBeLessThan(1e-4);
});

test('a straight line is its ends', () => {
  const x = Float64Array.from({ length: 1024 }, (_, at) => at / 1024);
  expect([...thinned(x, x)]).toEqual([0, 1023]);
});
