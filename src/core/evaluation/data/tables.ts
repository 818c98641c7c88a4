/** Tables of DuckDB and SQLite files as relations. Neither file is written; what a view in one says can read nothing but that file. */
import path from 'node:path';
import { RunyardError } from '../../base/errors';
import { refuseStopped } from '../../base/stopping';
import { isSqlite } from '../../store/foreign';
import { openForeignTable } from '../../store/foreign-table';
import type { ForeignKind, ForeignTable } from '../../store/foreign-table';
import { DuckdbError, name, text } from './duckdb';
import type { Session } from './duckdb';
import type { RawColumn, Relation } from './relation';

/** `table` is NAME or SCHEMA.NAME; it may be left out where there is one only. */
export async function duckdbRelation(session: Session, file: string, table: string | undefined): Promise<Relation> {
  const source = sourceName(file);
  await attach(session, file, source);
  const found = (await session.rows(`SELECT schema_name AS schema, table_name AS name FROM duckdb_tables() WHERE database_name = ${text(source)} AND NOT internal
    UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = ${text(source)} AND NOT internal ORDER BY ALL`)).map((one) => ({ schema: String(one['schema']), name: String(one['name']) }));
  const shown = found.map((one) => (one.schema === 'main' ? one.name : `${one.schema}.${one.name}`));
  const at = table === undefined ? (found.length === 1 ? 0 : -1) : shown.indexOf(table) >= 0 ? shown.indexOf(table) : found.findIndex((one) => `${one.schema}.${one.name}` === table);
  const chosen = found[at];
  if (!chosen) {
    const names = shown.length === 0 ? 'it has no table' : `its tables are ${shown.slice(0, 20).join(', ')}`;
    throw table === undefined ? new RunyardError('bad_input', `${file} has ${found.length} tables`, `name one with table; ${names}`) : new RunyardError('not_found', `${file} has no table ${table}`, names);
  }
  const from = `${name(source)}.${name(chosen.schema)}.${name(chosen.name)}`;
  const columns = (await session.rows(`DESCRIBE SELECT * FROM ${from}`)).map((one): RawColumn => ({ name: String(one['column_name']), ref: name(String(one['column_name'])), stored: String(one['column_type']), found: 'none' }));
  return {
    columns, from, rowNumber: null,
    locate: (row) => Promise.resolve(`${file}, table ${shown[at] ?? ''}, row ${row + 1}`),
    explain: () => null,
    done: (one) => one.run(`DETACH ${name(source)}`),
  };
}

/** The name that DuckDB itself gives a database, which its views were written with. */
function sourceName(file: string): string {
  const stem = path.parse(file).name;
  return ['system', 'temp', 'main', 'memory'].includes(stem.toLowerCase()) ? 'source' : stem;
}

async function attach(session: Session, file: string, source: string): Promise<void> {
  try {
    await session.run(`ATTACH ${text(file)} AS ${name(source)} (READ_ONLY, TYPE duckdb)`);
  } catch (error) {
    if (!(error instanceof DuckdbError)) throw error;
    const locked = /lock/i.test(error.message);
    throw new RunyardError(locked ? 'conflict' : 'bad_input', locked ? `${file} is open for writing in another program` : `${file} can't be opened as a DuckDB database: ${error.message.split('\n')[0] ?? ''}`,
      locked ? 'close it there and try again' : 'see whether it is one, and whether a newer DuckDB wrote it', { cause: error });
  }
}

const TYPES: Record<ForeignKind, { sql: string; found: RawColumn['found'] }> = {
  whole: { sql: 'BIGINT', found: 'none' }, big: { sql: 'VARCHAR', found: 'all' }, real: { sql: 'DOUBLE', found: 'none' },
  truth: { sql: 'BOOLEAN', found: 'none' }, text: { sql: 'VARCHAR', found: 'none' }, dated: { sql: 'VARCHAR', found: 'dates' },
};
const PAGE = 10_240;

/** Copied into a table of ours page by page: DuckDB reads SQLite only with an extension that would have to be downloaded. */
export async function sqliteRelation(session: Session, file: string, { table, signal }: { table: string | undefined; signal?: AbortSignal | undefined }): Promise<Relation> {
  if (!isSqlite(file)) throw new RunyardError('bad_input', `${file} is no SQLite database`, 'give its format');
  using opened = openForeignTable(file, table);
  const columns = opened.columns.map(({ name: column, kind }, at): RawColumn => ({ name: column, ref: `r${at}`, stored: TYPES[kind].sql, found: TYPES[kind].found }));
  await session.run(`CREATE TABLE staged (${columns.map(({ ref, stored }) => `${ref} ${stored}`).join(', ')})`);
  await copy(session, opened, signal);
  return {
    columns, from: 'staged', rowNumber: 'rowid',
    locate: (row) => Promise.resolve(`${file}${table === undefined ? '' : `, table ${table}`}, row ${row + 1}`),
    explain: () => null,
  };
}

async function copy(session: Session, { columns, pages }: ForeignTable, signal: AbortSignal | undefined): Promise<void> {
  for (const page of pages(PAGE)) {
    refuseStopped(signal);
    await session.append('staged', page.length, (chunk, from) => columns.forEach(({ kind }, column) => {
      const cells = Array.from({ length: chunk.rowCount }, (_, i) => page[from + i]?.[column] ?? null);
      chunk.setColumnValues(column, kind === 'whole' ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : kind === 'truth' ? cells.map((cell) => (cell === null ? null : cell !== 0)) : cells);
    }));
  }
}
