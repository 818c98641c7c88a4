import { expect, test } from 'vitest';
import { judge } from '../../../../src/core/comparison/verdict';
import type { Goal } from '../../../../src/protocol/model';

const verdict = (baseline: readonly number[], candidate: readonly number[], goal: Goal = 'maximize', confidence = 0.95) =>
  judge({ baseline: Float64Array.from(baseline), candidate: Float64Array.from(candidate), goal, confidence });

const LOW = [0.80, 0.81, 0.79, 0.80];
const HIGH = [0.90, 0.91, 0.89, 0.92];

test('a difference whose interval leaves out 0 is better or worse by the goal', () => {
  expect(verdict(LOW, HIGH).word).toBe('better');
  expect(verdict(HIGH, LOW).word).toBe('worse');
  expect(verdict(LOW, HIGH, 'minimize').word).toBe('worse');
  expect(verdict(HIGH, LOW, 'minimize').word).toBe('better');
});

test('the interval, p and the method come with it', () => {
  const { low, high, difference, p, method } = verdict(LOW, HIGH);
  expect(low).toBeLessThan(difference ?? NaN);
  expect(high).toBeGreaterThan(difference ?? NaN);
  expect(p).toBeLessThan(0.001);
  expect(method).toMatch(/^Welch's t interval of the difference of means, 95 %, \d\.\d degrees of freedom$/);
});

test('an interval that holds 0 is cannot tell, whichever way the means lie', () => {
  const found = verdict([0.7, 0.8, 0.9], [0.75, 0.85, 0.95]);
  expect(found).toMatchObject({ word: 'cannot tell', reason: expect.stringContaining('holds 0') as string });
  expect(found.low).toBeLessThan(0);
});

test('the same difference can be told with less confidence and not with more', () => {
  const [a, b] = [[0.80, 0.82, 0.81], [0.83, 0.84, 0.82]];
  expect(verdict(a, b, 'maximize', 0.8).word).toBe('better');
  expect(verdict(a, b, 'maximize', 0.999).word).toBe('cannot tell');
});

test('one value on a side is cannot tell, and the way out is more seeds', () => {
  expect(verdict([0.8], [0.9])).toMatchObject({ word: 'cannot tell', low: null, high: null, p: null, reason: expect.stringContaining('each side has one value') as string });
  expect(verdict(LOW, [0.9]).reason).toContain('the candidate has one value');
  expect(verdict([0.8], HIGH).reason).toContain('run more seeds');
  expect(verdict([0.8], [0.9]).difference).toBeCloseTo(0.1, 12);
});

test('no value at all is cannot tell without a difference', () => {
  expect(verdict([], HIGH)).toMatchObject({ word: 'cannot tell', difference: null, reason: 'the baseline has no finite value of this metric' });
  expect(verdict(LOW, [NaN]).reason).toBe('the candidate has no finite value of this metric; left out as not finite: 1 of the candidate');
});

test('no spread on both sides is cannot tell, and says that the seed changes nothing', () => {
  expect(verdict([0.8, 0.8], [0.9, 0.9])).toMatchObject({ word: 'cannot tell', low: null, p: null, reason: expect.stringContaining('the seed changes nothing') as string });
  expect(verdict([0.8, 0.8], [0.8, 0.8]).reason).toContain('every run of both sides gave the same value');
});

test('no spread on one side is told, and said', () => {
  expect(verdict([0.8, 0.8, 0.8], HIGH)).toMatchObject({ word: 'better', reason: expect.stringContaining("the baseline's runs all gave one value") as string });
});

test('values that are not finite are left out and said', () => {
  const found = verdict([...LOW, NaN], [...HIGH, Infinity, NaN]);
  expect(found.word).toBe('better');
  expect(found.reason).toContain('left out as not finite: 1 of the baseline, 2 of the candidate');
});
