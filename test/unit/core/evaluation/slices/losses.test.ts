import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lossDifferences, logLosses, miscalibration, shiftedAlpha, squaredErrors, worsening, wrong } from '../../../../../src/core/evaluation/slices/losses';
import { searchSlices } from '../../../../../src/core/evaluation/slices/sliceline';
import { random } from '../../../../support/random';
import { column } from './tables';

describe('losses', () => {
  test('wrong is 1 for another class, and for a label outside the classes on either side', () => {
    expect([...wrong(Int32Array.of(0, 1, 2, -1), Int32Array.of(0, 2, -1, -1))]).toEqual([0, 1, 1, 1]);
  });

  test('squared error and log loss are by row, and their mean is the metric', () => {
    expect([...squaredErrors(Float64Array.of(1, 2), Float32Array.of(3, 2))]).toEqual([4, 0]);
    const rows = logLosses(Int32Array.of(1, 0), Float64Array.of(0.25, 0.75, 1, 0), 2);
    expect(rows[0]).toBeCloseTo(-Math.log(0.75), 12);
    expect(rows[1]).toBeCloseTo(0, 12);
    expect(logLosses(Int32Array.of(1), Float64Array.of(1, 0), 2)[0]).toBeCloseTo(52 * Math.LN2, 9);
    expect(logLosses(Int32Array.of(5), Float64Array.of(1, 0), 2)[0]).toBeNaN();
  });

  test('worsening is 1 where only the baseline was right, and the rise of the error for numbers', () => {
    expect([...worsening(Float64Array.of(0, 0, 1, 1), Float64Array.of(0, 1, 0, 1))]).toEqual([0, 1, 0, 0]);
    expect([...worsening(Float64Array.of(1, 3), Float64Array.of(2.5, 1))]).toEqual([1.5, 0]);
    expect([...lossDifferences(Float64Array.of(1, 3), Float64Array.of(2.5, 1))]).toEqual([1.5, -2]);
  });

  test('columns that do not fit are refused', () => {
    expect(() => worsening(Float64Array.of(1), Float64Array.of(1, 2))).toThrow('candidate has 2 rows');
    expect(() => miscalibration(Float64Array.of(1), [1, 2], 'over')).toThrow('y has 2 rows');
  });

  test('the mean of a miscalibration less its shift is mean probability less rate, and the other side the reverse', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1)), { minLength: 1 }), (rows) => {
      const [p, y] = [Float64Array.from(rows, ([value]) => value), rows.map(([, label]) => label)];
      const gap = p.reduce((a, b) => a + b, 0) / p.length - y.reduce<number>((a, b) => a + b, 0) / y.length;
      for (const [side, sign] of [['over', 1], ['under', -1]] as const) {
        const { losses, shift } = miscalibration(p, y, side);
        expect(losses.reduce((a, b) => a + b, 0) / losses.length - shift).toBeCloseTo(sign * gap, 9);
        expect(losses.every((loss) => loss >= 0)).toBe(true);
      }
    }));
    expect(miscalibration(Float64Array.of(1.5), [1], 'over').losses[0]).toBeNaN();
  });

  test('finds where a model is too sure of itself, though its errors are no more there', () => {
    const next = random(5);
    const [rows, region, age] = [20_000, [] as number[], [] as number[]];
    const p = new Float64Array(rows);
    const y = Array.from({ length: rows }, (_, row) => {
      region.push(Math.floor(next() * 5));
      age.push(Math.floor(next() * 5));
      const chance = next();
      // In one corner what it says is 0.15 above what is so; elsewhere it is right on average.
      p[row] = region[row] === 2 && age[row] === 3 ? Math.min(1, chance + 0.15) : chance;
      return next() < chance ? 1 : 0;
    });
    const columns = [column('region', region), column('age', age)];
    const over = miscalibration(p, y, 'over');
    const alpha = shiftedAlpha(0.95, over, 0.02);
    const [best] = searchSlices(columns, over.losses, { alpha, k: 3, minSupport: 100, depth: 2 }).slices;
    expect(best).toMatchObject({ columns: [0, 1], codes: [2, 3] });
    expect((best?.sum ?? 0) / (best?.size ?? 1) - over.shift).toBeGreaterThan(0.1);
    const under = miscalibration(p, y, 'under');
    expect(searchSlices(columns, under.losses, { alpha, k: 1, minSupport: 100, depth: 2 }).slices.every(({ codes }) => codes.join() !== '2,3')).toBe(true);
  });

  test('the weight of a shifted loss trades size as the plain one does', () => {
    const shifted = { losses: Float64Array.of(1, 1.1, 0.9), shift: 1 };
    const alpha = shiftedAlpha(0.95, shifted, 0.05);
    expect(alpha / (1 - alpha)).toBeCloseTo((1 / 0.05) * (0.95 / 0.05), 6);
    expect(shiftedAlpha(1, shifted, 0)).toBe(1);
  });
});
