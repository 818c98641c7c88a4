// Data that nobody should have written, as jobs over logs take it: a million categories, figures that are none, columns that say nothing.
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../../../../src/core/monitoring/drift/handlers';
import { driftReport } from '../../../../../src/core/monitoring/jobs/drift-report';
import { performance as performanceOf } from '../../../../../src/core/monitoring/jobs/performance';
import type { LogPlace } from '../../../../../src/core/domain/log-place';
import type { PerformanceDoc } from '../../../../../src/protocol/performance';
import { bench, sql } from '../../evaluation/data/support';

const { dir, temp } = bench();
const watch = { signal: new AbortController().signal, progress: () => undefined };
const MILLION = 1_000_000;

describe('a million categories', () => {
  it('of a column that names things are left out by name, the rest is compared', async () => {
    mkdirSync(temp, { recursive: true });
    const rows = (n: number): string => `SELECT 'id ' || range AS id, range % 7 AS n FROM range(${n})`;
    await sql(`COPY (${rows(MILLION)}) TO '${dir}/many.parquet'`, `COPY (${rows(1000)}) TO '${dir}/some.parquet'`);
    const doc = await driftReport({ workspace: dir, temp, python: null, request: requestOf({ reference: { files: ['many.parquet'] }, current: { files: ['some.parquet'] } }), created: 1 }, watch);
    expect(doc).toMatchObject({ outcome: 'pass', leftOut: [{ column: 'id', why: 'it has more than 50,000 different values: names of things, no groups' }] });
    expect(Object.keys(doc.columns)).toEqual(['n']);
  }, 30_000);
});

describe('performance of numbers', () => {
  const columns = { time: 'at', keys: ['key'], row: null, version: null, role: null, latency: null, rules: null, prediction: 'said', probabilities: null, label: 'price' };
  const run = async (odd: string): Promise<PerformanceDoc> => {
    mkdirSync(temp, { recursive: true });
    const rows = (seed: number): string => `SELECT make_timestamp(1762041600000000 + range * 60000000) AS at, range AS key, range % 10 AS size, NULL::DOUBLE AS never, 5.0 AS same, 'x' AS word, 100.0 + 3 * (range % 10) AS said, 100 + 3 * (range % 10) + (hash(range, ${seed}) % 2001) / 1000.0 - 1 AS price FROM range(300)`;
    await sql(`COPY (${rows(1)}) TO '${dir}/prices-before.parquet'`, `COPY (SELECT * REPLACE (${odd}) FROM (${rows(2)})) TO '${dir}/prices.parquet'`);
    const log: LogPlace = { kind: 'files', data: { files: ['prices.parquet'], types: {} }, labels: null, model: null, columns };
    return performanceOf({ workspace: dir, temp, python: null, log, windows: [{ from: null, to: null }], reference: { data: { files: ['prices-before.parquet'], types: {} }, label: 'price' }, metrics: ['mae'], slices: [], seed: 0 }, watch);
  };
  const mae = (doc: PerformanceDoc): NonNullable<PerformanceDoc['windows'][number]['figures'][string]> => doc.windows[0]?.figures['mae'] ?? raise();
  const raise = (): never => { throw new Error('no mae'); };

  it('leaves NaN and infinities out, predictions and labels alike, beside columns without a value and with one', async () => {
    const doc = await run("CASE WHEN key = 1 THEN 'nan'::DOUBLE WHEN key = 2 THEN 'inf'::DOUBLE ELSE said END AS said, CASE WHEN key = 3 THEN '-inf'::DOUBLE WHEN key = 4 THEN 'nan'::DOUBLE ELSE price END AS price");
    const { estimated, realised, realisedRows } = mae(doc);
    expect([realisedRows, Number.isFinite(estimated), Number.isFinite(realised)]).toEqual([296, true, true]);
    expect([(estimated ?? 0) > 0.3 && (estimated ?? 9) < 0.7, (realised ?? 0) > 0.3 && (realised ?? 9) < 0.7]).toEqual([true, true]);
    expect(doc.notes).toContain('1 label is no number, such as "-Infinity": left out');
    expect(JSON.stringify(doc.windows)).not.toMatch(/Infinity|NaN/);
  });

  it('tells of a model that says one number what labels say', async () => {
    const doc = await run('7.0 AS said');
    expect(mae(doc).realised).toBeGreaterThan(90);
    expect(JSON.stringify(doc)).not.toMatch(/Infinity|NaN/);
  });
});
