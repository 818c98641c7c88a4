// A reference without predictions: the model is asked, and what is learnt of it is the same as from its answers.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { LogPlace } from '../../../../../src/core/domain/log-place';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import { performance } from '../../../../../src/core/monitoring/jobs/performance';
import type { PerformanceDoc } from '../../../../../src/protocol/performance';

const folder = mkdtempSync(path.join(tmpdir(), 'runyard-asked-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cases = path.resolve(import.meta.dirname, '../../../../fixtures/reference/p4_large_car_loan');

test('a model asked about the reference gives the estimates that its kept answers give', async () => {
  const database = await createDatabase();
  await database.use(async (session) => {
    const of = (split: string, rows: number): string => `(SELECT * FROM (SELECT * FROM '${cases}/${split}.parquet' LIMIT ${rows}) POSITIONAL JOIN (SELECT label AS ry_prediction, "probability:0" AS ry_p_0, "probability:1" AS ry_p_1 FROM '${cases}/predictions_model.parquet' WHERE split = '${split}' ORDER BY row LIMIT ${rows}))`;
    await session.run(`COPY (SELECT * EXCLUDE (ry_prediction, ry_p_0, ry_p_1) FROM ${of('reference', 3000)}) TO '${folder}/bare.parquet'`);
    await session.run(`COPY ${of('reference', 3000)} TO '${folder}/said.parquet'`);
    await session.run(`COPY (SELECT *, make_timestamp(1762041600000000 + (row_number() OVER ()) * 1000000) AS at, row_number() OVER () AS key FROM ${of('current', 1000)}) TO '${folder}/log.parquet'`);
  });
  database.close();
  copyFileSync(path.join(cases, 'model.onnx'), path.join(folder, 'model.onnx'));
  const log: LogPlace = { kind: 'files', data: { files: ['log.parquet'], types: {} }, labels: null, model: null, columns: { time: 'at', keys: ['key'], row: null, version: null, role: null, latency: null, rules: null, prediction: 'ry_prediction', probabilities: { 0: 'ry_p_0', 1: 'ry_p_1' }, label: 'repaid' } };
  const run = (file: string, model?: string): Promise<PerformanceDoc> => performance({
    workspace: folder, temp: folder, python: null, log, windows: [{ from: null, to: null }], reference: { data: { files: [file], types: {} }, label: 'repaid' }, metrics: ['accuracy', 'roc_auc'], slices: [], seed: 0, ...(model !== undefined && { model: { file: model } }),
  }, { signal: new AbortController().signal, progress: () => undefined });
  const [asked, kept] = [await run('bare.parquet', 'model.onnx'), await run('said.parquet')];
  expect(asked).toMatchObject({ method: 'cbpe', referenceRows: 3000, task: 'binary', classes: ['0', '1'] });
  for (const name of ['accuracy', 'roc_auc']) {
    const [one, other] = [asked.windows[0]?.figures[name], kept.windows[0]?.figures[name]];
    expect(one?.estimated).toBeCloseTo(other?.estimated ?? NaN, 4);
    expect(one?.realised).toBe(other?.realised);
    expect(one?.realisedRows).toBe(1000);
  }
});
