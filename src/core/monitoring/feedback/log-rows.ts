/** A log as feedback and review see it: its rows with what names them, and what can be right of them. */
import { RunyardError } from '../../base/errors';
import { hasNoRows } from '../../evaluation/data/no-rows';
import { openData } from '../../evaluation/data/open';
import type { Batch, Data, OpenOptions, Values } from '../../evaluation/data/types';
import { classFinder } from '../../evaluation/run/labels';
import type { LogColumns, LogPlace, LogWindow } from '../../domain/log-place';
import { resolveLog } from '../log/open';
import { columnsIn } from '../log/place';
import { textAt } from './keys';

/** `classes`: as the log's columns of probabilities have them; empty where they can't be told (yet). */
export interface LogRows extends AsyncDisposable {
  data: Data; columns: LogColumns; regression: boolean; classes: readonly string[];
  /** by class, the column of its probability */
  probabilities: Readonly<Record<string, string>>;
  unreadable: readonly { file: string; why: string }[];
}

/** Null where the window has no rows. Throws what reading does; refused for a log that doesn't name its rows. */
export async function openLogRows(log: LogPlace, window: LogWindow, options: OpenOptions): Promise<LogRows | null> {
  if (log.columns.keys.length === 0) throw new RunyardError('refused', 'the rows of this log have no name: labels and reviews can\'t be joined to them', 'say which column names a request: id: under log: in runyard.yaml');
  const found = await resolveLog(log, window, { workspace: options.workspace, temp: options.temp, signal: options.signal });
  if (!found) return null;
  const data = await opened(found.data, options);
  if (!data) return null;
  const columns = columnsIn(log, data.columns.map(({ name }) => name));
  checkKeys(columns, data);
  const probabilities = typeof columns.probabilities === 'string' || columns.probabilities === null ? {} : columns.probabilities;
  const type = data.columns.find(({ name }) => name === columns.prediction)?.type;
  return {
    data, columns, probabilities, classes: Object.keys(probabilities), unreadable: found.unreadable,
    regression: (type === 'float' || type === 'int') && columns.probabilities === null, [Symbol.asyncDispose]: () => data[Symbol.asyncDispose](),
  };
}

async function opened(spec: Data['spec'], options: OpenOptions): Promise<Data | null> {
  try {
    return await openData(spec, options);
  } catch (error) {
    if (hasNoRows(error)) return null;
    throw error;
  }
}

function checkKeys({ keys }: LogColumns, data: Data): void {
  const there = data.columns.map(({ name }) => name);
  const lost = keys.find((key) => !there.includes(key));
  if (lost !== undefined) throw new RunyardError('bad_input', `the log has no column ${lost}, which names its rows`, `it has ${there.slice(0, 30).join(', ')}`);
}

/** What a label or an answer is, as this log writes it; null where it can't be one: no class of the log's, or no number. */
export function labelReader({ regression, classes }: Pick<LogRows, 'regression' | 'classes'>): (text: string) => string | null {
  if (regression) return (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : null);
  const find = classFinder(classes);
  return (text) => (classes.length === 0 ? (text.trim() === '' ? null : text) : (classes[find(text)] ?? null));
}

/** What the log says of a row of a batch that was read with `factColumns`. Time in ms since the epoch. */
export interface RowFacts { request: string; row: number; prediction: string | null; version: number | null; time: number | null }
export const factColumns = ({ keys, row, prediction, version, time }: LogColumns): string[] => [...new Set([...keys, ...[row, prediction, version, time].filter((name) => name !== null)])];

export function factsAt(columns: LogColumns, batch: Batch, row: number, request: string): RowFacts {
  const of = (name: string | null): Values | null => (name === null ? null : (batch.columns[name] ?? null));
  const number = (values: Values | null): number | null => {
    const value = values && !values.missing?.[row] ? Number(values.values[row]) : NaN;
    return Number.isFinite(value) ? value : null;
  };
  const [prediction, time] = [of(columns.prediction), of(columns.time)];
  return { request, row: number(of(columns.row)) ?? 0, prediction: prediction && textAt(prediction, row), version: number(of(columns.version)), time: time && momentAt(time, row) };
}

/** Numbers below 10^11 are seconds, others milliseconds; a text without its zone is UTC. */
export function momentAt(values: Values, row: number): number | null {
  if (values.missing?.[row]) return null;
  const value = values.values[row];
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(Math.abs(value) < 1e11 ? value * 1000 : value) : null;
  const text = String(value).trim().replace(' ', 'T');
  const t = Date.parse(/T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(t) ? null : t;
}
