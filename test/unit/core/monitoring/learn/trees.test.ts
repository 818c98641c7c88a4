import { describe, expect, test } from 'vitest';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { fitTrees } from '../../../../../src/core/monitoring/learn/trees';

/** Columns of uniform numbers in (-1, 1). */
function columns(count: number, rows: number, seed: number): Float64Array[] {
  return Array.from({ length: count }, (_, at) => {
    const next = random(seed, at);
    return Float64Array.from({ length: rows }, () => 2 * unit(next) - 1);
  });
}
const from = (features: Float64Array[], what: (...row: number[]) => number): Float64Array => Float64Array.from({ length: features[0]?.length ?? 0 }, (_, row) => what(...features.map((column) => column[row] ?? NaN)));
function explained(truth: Float64Array, said: Float64Array): number {
  const mean = truth.reduce((sum, value) => sum + value, 0) / truth.length;
  const [off, all] = truth.reduce<[number, number]>(([a, b], value, row) => [a + (value - (said[row] ?? 0)) ** 2, b + (value - mean) ** 2], [0, 0]);
  return 1 - off / all;
}

describe('boosted trees', () => {
  test('learn a linear function, and which columns it is made of', async () => {
    const what = (a: number, b: number): number => 3 * a - b;
    const [seen, fresh] = [columns(3, 2000, 1), columns(3, 1000, 2)];
    const { predict, gains } = await fitTrees({ features: seen, target: from(seen, what), loss: 'squared' });
    expect(explained(from(fresh, what), predict(fresh))).toBeGreaterThan(0.98);
    expect(gains[0]).toBeGreaterThan(0.85);
    expect(gains[2]).toBeLessThan(0.01);
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(1, 12);
  });

  test('learn what one column alone doesn\'t tell: XOR, as chances', async () => {
    const what = (a: number, b: number): number => (a > 0 === b > 0 ? 0 : 1);
    const [seen, fresh] = [columns(2, 2000, 3), columns(2, 1000, 4)];
    const { predict } = await fitTrees({ features: seen, target: from(seen, what), loss: 'logistic', rounds: 40 });
    const [truth, said] = [from(fresh, what), predict(fresh)];
    expect(said.every((chance) => chance > 0 && chance < 1)).toBe(true);
    expect(said.reduce((right, chance, row) => right + Number(chance > 0.5 === (truth[row] === 1)), 0)).toBeGreaterThan(970);
  });

  test('say the chance that there is', async () => {
    const next = random(55);
    const [seen, fresh] = [columns(2, 10_000, 5), columns(2, 3000, 6)];
    const chance = (a: number): number => 1 / (1 + Math.exp(-2 * a));
    const { predict } = await fitTrees({ features: seen, target: from(seen, (a) => (unit(next) < chance(a) ? 1 : 0)), loss: 'logistic', rounds: 30, leaves: 8 });
    expect(explained(from(fresh, chance), predict(fresh))).toBeGreaterThan(0.9);
  });

  test('find nothing in noise that holds on other rows', async () => {
    const next = random(77);
    const noise = (features: Float64Array[]): Float64Array => from(features, () => unit(next));
    const [seen, fresh] = [columns(3, 5000, 7), columns(3, 5000, 8)];
    const { predict } = await fitTrees({ features: seen, target: noise(seen), loss: 'squared', rounds: 20, leaves: 8 });
    expect(explained(noise(fresh), predict(fresh))).toBeLessThan(0.01);
  });

  test('gain nothing where there is nothing: one target, constant columns, too few rows', async () => {
    const features = columns(2, 500, 9);
    const constant = await fitTrees({ features, target: new Float64Array(500).fill(0.1), loss: 'squared' });
    expect([...constant.gains]).toEqual([0, 0]);
    expect(constant.predict(features)[3]).toBeCloseTo(0.1, 12);
    const single = await fitTrees({ features, target: new Float64Array(500).fill(1), loss: 'logistic' });
    expect([...single.gains]).toEqual([0, 0]);
    expect(single.predict(features)[0]).toBeCloseTo(500.5 / 501, 3);
    const flat = await fitTrees({ features: [new Float64Array(500).fill(4), new Float64Array(500).fill(NaN)], target: features[0] ?? new Float64Array(), loss: 'squared' });
    expect([...flat.gains]).toEqual([0, 0]);
    const few = await fitTrees({ features: columns(1, 30, 1), target: columns(1, 30, 1)[0] ?? new Float64Array(), loss: 'squared' });
    expect([...few.gains]).toEqual([0]);
    expect((await fitTrees({ features: [new Float64Array()], target: new Float64Array(), loss: 'logistic' })).predict([Float64Array.of(1)])[0]).toBeNaN();
  });

  test('send missing values where they belong, left or right, and alone where only they differ', async () => {
    for (const side of [-1, 1]) {
      const features = columns(1, 1500, 10).map((column) => column.map((value, row) => (row % 3 === 0 ? NaN : value)));
      const target = from(features, (a) => (Number.isNaN(a) ? side : a));
      const { predict } = await fitTrees({ features, target, loss: 'squared' });
      expect(explained(target, predict(features))).toBeGreaterThan(0.995);
      expect(predict([Float64Array.of(NaN)])[0]).toBeCloseTo(side, 2);
    }
    const features = [Float64Array.from({ length: 200 }, (_, row) => (row % 4 === 0 ? NaN : 7))];
    const { predict } = await fitTrees({ features, target: from(features, (a) => (Number.isNaN(a) ? 5 : -5)), loss: 'squared' });
    expect([...predict([Float64Array.of(NaN, 7, 8)])].map(Math.round)).toEqual([5, -5, -5]);
  });

  test('need one split where the missing are like the small, or like the large', async () => {
    for (const large of [false, true]) {
      const features = columns(1, 900, 15).map((column) => column.map((value, row) => (row % 3 === 0 ? NaN : value)));
      const target = from(features, (a) => ((Number.isNaN(a) ? large : a > 0) ? 1 : 0));
      const { predict } = await fitTrees({ features, target, loss: 'squared', rounds: 1, leaves: 2, rate: 1 });
      expect([...predict([Float64Array.of(NaN, -0.5, 0.5)])].map((value) => Math.abs(Math.round(1e6 * value) / 1e6))).toEqual([Number(large), 0, 1]);
    }
  });

  test('tell numbers apart that nothing lies between', async () => {
    const [low, high] = [1, 1 + Number.EPSILON];
    const features = [Float64Array.from({ length: 100 }, (_, row) => (row % 2 ? low : high))];
    const { predict } = await fitTrees({ features, target: from(features, (a) => (a > 1 ? 1 : 0)), loss: 'squared', rounds: 1, rate: 1 });
    expect([...predict([Float64Array.of(low, high)])].map(Math.round)).toEqual([0, 1]);
  });

  test('take a value that was never missing where most rows went, and infinities as numbers', async () => {
    const features = columns(1, 3000, 11).map((column) => column.map((value, row) => (row === 0 ? Infinity : row === 1 ? -Infinity : value)));
    const { predict } = await fitTrees({ features, target: from(features, (a) => (a > 0.5 ? 1 : 0)), loss: 'squared' });
    const [missing, high, low] = predict([Float64Array.of(NaN, Infinity, -Infinity)]);
    expect(missing).toBeCloseTo(0, 2);
    expect(high).toBeCloseTo(1, 2);
    expect(low).toBeCloseTo(0, 2);
  });

  test('are the same for the same input, whatever else runs', async () => {
    const features = columns(4, 3000, 12);
    const target = from(features, (a, b, c) => a * b + c);
    const [one, two] = await Promise.all([fitTrees({ features, target, loss: 'squared', seed: 3, rounds: 30 }), fitTrees({ features, target, loss: 'squared', seed: 3, rounds: 30 })]);
    expect(one.predict(features)).toEqual(two.predict(features));
    expect(one.gains).toEqual(two.gains);
  });

  test('say what a row is alike wherever it stands', async () => {
    const features = columns(3, 9000, 13);
    const { predict } = await fitTrees({ features, target: from(features, (a, b) => a + b), loss: 'squared', rounds: 10 });
    const [all, late] = [predict(features), predict(features.map((column) => column.subarray(8000)))];
    expect(late).toEqual(all.slice(8000));
  });

  test('stop when told to, and refuse what can\'t be fitted', async () => {
    const features = columns(5, 20_000, 14);
    const stop = new AbortController();
    const fit = fitTrees({ features, target: features[0] ?? new Float64Array(), loss: 'squared', rounds: 10_000, signal: stop.signal });
    stop.abort();
    await expect(fit).rejects.toMatchObject({ code: 'cancelled' });
    await expect(fitTrees({ features, target: new Float64Array(3), loss: 'squared' })).rejects.toThrow('column 0 has 20000 values, the target 3');
    await expect(fitTrees({ features: [new Float64Array(2)], target: Float64Array.of(1, NaN), loss: 'squared' })).rejects.toThrow('the target of row 1 is NaN');
    await expect(fitTrees({ features: [new Float64Array(2)], target: Float64Array.of(1, 2), loss: 'logistic' })).rejects.toThrow('the target of row 1 is 2');
    await expect(fitTrees({ features: [new Float64Array(2)], target: new Float64Array(2), loss: 'squared' }).then(({ predict }) => predict([]))).rejects.toThrow('0 columns, but it was fitted on 1');
  });
});
