/** Only some rows of bound data: those of a window of time, those that a predicate holds for. */
import { RunyardError } from '../../base/errors';
import type { DataSpec } from '../../../protocol/evaluation/request';
import type { Bound, BoundColumn } from './bind';
import { columnOf } from './columns';
import { DuckdbError } from './duckdb';
import type { Session } from './duckdb';
import { noRows } from './no-rows';
import { asError, compile } from './predicate';
import { PredicateFault } from './predicate-text';
import type { Relation } from './relation';
import { timed, windowText, within } from './window';
import type { Timed } from './window';

/**
 * Files that are read where they lie (Parquet) stay there, and their rows are numbered as they come; a table of ours is made smaller. Throws bad_input for a cell that is
 * no time, naming row and cell; for an empty window, naming it and which times there are (its cause is NoRows).
 */
export async function narrow(session: Session, { relation, bound }: { relation: Relation; bound: Bound }, { where, window, files }: DataSpec): Promise<Bound> {
  if (where === undefined && window === undefined) return bound;
  const column = window === undefined ? null : columnOf(bound, window.column);
  const time = column === null ? null : timed(column);
  if (column && time) await checkTimes(session, { relation, bound }, { column, time });
  const conditions = [...(window && time ? [within(time.moment, window)] : []), ...(where === undefined ? [] : [(await compile(session, bound, where)).sql])];
  const rows = await keep(session, bound, conditions.join(' AND ')).catch((error: unknown) => {
    if (!(error instanceof DuckdbError) || where === undefined) throw error;
    const said = (error.message.split('\n')[0] ?? '').replace(/^\w[\w ]* Error: /, '').replaceAll(/"c\d+"|\bc\d+\b/g, 'the column');
    throw asError(where, new PredicateFault(`it fails on a row: ${said}`, 0, where.length));
  });
  if (rows > 0) return { ...bound, rows, row: bound.row === 'rowid' ? 'rowid' : null };
  const shown = [...(window ? [windowText(window)] : []), ...(where === undefined ? [] : [`where ${where}`])].join(', ');
  throw noRows(`${files.join(', ')}: there are no rows of ${shown}`, column && time ? await timesText(session, column, time) : 'see whether the predicate is the one that was meant');
}

/** Leaves a table or view `data` with these rows, and counts them. */
async function keep(session: Session, { columns, row }: Bound, condition: string): Promise<number> {
  const ids = columns.map(({ id }) => id).join(', ');
  if (row === 'rowid') {
    await session.run(`CREATE TABLE narrowed AS SELECT ${ids} FROM data WHERE ${condition}`);
    const [counted] = await session.rows('SELECT count(*) AS n FROM narrowed');
    if (Number(counted?.['n']) > 0) {
      await session.run('DROP TABLE data');
      await session.run('ALTER TABLE narrowed RENAME TO data');
    }
    return Number(counted?.['n']);
  }
  const [counted] = await session.rows(`SELECT count(*) AS n FROM data WHERE ${condition}`);
  if (Number(counted?.['n']) > 0) {
    await session.run('ALTER VIEW data RENAME TO whole');
    await session.run(`CREATE VIEW data AS SELECT ${ids} FROM whole WHERE ${condition}`);
  }
  return Number(counted?.['n']);
}

async function checkTimes(session: Session, { relation, bound }: { relation: Relation; bound: Bound }, { column, time }: { column: BoundColumn; time: Timed }): Promise<void> {
  if (time.bad === null) return;
  const [first] = await session.rows(`SELECT min(${bound.row ?? 'row'}) AS row, CAST(arg_min(${column.id}, ${bound.row ?? 'row'}) AS VARCHAR) AS cell FROM data WHERE ${time.bad}`);
  if (first?.['row'] == null) return;
  const cell = String(first['cell']);
  throw new RunyardError('bad_input', `${await relation.locate(Number(first['row']))}, column ${column.name}: "${cell.length > 80 ? `${cell.slice(0, 80)}...` : cell}" is no time`,
    'mend the cell: a moment such as 2026-01-31T12:00:00Z, or a number of seconds or milliseconds since the epoch');
}

/** After an empty window: what it could have been. */
async function timesText(session: Session, { name }: BoundColumn, { moment }: Timed): Promise<string> {
  const [range] = await session.rows(`SELECT CAST(min(${moment}) AS VARCHAR) AS low, CAST(max(${moment}) AS VARCHAR) AS high FROM data`);
  return range?.['low'] == null ? `${name} is missing in every row` : `${name} goes from ${String(range['low'])} to ${String(range['high'])} (UTC)`;
}
