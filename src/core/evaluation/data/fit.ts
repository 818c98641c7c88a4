/** How cells become values of a type: SQL that gives the value, and SQL that is true where a cell does not fit. */
import type { ColumnType } from '../../../protocol/evaluation/request';

export interface Fit { value: string; /** null: every cell fits */ bad: string | null; /** a moment that was given with its zone; kept in UTC */ zoned?: boolean }

const NUMBER = '[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?i:inf(?:inity)?)';
const DATE = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const MOMENT = `${DATE}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?`;
const ZONE = '(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)';
const matches = (cell: string, pattern: string): string => `regexp_full_match(${cell}, '${pattern}')`;

/** Texts of a file as values of a declared type. Numbers may have spaces around them; nan, NA and the like are no numbers. */
export function fitText(cell: string, type: ColumnType): Fit {
  const trimmed = `trim(${cell})`;
  switch (type) {
    case 'int': return strict(cell, `try_cast(regexp_extract(${trimmed}, '^([+-]?[0-9]+)(?:\\.0*)?$', 1) AS BIGINT)`);
    case 'float': return strict(cell, `try_cast(CASE WHEN ${matches(trimmed, NUMBER)} THEN ${trimmed} END AS DOUBLE)`);
    case 'bool': return strict(cell, `CASE lower(${trimmed}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END`);
    case 'date': return strict(cell, `try_cast(CASE WHEN ${matches(trimmed, DATE)} THEN ${trimmed} END AS DATE)`);
    case 'time': return strict(cell, moment(trimmed, 'both'));
    case 'string': case 'other': return { value: cell, bad: null };
  }
}

/** Types that a text column may be found to have, the narrowest first, each with what tells that a cell is not of it. */
export function candidates(column: string, datesOnly: boolean): { type: ColumnType; fit: Fit }[] {
  const cell = `trim(${column})`;
  const int = `try_cast(${cell} AS BIGINT)`;
  // A number with a needless zero in front, or of more digits than a whole number holds, says something else than a number.
  const number = `CASE WHEN ${matches(cell, NUMBER)} AND NOT ${matches(cell, '[+-]?0[0-9].*|[+-]?[0-9]{19,}')} THEN try_cast(${cell} AS DOUBLE) END`;
  const all: { type: ColumnType; fit: Fit }[] = [
    { type: 'bool', fit: strict(column, `CASE WHEN ${column} IN ('True', 'true', 'TRUE') THEN true WHEN ${column} IN ('False', 'false', 'FALSE') THEN false END`) },
    { type: 'int', fit: strict(column, `CASE WHEN CAST(${int} AS VARCHAR) = ${cell} THEN ${int} END`) },
    { type: 'float', fit: strict(column, number) },
    { type: 'date', fit: strict(column, `CASE WHEN ${matches(cell, DATE)} THEN try_cast(${cell} AS DATE) END`) },
    { type: 'time', fit: strict(column, moment(cell, 'without')) },
    { type: 'time', fit: { ...strict(column, moment(cell, 'with')), zoned: true } },
    { type: 'string', fit: { value: column, bad: null } },
  ];
  return datesOnly ? all.filter(({ type }) => type === 'date' || type === 'time' || type === 'string') : all;
}

function moment(cell: string, zone: 'with' | 'without' | 'both'): string {
  const plain = `WHEN ${matches(cell, MOMENT)} THEN try_cast(${cell} AS TIMESTAMP)`;
  const zoned = `WHEN ${matches(cell, MOMENT + ZONE)} THEN try_cast(${cell} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`;
  return `CASE ${zone === 'with' ? zoned : zone === 'without' ? plain : `${plain} ${zoned}`} END`;
}

function strict(cell: string, value: string): Fit {
  return { value, bad: `(${cell} IS NOT NULL AND (${value}) IS NULL)` };
}

/** What a column of a typed file is unless something else is declared. */
export function storedType(stored: string): ColumnType {
  if (/^(DOUBLE|FLOAT|DECIMAL\(.*\))$/.test(stored)) return 'float';
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT))$/.test(stored)) return 'int';
  if (stored === 'BOOLEAN') return 'bool';
  if (stored === 'DATE') return 'date';
  if (stored.startsWith('TIMESTAMP')) return 'time';
  return /^(VARCHAR|ENUM\(.*\)|UUID|TIME|TIME WITH TIME ZONE|JSON|"NULL")$/s.test(stored) && !stored.endsWith('[]') ? 'string' : 'other';
}

/** Values of a typed file: as they are, or as what is declared. A NaN is missing. */
export function fitTyped(cell: string, stored: string, type: ColumnType): Fit {
  if (stored === 'VARCHAR' && type !== 'string') return fitText(cell, type);
  const own = storedType(stored);
  if (own === 'float') return fromFloat(stored.startsWith('DECIMAL') ? `CAST(${cell} AS DOUBLE)` : `nullif(CAST(${cell} AS DOUBLE), 'nan'::DOUBLE)`, cell, type);
  const zoned = stored === 'TIMESTAMP WITH TIME ZONE';
  if (own === 'time' && type === 'time') return { value: zoned ? `(${cell} AT TIME ZONE 'UTC')` : `CAST(${cell} AS TIMESTAMP)`, bad: null, ...(zoned ? { zoned } : {}) };
  if (own === 'bool' && (type === 'int' || type === 'float')) return { value: `CAST(${cell} AS ${type === 'int' ? 'BIGINT' : 'DOUBLE'})`, bad: null };
  if (own === 'bool' && type === 'string') return { value: `CASE WHEN ${cell} THEN 'True' WHEN NOT ${cell} THEN 'False' END`, bad: null };
  if (own === 'int' && type === 'int') return /^(UBIGINT|U?HUGEINT)$/.test(stored) ? strict(cell, `try_cast(${cell} AS BIGINT)`) : { value: `CAST(${cell} AS BIGINT)`, bad: null };
  if (own === 'int' && type === 'float') return { value: `CAST(${cell} AS DOUBLE)`, bad: null };
  if (own === 'int' && type === 'bool') return strict(cell, `CASE ${cell} WHEN 1 THEN true WHEN 0 THEN false END`);
  if (own === 'date' && type === 'time') return { value: `CAST(${cell} AS TIMESTAMP)`, bad: null };
  if (own === 'date' && type === 'date') return { value: cell, bad: null };
  if (own === 'time' && type === 'date') return strict(cell, `CASE WHEN date_trunc('day', ${cell}) = ${cell} THEN CAST(${cell} AS DATE) END`);
  if (type === 'string') return { value: textOf(cell, stored), bad: null };
  if (type === 'other' || type === own) return { value: cell, bad: null };
  return fitText(`CAST(${cell} AS VARCHAR)`, type);
}

function fromFloat(value: string, cell: string, type: ColumnType): Fit {
  const missing = `(${cell} IS NULL OR (${value}) IS NULL)`;
  if (type === 'float') return { value, bad: null };
  if (type === 'int') return { value: `CASE WHEN trunc(${value}) = ${value} THEN try_cast(${value} AS BIGINT) END`, bad: `(NOT ${missing} AND (trunc(${value}) <> ${value} OR try_cast(${value} AS BIGINT) IS NULL))` };
  if (type === 'bool') return { value: `CASE ${value} WHEN 1 THEN true WHEN 0 THEN false END`, bad: `(NOT ${missing} AND ${value} NOT IN (0, 1))` };
  if (type === 'string' || type === 'other') return { value: `CAST(${value} AS VARCHAR)`, bad: null };
  return { value: 'NULL', bad: `(NOT ${missing})` };
}

function textOf(cell: string, stored: string): string {
  if (stored === 'VARCHAR') return cell;
  return stored === 'JSON' ? `(${cell} ->> '$')` : `CAST(${cell} AS VARCHAR)`;
}

/** The type in DuckDB of a column once it is bound. */
export function boundType(type: ColumnType, stored: string): string {
  const bound = { float: 'DOUBLE', int: 'BIGINT', bool: 'BOOLEAN', string: 'VARCHAR', date: 'DATE', time: 'TIMESTAMP' };
  return type === 'other' ? stored : bound[type];
}
