/** Columns of typed arrays in a Parquet file (zstd) and back. */
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { describeError, RunyardError } from '../../base/errors';
import type { ColumnType } from '../../../protocol/evaluation/request';
import { createDatabase, DuckdbError, name, text } from './duckdb';
import type { Session } from './duckdb';
import type { Values } from './types';
import { collector, fillColumn, sqlOf, sqlTypeOf } from './vectors';

/** Writes beside the file first and moves it there whole. Columns have the same length; dates and moments are written as texts. */
export async function writeColumns(file: string, columns: Readonly<Record<string, Values>>): Promise<void> {
  const entries = Object.entries(columns);
  const rows = entries[0]?.[1].values.length ?? 0;
  const odd = entries.find(([, { values }]) => values.length !== rows);
  if (entries.length === 0) throw new RunyardError('bad_input', `${file}: there is no column to write`, 'give at least one');
  if (odd) throw new RunyardError('bad_input', `${file}: column ${odd[0]} has ${odd[1].values.length} rows, the first one ${rows}`, 'give every column the same number of rows');
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const database = await createDatabase();
  try {
    await database.use(async (session) => {
      await session.run(`CREATE TABLE data (${entries.map(([column, { type }]) => `${name(column)} ${sqlTypeOf(type)}`).join(', ')})`);
      await session.append('data', rows, (chunk, from) => entries.forEach(([, values], at) => fillColumn(chunk, at, values, from)));
      await session.run(`COPY data TO ${text(beside)} (FORMAT parquet, COMPRESSION zstd)`);
    });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error instanceof DuckdbError ? new RunyardError(/no space|disk full/i.test(error.message) ? 'disk_full' : 'internal', `${file} could not be written: ${error.message}`, 'see whether the disk is full', { cause: error }) : error;
  } finally {
    database.close();
  }
}

/** All columns, or those named, in the order of the file. A text, date or moment is 'string'. */
export async function readColumns(file: string, names?: readonly string[]): Promise<{ rows: number; columns: Record<string, Values> }> {
  const database = await createDatabase();
  try {
    return await database.use((session) => readAll(session, file, names));
  } catch (error) {
    throw error instanceof DuckdbError ? unreadable(file, error) : error;
  } finally {
    database.close();
  }
}

async function readAll(session: Session, file: string, names: readonly string[] | undefined): Promise<{ rows: number; columns: Record<string, Values> }> {
  const source = `read_parquet(${text(file)})`;
  const described = await session.rows(`DESCRIBE SELECT * FROM ${source}`);
  const stored = new Map(described.map((one) => [String(one['column_name']), String(one['column_type'])]));
  const wanted = names ?? [...stored.keys()];
  const lost = wanted.find((one) => !stored.has(one));
  if (lost !== undefined) throw new RunyardError('not_found', `${file} has no column ${lost}`, `it has ${[...stored.keys()].join(', ')}`);
  const rows = Number((await session.rows(`SELECT count(*) AS n FROM ${source}`))[0]?.['n'] ?? 0);
  const columns = wanted.map((one) => ({ name: one, type: typeOf(stored.get(one) ?? '') }));
  const parts = columns.map(({ type }) => collector(type, rows));
  let at = 0;
  if (columns.length > 0) for await (const chunk of session.stream(`SELECT ${columns.map((one) => read(one, stored.get(one.name) ?? '')).join(', ')} FROM ${source}`)) {
    parts.forEach((part, place) => part.take(chunk.getColumnVector(place), { from: 0, to: chunk.rowCount, at }));
    at += chunk.rowCount;
  }
  return { rows, columns: Object.fromEntries(columns.map((one, place) => [one.name, (parts[place] as (typeof parts)[number]).done(rows)])) };
}

function read({ name: column, type }: { name: string; type: ColumnType }, stored: string): string {
  const cast = type === 'float' && stored !== 'DOUBLE' ? `CAST(${name(column)} AS DOUBLE)` : type === 'int' && stored !== 'BIGINT' ? `CAST(${name(column)} AS BIGINT)`
    : type === 'string' && stored !== 'VARCHAR' ? `CAST(${name(column)} AS VARCHAR)` : name(column);
  return sqlOf(type, cast);
}

function typeOf(stored: string): ColumnType {
  if (/^(DOUBLE|FLOAT|DECIMAL)/.test(stored)) return 'float';
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/.test(stored)) return 'int';
  return stored === 'BOOLEAN' ? 'bool' : 'string';
}

function unreadable(file: string, cause: Error): RunyardError {
  return new RunyardError(/No files found/.test(cause.message) ? 'not_found' : 'bad_input', `${file} can't be read: ${describeError(cause)}`, 'evaluate again', { cause });
}

