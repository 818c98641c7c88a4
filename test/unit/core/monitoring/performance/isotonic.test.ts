import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { calibrationError, calibrator } from '../../../../../src/core/monitoring/performance/calibrate';
import { fitIsotonic, isotonicAt } from '../../../../../src/core/monitoring/performance/isotonic';

const rows = fc.array(fc.record({ score: fc.integer({ min: 0, max: 12 }), hit: fc.integer({ min: 0, max: 1 }) }), { minLength: 1, maxLength: 40 }).map((all) => all.sort((a, b) => a.score - b.score));
const columns = (all: { score: number; hit: number }[]): [Float64Array, Float64Array] => [Float64Array.from(all, ({ score }) => score), Float64Array.from(all, ({ hit }) => hit)];

describe('the rising function that is nearest', () => {
  test('is the largest of the smallest means around each score (the min-max formula)', () => {
    fc.assert(fc.property(rows, (all) => {
      const [scores, hits] = columns(all);
      const map = fitIsotonic(scores, hits);
      const values = [...new Set(scores)];
      const mean = (from: number, to: number): number => {
        const part = all.filter(({ score }) => score >= from && score <= to);
        return part.reduce((sum, { hit }) => sum + hit, 0) / part.length;
      };
      for (const value of values) {
        const wanted = Math.max(...values.filter((low) => low <= value).map((low) => Math.min(...values.filter((high) => high >= value).map((high) => mean(low, high)))));
        expect(map && isotonicAt(map, Float64Array.of(value))[0]).toBeCloseTo(wanted, 12);
      }
    }), { numRuns: 100 });
  });

  test('is scikit-learn\'s, between scores and beyond them', () => {
    // IsotonicRegression(out_of_bounds="clip").fit([1, 2, 3, 3, 5, 6, 7], [0, 1, 0, 1, 0, 1, 1])
    const map = fitIsotonic(Float64Array.of(1, 2, 3, 3, 5, 6, 7), Float64Array.of(0, 1, 0, 1, 0, 1, 1));
    expect(map && [...isotonicAt(map, Float64Array.of(-1, 1, 1.5, 2, 4, 5, 5.5, 6, 9, NaN, Infinity))]).toEqual([0, 0, 0.25, 0.5, 0.5, 0.5, 0.75, 1, 1, NaN, 1]);
  });

  test('is of the rows that are used alone, and none without one', () => {
    const [scores, hits] = [Float64Array.of(1, 2, 3), Float64Array.of(1, 0, 1)];
    expect(fitIsotonic(scores, hits, Uint8Array.of(0, 1, 1))).toEqual({ x: Float64Array.of(2, 3), y: Float64Array.of(0, 1) });
    expect(fitIsotonic(scores, hits, new Uint8Array(3))).toBeNull();
    expect(fitIsotonic(new Float64Array(), new Float64Array())).toBeNull();
  });
});

describe('calibration', () => {
  const next = random(3);
  const scores = Float64Array.from({ length: 4000 }, () => unit(next));
  const drawn = (chance: (score: number) => number): Uint8Array => Uint8Array.from(scores, (score) => (unit(next) < chance(score) ? 1 : 0));

  test('is used where scores mislead, and then they don\'t', () => {
    const { map, before, after } = calibrator(scores, drawn((score) => score * score), { seed: 0 });
    expect(before).toBeGreaterThan(0.15);
    expect(after).toBeLessThan(0.03);
    const made = map ? isotonicAt(map, scores) : new Float64Array();
    expect(scores.reduce((sum, score, row) => sum + Math.abs((made[row] ?? NaN) - score * score), 0) / scores.length).toBeLessThan(0.03);
  });

  test('is left where it doesn\'t help, where there is one class, or where classes are told apart', () => {
    // Few rows whose scores are right: what is learnt of nine tenths of them is worse than the scores.
    const few = scores.slice(0, 60);
    expect([1, 2, 3, 4, 5].filter((seed) => calibrator(few, Uint8Array.from(few, (score) => (unit(next) < score ? 1 : 0)), { seed }).map === null).length).toBeGreaterThan(2);
    expect(calibrator(scores, new Uint8Array(scores.length), { seed: 0 })).toEqual({ map: null, before: null, after: null });
    expect(calibrator(scores, drawn((score) => (score > 0.5 ? 1 : 0)), { seed: 0 }).map).toBeNull();
    expect(calibrator(new Float64Array(), new Uint8Array(), { seed: 0 }).map).toBeNull();
    expect(calibrator(scores.map((score) => 10 * score), drawn((score) => (score > 0.5 ? 1 : 0)), { seed: 0, forced: true }).map).not.toBeNull();
  });

  test('is decided alike for the same seed', () => {
    const hits = drawn((score) => score);
    expect(calibrator(scores, hits, { seed: 5 })).toEqual(calibrator(scores, hits, { seed: 5 }));
  });

  test('has an error of 0 where every bin is right on average, and of 1 where all are wrong', () => {
    const half = new Float64Array(100).fill(0.5);
    expect(calibrationError(half, Float64Array.from(half, (_, row) => row % 2))).toBe(0);
    expect(calibrationError(Float64Array.from(half, (_, row) => Number(row < 50)), Float64Array.from(half, (_, row) => Number(row >= 50)))).toBe(1);
    expect(calibrationError(Float64Array.of(0.25, 0.25), Float64Array.of(1, 0))).toBeCloseTo(0.5, 12);
    expect(calibrationError(new Float64Array(), new Float64Array())).toBeNaN();
  });
});
