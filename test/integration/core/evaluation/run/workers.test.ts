// Draws shared out among threads. The threads start from a bundle of the real code.
import { describe, expect, test } from 'vitest';
import type { Draw } from '../../../../../src/core/evaluation/run/draws';
import { drawAll } from '../../../../../src/core/evaluation/run/workers';
import { bundle } from '../../../../support/bundle';
import { drawnRows } from '../../../../unit/core/evaluation/run/rows';

const { truth, positive } = drawnRows(30_000, 1);
const draws: Draw[] = [
  { columns: { kind: 'binary', truth: Int32Array.from(truth), scores: Float64Array.from(positive), positive: 1, probabilities: true, bins: [10] }, total: null, seed: 3, from: 0, to: 700 },
  { columns: { kind: 'labels', matrix: Float64Array.of(50, 7, 9, 60), outside: Float64Array.of(1, 0) }, total: null, seed: 3, from: 0, to: 300 },
  { columns: { kind: 'numbers', truth: Float64Array.from(truth), predicted: Float64Array.from(positive) }, total: 90_000, seed: 3, from: 100, to: 150 },
];

describe('draws', () => {
  test('come to the same whatever the number of threads', async () => {
    const script = bundle('src/engine/thread-main.ts');
    const alone = await drawAll(draws);
    for (const threads of [2, 3]) expect(await drawAll(draws, { script, threads })).toEqual(alone);
    expect(alone.map((columns) => columns[0]?.length)).toEqual([700, 300, 50]);
  });

  test('are made in this thread where the others die', async () => {
    const told: number[] = [];
    const found = await drawAll(draws, { script: '/no/such/script.js', threads: 2, progress: (done, total) => told.push(done / total) });
    expect(found).toEqual(await drawAll(draws));
    expect(told.at(-1)).toBe(1);
  });

  test('that are cancelled throw, in threads and without', async () => {
    for (const script of [null, bundle('src/engine/thread-main.ts')]) {
      const stop = new AbortController();
      await expect(drawAll(draws, { script, threads: 2, signal: stop.signal, progress: () => stop.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    }
  });

  test('of figures that are undefined are none', async () => {
    expect(await drawAll([{ columns: { kind: 'numbers', truth: Float64Array.of(1, NaN), predicted: Float64Array.of(1, 2) }, total: null, seed: 1, from: 0, to: 10 }])).toEqual([[]]);
  });
});
