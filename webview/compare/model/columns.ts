/** The table's columns: what they are called, what a run has there, and which ones tell the runs apart. */
import type { RunRow } from '../../../src/protocol/model';
import { wireToNumber } from '../../shared/format';

export type ColumnKind = 'attribute' | 'param' | 'metric' | 'tag';
export interface Column { key: string; kind: ColumnKind; /** without its kind */ name: string; label: string; numeric: boolean }

/** Attributes a person may want as columns; the run's name is always the first column. */
export const attributes: readonly { name: string; label: string; numeric?: boolean; byDefault?: boolean }[] = [
  { name: 'status', label: 'state', byDefault: true },
  { name: 'start_time', label: 'started', numeric: true },
  { name: 'duration', label: 'duration', numeric: true, byDefault: true },
  { name: 'experiment', label: 'experiment' },
  { name: 'commit', label: 'commit' },
  { name: 'branch', label: 'branch' },
  { name: 'script', label: 'script' },
  { name: 'notes', label: 'notes' },
  { name: 'run_id', label: 'id' },
];

const prefixes: Record<string, ColumnKind> = { params: 'param', metrics: 'metric', tags: 'tag', attributes: 'attribute' };

/** The column of a key such as 'params.lr' or 'attributes.status'. Unknown prefixes are attributes without a value. */
export function columnOf(key: string): Column {
  const dot = key.indexOf('.');
  const kind = prefixes[key.slice(0, dot)] ?? 'attribute';
  const name = key.slice(dot + 1);
  const known = kind === 'attribute' ? attributes.find((one) => one.name === name) : undefined;
  return { key, kind, name, label: known?.label ?? name, numeric: kind === 'metric' || Boolean(known?.numeric) };
}

/** What a run has in a column: a number, a text, or null where it has nothing. */
export function valueOf(row: RunRow, column: Column): number | string | null {
  if (column.kind === 'param') return row.params[column.name] ?? null;
  if (column.kind === 'tag') return row.tags[column.name] ?? null;
  if (column.kind === 'metric') {
    const metric = row.metrics[column.name];
    return metric === undefined ? null : wireToNumber(metric.value);
  }
  switch (column.name) {
    case 'name': return row.name;
    case 'status': return row.state;
    case 'start_time': return row.started;
    case 'duration': return row.started === null ? null : (row.ended ?? Date.now() / 1000) - row.started;
    case 'experiment': return row.experiment;
    case 'commit': return row.commit;
    case 'branch': return row.branch;
    case 'script': return row.script;
    case 'notes': return row.notes || null;
    case 'run_id': return row.id;
    default: return null;
  }
}

/** A param's text as a number, or null where it is none (so '1e-3' is one and '' isn't). */
export function asNumber(value: number | string | null): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** Whether the runs don't all have the same there; having nothing differs from having something. One run alone differs in nothing. */
export function differs(rows: readonly RunRow[], column: Column): boolean {
  const first = rows[0];
  if (!first) return false;
  const value = valueOf(first, column);
  return rows.some((row) => !Object.is(valueOf(row, column), value));
}

/** Every column that some of the runs have, params first, then metrics, then tags, each by name; tags of tools (with a dot) aren't offered unasked. */
function columnsOf(rows: readonly RunRow[]): Column[] {
  const names = (pick: (row: RunRow) => object): string[] => [...new Set(rows.flatMap((row) => Object.keys(pick(row))))].sort();
  return [
    ...names((row) => row.params).map((name) => columnOf(`params.${name}`)),
    ...names((row) => row.metrics).map((name) => columnOf(`metrics.${name}`)),
    ...names((row) => row.tags).map((name) => columnOf(`tags.${name}`)),
  ];
}

/**
 * The columns shown where the person chose none: state and duration, every metric, and the params that differ (all params while `onlyDiffers` is off).
 * The main metric is the first of the metrics. With fewer than two runs nothing can differ, so all params are shown.
 */
export function defaultColumns(rows: readonly RunRow[], options: { onlyDiffers: boolean; mainMetric: string | null }): string[] {
  const all = columnsOf(rows);
  const differing = rows.length < 2 || !options.onlyDiffers ? all : all.filter((column) => column.kind === 'metric' || differs(rows, column));
  const metrics = differing.filter((column) => column.kind === 'metric').map((column) => column.key);
  const main = metrics.filter((key) => key === `metrics.${options.mainMetric}`);
  const params = differing.filter((column) => column.kind === 'param').map((column) => column.key);
  const shown = attributes.filter((one) => one.byDefault).map((one) => `attributes.${one.name}`);
  return [...shown, ...main, ...params, ...metrics.filter((key) => !main.includes(key))];
}

/** The engine's orderBy for a column; what the engine can't sort by (it has no such attribute) is null. */
export function orderBy(sort: { key: string; descending: boolean } | null): string[] {
  if (!sort) return [];
  const column = columnOf(sort.key);
  const direction = sort.descending ? 'DESC' : 'ASC';
  const quoted = /^[\w]+$/.test(column.name) ? column.name : `\`${column.name}\``;
  return [`${sort.key.slice(0, sort.key.indexOf('.'))}.${quoted} ${direction}`];
}
