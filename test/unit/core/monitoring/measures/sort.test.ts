import fc from 'fast-check';
import { expect, test } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { gapsOf } from '../../../../../src/core/monitoring/measures/gaps';
import { sampleIn, sampleOf } from '../../../../../src/core/monitoring/measures/sample';
import { sortNumbers } from '../../../../../src/core/monitoring/measures/sort';

const next = random(1);
const draws: Record<string, () => number> = {
  uniform: () => unit(next), 'few values': () => Math.floor(unit(next) * 7), 'heavy tails': () => Math.tan(Math.PI * (unit(next) - 0.5)), 'mostly one': () => (unit(next) < 0.9 ? 0 : unit(next) * 1e300), tiny: () => unit(next) * 1e-310,
  huge: () => (unit(next) - 0.5) * 3.5e308, 'many powers': () => 10 ** (unit(next) * 600 - 300), constant: () => 3, whole: () => Math.round(1e15 * unit(next)),
};
test.each(Object.keys(draws))('%s numbers are sorted as the typed array sorts them', (what) => {
  const values = Float64Array.from({ length: 20_000 }, () => draws[what]?.() ?? 0);
  const expected = values.slice().sort();
  expect(sortNumbers(values.slice())).toEqual(expected);
  expect(sortNumbers(expected.slice())).toEqual(expected);
  expect(sortNumbers(expected.slice().reverse())).toEqual(expected);
});
test('a sample counts what is missing and infinite and keeps the rest, whether in a copy or in place', () => {
  const values = Float64Array.of(3, NaN, Infinity, 1, -Infinity, 2, NaN);
  expect(sampleOf(values)).toEqual({ sorted: Float64Array.of(1, 2, 3), missing: 2, infinite: 2, mean: 2, squares: 2 });
  expect(values[0]).toBe(3);
  expect(sampleIn(values)).toEqual({ sorted: Float64Array.of(1, 2, 3), missing: 2, infinite: 2, mean: 2, squares: 2 });
  expect(sampleOf([])).toEqual({ sorted: new Float64Array(), missing: 0, infinite: 0, mean: NaN, squares: 0 });
});
test('the walk over two samples finds the gap and the area that counting at each value finds', () => {
  const small = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(small, small, (a, b) => {
    const points = [...new Set([...a, ...b])].sort((x, y) => x - y);
    const gap = (x: number): number => a.filter((value) => value <= x).length * b.length - b.filter((value) => value <= x).length * a.length;
    const area = points.slice(1).reduce((sum, point, at) => sum + (Math.abs(gap(points[at] ?? 0)) * (point - (points[at] ?? 0))) / (a.length * b.length), 0);
    const found = gapsOf(sampleOf(a), sampleOf(b));
    expect(found?.largest).toBe(Math.max(...points.map((point) => Math.abs(gap(point)))));
    expect(found?.area).toBeCloseTo(area, 12);
  }));
  expect(gapsOf(sampleOf([]), sampleOf([1]))).toBeNull();
});
test.each([['many values', 1e9], ['many ties', 300], ['few values', 5]])('the gap and the area of long samples with %s are those of counting', (_, values) => {
  for (const [n, m, shift] of [[3000, 3000, 0], [2500, 4001, 0], [4000, 700, 0.3], [1000, 1000, 3]] as const) {
    const [a, b] = [Float64Array.from({ length: n }, () => Math.round(unit(next) * values)).sort(), Float64Array.from({ length: m }, () => Math.round((unit(next) + shift) * values)).sort()];
    const points = [...new Set([...a, ...b])].sort((x, y) => x - y);
    let [i, j, largest, area] = [0, 0, 0, 0];
    for (const [k, point] of points.entries()) {
      while (i < n && (a[i] as number) <= point) i++;
      while (j < m && (b[j] as number) <= point) j++;
      largest = Math.max(largest, Math.abs(i * m - j * n));
      area += Math.abs(i / n - j / m) * ((points[k + 1] ?? point) - point);
    }
    const found = gapsOf(sampleOf(a), sampleOf(b));
    expect(found?.largest).toBe(largest);
    expect((found?.area ?? 0) / area).toBeCloseTo(1, 10);
  }
});
