/** A workspace with a serving log of two days, made from the reference case p1: one day as its reference, one as its drifted half. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createDatabase, text } from '../../../../src/core/evaluation/data/duckdb';

const CASE = path.resolve(import.meta.dirname, '../../../fixtures/reference/p1_binary_breast_cancer');
export const DAYS = ['2026-11-16', '2026-11-17'] as const;

/** Rows of the half repeated to `rows`, a minute apart from the day's begin, with what the model said of them. */
export async function prepare(workspace: string, rows = 400): Promise<void> {
  mkdirSync(path.join(workspace, 'data'));
  for (const file of ['reference.csv', 'model.onnx']) copyFileSync(path.join(CASE, file), path.join(workspace, 'data', file));
  const database = await createDatabase();
  try {
    await database.use(async (session) => {
      for (const [at, day] of DAYS.entries()) {
        const half = at === 0 ? 'reference' : 'current';
        const folder = path.join(workspace, '.runyard', 'serving', 'cancer', 'production', `date=${day}`);
        mkdirSync(folder, { recursive: true });
        await session.run(`COPY (
          WITH data AS (SELECT *, row_number() OVER () - 1 AS i FROM ${text(path.join(CASE, `${half}.parquet`))}), said AS (SELECT * FROM ${text(path.join(CASE, 'predictions_model.parquet'))} WHERE split = ${text(half)}),
          chosen AS (SELECT r, (r * 7919 + 13) % (SELECT count(*) FROM data) AS i FROM range(${rows}) AS t(r))
          SELECT data.* EXCLUDE (i, benign), ${text(`${day}-`)} || r AS ry_request, 0 AS ry_row, make_timestamp(epoch_us(TIMESTAMP ${text(day)}) + r * 60000000) AS ry_time, 1 AS ry_version, 'live' AS ry_role, 2.5 AS ry_latency_ms,
            CASE WHEN r % 10 = 0 THEN 'odd' ELSE '' END AS ry_rules, CAST(said.label AS VARCHAR) AS ry_prediction, CAST(said."probability:0" AS DOUBLE) AS ry_p_0, CAST(said."probability:1" AS DOUBLE) AS ry_p_1
          FROM chosen JOIN data USING (i) JOIN said ON said.row = data.i
        ) TO ${text(path.join(folder, 'any.parquet'))} (FORMAT parquet)`);
      }
    });
  } finally {
    database.close();
  }
}
