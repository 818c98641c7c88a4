/** Serving logs for tests, written by DuckDB as anybody may write them. */
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabase } from '../../../../../src/core/evaluation/data/duckdb';
import { journalFile, type JournalHeader, type JournalType } from '../../../../../src/core/monitoring/log/journal';
import { logPlaceOf } from '../../../../../src/core/monitoring/log/place';
import type { LogPlace } from '../../../../../src/core/domain/log-place';

export const MODEL = 'loan@production';
export interface LogFolder { workspace: string; temp: string; place: LogPlace & { kind: 'serving' } }

export function logFolder(): LogFolder {
  const workspace = mkdtempSync(path.join(os.tmpdir(), 'runyard-log-'));
  const temp = path.join(workspace, 'temp');
  mkdirSync(temp);
  return { workspace, temp, place: logPlaceOf(workspace, { model: MODEL }) as LogPlace & { kind: 'serving' } };
}

/** Runs statements and queries in one database. */
export async function inDuckdb(...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const database = await createDatabase({ threads: 1 });
  try {
    return await database.use(async (session) => {
      let last: Record<string, unknown>[] = [];
      for (const statement of statements) last = await session.rows(statement);
      return last;
    });
  } finally {
    database.close();
  }
}

/** `select`: SQL of the rows. Gives the file's path. */
export async function writeDay(folder: string, day: string, select: string, file = 'part.parquet'): Promise<string> {
  const place = path.join(folder, `date=${day}`);
  mkdirSync(place, { recursive: true });
  await inDuckdb(`COPY (${select}) TO '${path.join(place, file)}' (FORMAT parquet)`);
  return path.join(place, file);
}

/** SQL of a row. */
export const rowSql = (time: string, more = ''): string => `SELECT 'r' AS ry_request, 0 AS ry_row, TIMESTAMP '${time}' AS ry_time, 1 AS ry_version, 'live' AS ry_role, 2.0 AS ry_latency_ms, '' AS ry_rules, 'yes' AS ry_prediction, 0.75::DOUBLE AS ry_p_yes, 0.25::DOUBLE AS ry_p_no, 30::BIGINT AS age${more}`;

export const JOURNAL_COLUMNS: [string, JournalType][] = [
  ['ry_request', 'string'], ['ry_row', 'int'], ['ry_time', 'time'], ['ry_version', 'int'], ['ry_role', 'string'], ['ry_latency_ms', 'float'], ['ry_rules', 'string'], ['ry_prediction', 'string'], ['ry_p_yes', 'float'], ['ry_p_no', 'float'], ['age', 'int'],
];
/** Gives its path. */
export function writeJournal(folder: string, head: Pick<JournalHeader, 'id' | 'day'> & Partial<JournalHeader>, lines: readonly (object | string)[]): string {
  mkdirSync(path.join(folder, 'open'), { recursive: true });
  const file = journalFile(folder, head.id);
  const header: JournalHeader = { runyard: 'serving-journal', format: 1, pid: process.pid, startTime: null, host: os.hostname(), columns: JOURNAL_COLUMNS, ...head };
  writeFileSync(file, `${JSON.stringify(header)}\n`);
  for (const line of lines) appendFileSync(file, typeof line === 'string' ? line : `${JSON.stringify(line)}\n`);
  return file;
}
export const journalRow = (time: string, more: object = {}): object => ({ ry_request: 'j', ry_row: 0, ry_time: Date.parse(time), ry_version: 2, ry_role: 'live', ry_latency_ms: 1, ry_rules: '', ry_prediction: 'no', ry_p_yes: 0.1, ry_p_no: 0.9, age: 41, ...more });
