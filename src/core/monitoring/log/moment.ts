/** A log's time column as DuckDB's TIMESTAMP in UTC, whatever it is, and the rows of a window. The session's time zone has to be UTC. */
import { name } from '../../evaluation/data/duckdb';
import type { LogWindow } from '../../domain/log-place';

/** Numbers below it are seconds since the epoch, at or above it milliseconds: as seconds it is the year 5138, as milliseconds 1973. */
const SECONDS_BELOW = 100_000_000_000;

/** Null where a value is no moment. A text without a zone is in UTC. */
export function momentOf(column: string, type: string): string {
  const ref = name(column);
  if (/^(TIMESTAMP|DATE)/.test(type)) return `CAST(${ref} AS TIMESTAMP)`;
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL)/.test(type)) {
    const ms = `CASE WHEN abs(${ref}) < ${SECONDS_BELOW} THEN ${ref} * 1000.0 ELSE ${ref} END`;
    return `CASE WHEN ${ref} IS NULL OR NOT isfinite(CAST(${ref} AS DOUBLE)) OR abs(${ref}) > 8e15 THEN NULL ELSE make_timestamp(CAST(round((${ms}) * 1000.0) AS BIGINT)) END`;
  }
  return `CAST(TRY_CAST(${ref} AS TIMESTAMPTZ) AS TIMESTAMP)`;
}

/** True for the moments of a window; `moment`: SQL of a TIMESTAMP. */
export function withinWindow(moment: string, { from, to, weekdays, hours }: LogWindow): string {
  const parts = [
    `${moment} IS NOT NULL`,
    ...(from === null ? [] : [`${moment} >= ${instant(from)}`]), ...(to === null ? [] : [`${moment} < ${instant(to)}`]),
    ...(weekdays ? [`dayofweek(${moment}) IN (${weekdays.join(', ') || 'NULL'})`] : []), ...(hours ? [`hour(${moment}) IN (${hours.join(', ') || 'NULL'})`] : []),
  ];
  return `(${parts.join(' AND ')})`;
}

/** A moment in ms since the epoch, as SQL. */
export const instant = (ms: number): string => `make_timestamp(${Math.round(ms)} * 1000)`;
