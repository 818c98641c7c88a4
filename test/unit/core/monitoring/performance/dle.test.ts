import { describe, expect, test } from 'vitest';
import type { Values } from '../../../../../src/core/evaluation/data/types';
import { random, unit } from '../../../../../src/core/evaluation/intervals/random';
import { expectedLosses, fitDle, lossesFor, lossFigures, type Inputs } from '../../../../../src/core/monitoring/performance/dle';
import { codedBy, codingOf } from '../../../../../src/core/monitoring/performance/features';

const signal = new AbortController().signal;
const texts = (values: string[]): Values => ({ type: 'string', values, missing: Uint8Array.from(values, (value) => Number(value === '')) });
const numbers = (values: Float64Array): Values => ({ type: 'float', values, missing: null });
const places = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, at) => from + at);

/** The model is off by up to 1 in the south, by up to 9 in the north, more with size. */
function world(rows: number, seed: number, north: number): { inputs: Inputs; truth: Float64Array } {
  const next = random(seed);
  const region = Array.from({ length: rows }, () => (unit(next) < north ? 'north' : 'south'));
  const size = Float64Array.from(region, () => unit(next));
  const said = size.map((value) => 100 + 50 * value);
  const truth = said.map((value, row) => value + (2 * unit(next) - 1) * (region[row] === 'north' ? 9 : 1) * (0.5 + (size[row] ?? 0)));
  return { inputs: { columns: new Map([['region', texts(region)], ['size', numbers(size)]]), numbers: said }, truth };
}

describe('the loss of a regression, estimated from its inputs', () => {
  test('follows where it is further off, and tells how well it does', async () => {
    const before = world(1500, 1, 0.2);
    const dle = await fitDle({ ...before, rows: places(0, 1500) }, ['mae', 'mse'], { seed: 0, signal });
    expect(dle.fit['explained_mae']).toBeGreaterThan(0.3);
    const now = world(2000, 2, 0.7);
    const found = lossFigures(expectedLosses(dle, now.inputs), places(0, 2000));
    const errors = now.truth.map((value, row) => value - (now.inputs.numbers[row] ?? 0));
    const mae = errors.reduce((sum, error) => sum + Math.abs(error), 0) / 2000;
    const mse = errors.reduce((sum, error) => sum + error * error, 0) / 2000;
    expect(mae).toBeGreaterThan(2.5);
    expect(Math.abs(Number(found['mae']) / mae - 1)).toBeLessThan(0.1);
    expect(Math.abs(Number(found['mse']) / mse - 1)).toBeLessThan(0.15);
    expect(found['rmse']).toBe(Math.sqrt(Number(found['mse'])));
    expect(lossFigures(expectedLosses(dle, now.inputs), new Int32Array())).toMatchObject({ mae: null, rmse: null });
    // The south alone is as it was.
    const south = places(0, 2000).filter((row) => (now.inputs.columns.get('region') as Values).values[row] === 'south');
    expect(Number(lossFigures(expectedLosses(dle, now.inputs), south)['mae'])).toBeLessThan(0.9);
  });

  test('is its mean where there are few rows, and NaN without a prediction', async () => {
    const before = world(60, 3, 0.2);
    const dle = await fitDle({ ...before, rows: places(0, 60) }, ['mae'], { seed: 0, signal });
    const told = expectedLosses(dle, { columns: new Map(), numbers: Float64Array.of(120, NaN) }).get('mae') ?? new Float64Array();
    expect(told[0]).toBeCloseTo(before.truth.reduce((sum, value, row) => sum + Math.abs(value - (before.inputs.numbers[row] ?? 0)), 0) / 60, 9);
    expect(told[1]).toBeNaN();
  });

  test('leaves labels of 0 out of percentages, and knows which losses a metric takes', async () => {
    const said = new Float64Array(40).fill(10);
    const truth = Float64Array.from(said, (_, row) => (row % 2 ? 0 : 8));
    const dle = await fitDle({ inputs: { columns: new Map(), numbers: said }, truth, rows: places(0, 40) }, lossesFor(['mape_nonzero', 'rmse', 'mse', 'r2']), { seed: 0, signal });
    expect([...dle.models.keys()]).toEqual(['mape_nonzero', 'mse']);
    expect(expectedLosses(dle, { columns: new Map(), numbers: said }).get('mape_nonzero')?.[0]).toBeCloseTo(0.25, 12);
  });
});

test('texts are numbers in the order of the loss; what is rare, new or of another kind is missing', () => {
  const values = [...Array<string>(30).fill('bad'), ...Array<string>(30).fill('good'), 'rare', ''];
  const coding = codingOf(texts(values), Float64Array.from(values, (value) => (value === 'bad' ? 9 : 1)));
  expect([...codedBy(coding, texts(['good', 'bad', 'rare', 'new', '']))]).toEqual([0, 1, NaN, NaN, NaN]);
  expect([...codedBy(coding, numbers(Float64Array.of(1)))]).toEqual([NaN]);
  expect([...codedBy({ kind: 'number' }, { type: 'bool', values: Uint8Array.of(1, 0), missing: Uint8Array.of(0, 1) })]).toEqual([1, NaN]);
});
