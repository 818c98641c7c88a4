import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricValue } from '../../../../src/protocol/spool';
import { markdownImage, sparkline } from '../../../../src/extension/base/sparkline';

const numbersIn = (svg: string): number[] => [...svg.matchAll(/points="([^"]*)"/g)].flatMap((one) => (one[1] ?? '').split(/[ ,]/).map(Number));

test('a curve goes from the left below to the right above where it rises', () => {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = numbersIn(sparkline([1, 2]));
  expect(x0).toBeLessThan(x1);
  expect(y0).toBeGreaterThan(y1);
});

test('what is no number leaves a gap, and nothing at all is no picture', () => {
  expect(sparkline([1, 2, 'NaN', 3, 4]).match(/<polyline/g)).toHaveLength(2);
  expect(sparkline(['NaN', 'Infinity'])).toBe('');
  expect(sparkline([])).toBe('');
  expect(markdownImage('', 'x')).toBe('');
});

test('a constant lies in the middle', () => {
  expect(numbersIn(sparkline([5, 5, 5], { height: 40 })).filter((_, index) => index % 2 === 1)).toEqual([20, 20, 20]);
});

test('the best run is ringed', () => {
  expect(sparkline([1, 3, 2], { dots: true, best: 1 })).toContain('r="4.5"');
  expect(sparkline([1, 'NaN', 2], { dots: true, best: 1 })).not.toContain('r="4.5"');
});

test('every point of any curve lies within the picture', () => {
  const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('NaN', 'Infinity', '-Infinity')).map((one) => metricValue.parse(one));
  fc.assert(fc.property(fc.array(value, { maxLength: 30 }), (values) => {
    const found = numbersIn(sparkline(values, { width: 100, height: 50 }));
    for (const [index, one] of found.entries()) {
      expect(one).toBeGreaterThanOrEqual(0);
      expect(one).toBeLessThanOrEqual(index % 2 === 0 ? 100 : 50);
    }
  }));
});

test('as Markdown it is a data address, so that nothing is fetched', () => {
  expect(markdownImage(sparkline([1, 2]), 'a [curve]')).toMatch(/^!\[a curve\]\(data:image\/svg\+xml;base64,[\w+/=]+\)$/);
});
