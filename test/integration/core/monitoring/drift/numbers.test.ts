// Numeric columns shared out among threads, which start from a bundle of the real code.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import { openData } from '../../../../../src/core/evaluation/data/open';
import type { Data } from '../../../../../src/core/evaluation/data/types';
import { measureNumbers } from '../../../../../src/core/monitoring/drift/numbers';
import { openTwo } from '../../../../../src/core/monitoring/drift/open-two';
import { bundle } from '../../../../support/bundle';

const folder = mkdtempSync(path.join(os.tmpdir(), 'ry-numbers-'));
const names = Array.from({ length: 12 }, (_, at) => `n${at}`);
let sides: { reference: Data; current: Data };
let close: () => PromiseLike<void>;

beforeAll(async () => {
  const database = await createDatabase();
  // Floats, whole numbers and gaps; more rows on one side.
  const column = (at: number, side: number): string => [`hash(range * 100 + ${at * 2 + side}) % 1000003 / 7.0 + ${side * at * 100}`, `CAST(hash(range + ${at}) % 50 AS BIGINT)`, `CASE WHEN range % 9 = ${side} THEN NULL ELSE ln(1 + hash(range + ${at}) % 999) END`][at % 3] ?? '';
  await database.use(async (session) => {
    for (const [side, rows] of [150_000, 250_000].entries()) {
      await session.run(`COPY (SELECT ${names.map((name, at) => `${column(at, side)} AS ${name}`).join(', ')} FROM range(${rows})) TO '${path.join(folder, `${side}.parquet`)}' (FORMAT parquet)`);
    }
  });
  database.close();
  const place = { workspace: folder, temp: folder };
  const opened = await openTwo(openData({ files: ['0.parquet'], types: {} }, place), openData({ files: ['1.parquet'], types: {} }, place));
  sides = { reference: opened.one, current: opened.other };
  close = () => opened[Symbol.asyncDispose]();
});
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const told: number[] = [];
const measured = (script: string | null): ReturnType<typeof measureNumbers> => measureNumbers(sides, names, { signal, tell: (done) => told.push(done), script });
const byName = (found: Map<string, unknown>): [string, unknown][] => [...found].sort(([a], [b]) => (a < b ? -1 : 1));

test('the figures are the same with threads, without, and where the threads die', async () => {
  const alone = byName(await measured(null));
  expect(alone.map(([name]) => name)).toEqual([...names].sort());
  told.length = 0;
  expect(byName(await measured(bundle('src/engine/thread-main.ts')))).toEqual(alone);
  expect(told).toEqual(names.map((_, at) => at + 1));
  expect(byName(await measured('/no/such/script.js'))).toEqual(alone);
});

test('measuring stops when it is cancelled', async () => {
  for (const script of [null, bundle('src/engine/thread-main.ts')]) {
    const stop = new AbortController();
    await expect(measureNumbers(sides, names, { signal: stop.signal, tell: () => stop.abort(), script })).rejects.toMatchObject({ code: 'cancelled' });
  }
});

test('of two that are opened none stays open where one fails', async () => {
  let open = 0;
  const side = async (works: boolean): Promise<AsyncDisposable> => {
    await Promise.resolve();
    if (!works) throw new Error('no such side');
    open++;
    return { [Symbol.asyncDispose]: () => Promise.resolve(void open--) };
  };
  for (const [first, second] of [[true, false], [false, true], [false, false]] as const) await expect(openTwo(side(first), side(second))).rejects.toThrow('no such side');
  expect(open).toBe(0);
});
