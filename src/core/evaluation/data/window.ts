/** A window of time over data: which column tells the time, in which form, and the SQL that keeps its rows. */
import { RunyardError } from '../../base/errors';
import type { DataSpec } from '../../../protocol/evaluation/request';
import type { BoundColumn } from './bind';
import { fitText } from './fit';

export type Window = NonNullable<DataSpec['window']>;
/** `moment`: SQL of a row's time (TIMESTAMP, UTC), null where it has none. `bad`: SQL that is true where a cell is no time; null where each is one. */
export interface Timed { moment: string; bad: string | null }

const SAID = /^[+-]?\d{4,6}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/** A moment as people write it (ISO 8601; UTC unless it says otherwise) in ms since the epoch. Throws bad_input naming what it stands for. */
export function momentOf(said: string, what: string): number {
  const trimmed = said.trim();
  const zone = SAID.exec(trimmed)?.[1];
  const whole = trimmed.replace(' ', 'T').replace(/([+-]\d{2})$/, (part, at: string) => (trimmed.includes(':') && zone !== undefined ? `${at}:00` : part));
  const found = SAID.test(trimmed) ? Date.parse(zone === undefined && /[T ]/.test(trimmed) ? `${whole}Z` : whole) : NaN;
  if (!Number.isFinite(found)) throw new RunyardError('bad_input', `${what}: '${said}' is no moment`, 'write it as 2026-01-31 or 2026-01-31T12:00:00Z');
  return found;
}

/** From here on a number of seconds would be a year beyond 5138, and as milliseconds it is one since 1973; the same a thousandfold on. */
const FINER = [1e11, 1e14, 1e17] as const;

/** Microseconds since the epoch of a number of seconds, milliseconds, microseconds or nanoseconds: by its size. */
function epoch(id: string): string {
  const [ms, us, ns] = FINER;
  return `CASE WHEN ${id} BETWEEN -${ms} AND ${ms} THEN ${id} * 1e6 WHEN ${id} BETWEEN -${us} AND ${us} THEN ${id} * 1e3 WHEN ${id} BETWEEN -${ns} AND ${ns} THEN ${id} ELSE ${id} / 1e3 END`;
}

const ofNumber = (id: string): string => `make_timestamp(try_cast(round(CASE WHEN isfinite(${id}) THEN ${epoch(id)} END) AS BIGINT))`;
const whole = (id: string): string => {
  const [ms, us, ns] = FINER.map((one) => BigInt(one));
  return `make_timestamp(CASE WHEN ${id} BETWEEN -${ms} AND ${ms} THEN ${id} * 1000000 WHEN ${id} BETWEEN -${us} AND ${us} THEN ${id} * 1000 WHEN ${id} BETWEEN -${ns} AND ${ns} THEN ${id} ELSE ${id} // 1000 END)`;
};

/** Throws bad_input for a column that can't hold a time. */
export function timed({ name, type, id }: Pick<BoundColumn, 'name' | 'type' | 'id'>): Timed {
  switch (type) {
    case 'time': return { moment: id, bad: null };
    case 'date': return { moment: `CAST(${id} AS TIMESTAMP)`, bad: null };
    case 'int': return { moment: whole(id), bad: null };
    case 'float': return strict(id, ofNumber(id));
    case 'string': {
      const number = `try_cast(trim(${id}) AS DOUBLE)`;
      return strict(`nullif(trim(${id}), '')`, `coalesce(${fitText(id, 'time').value}, CAST(${fitText(id, 'date').value} AS TIMESTAMP), ${ofNumber(number)})`);
    }
    default: throw new RunyardError('bad_input', `column ${name} is ${type}: it tells no time`, 'name a column of times, dates, ISO texts, or numbers of seconds or milliseconds since the epoch');
  }
}

const strict = (cell: string, moment: string): Timed => ({ moment, bad: `(${cell} IS NOT NULL AND (${moment}) IS NULL)` });

/** SQL that is true for the window's rows. A row without a time is in no window. Throws bad_input for a bound that is no moment, or a window that ends before it begins. */
export function within(moment: string, { column, from, to, weekdays, hours }: Window): string {
  const [low, high] = [from === undefined ? null : momentOf(from, `the window of ${column}, from`), to === undefined ? null : momentOf(to, `the window of ${column}, to`)];
  if (low !== null && high !== null && low >= high) throw new RunyardError('bad_input', `the window of ${column} ends (${to}) before it begins (${from})`, 'give a later end: from is in it, to is not');
  const parts = [
    ...(low === null ? [] : [`${moment} >= make_timestamp(${micros(low)})`]), ...(high === null ? [] : [`${moment} < make_timestamp(${micros(high)})`]),
    ...(weekdays ? [`dayofweek(${moment}) IN (${weekdays.join(', ')})`] : []), ...(hours ? [`hour(${moment}) IN (${hours.join(', ')})`] : []),
  ];
  return parts.length === 0 ? `${moment} IS NOT NULL` : parts.map((part) => `(${part})`).join(' AND ');
}

const micros = (ms: number): string => String(BigInt(ms) * 1000n);
const DAYS = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

/** In words: 'ry_time from 2026-11-01 to 2026-11-08, on Mondays'. */
export function windowText({ column, from, to, weekdays, hours }: Window): string {
  const bounds = `${column}${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
  return `${bounds}${weekdays ? `, on ${weekdays.map((day) => DAYS[day] ?? day).join(', ')}` : ''}${hours ? `, in the hours ${hours.join(', ')}` : ''}`;
}

/** The same window, the same text: for digests. */
export const windowKey = ({ column, from, to, weekdays, hours }: Window): unknown[] =>
  [column, from === undefined ? null : momentOf(from, 'from'), to === undefined ? null : momentOf(to, 'to'), ...[weekdays, hours].map((all) => (all ? [...new Set(all)].sort((a, b) => a - b) : null))];
