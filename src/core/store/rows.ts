/** Rows of the table of runs. */
import type { MetricSummary, RunRow, RunState } from '../../protocol/model';
import type { Context, KeyKind } from './context';
import type { Cell } from './driver';
import { fromStored, type Stored } from './points';

interface RunCells {
  id: number; uid: string; experiment: string; name: string; state: RunState; reason: string; created: number; started: number | null; ended: number | null;
  source: string; script: string | null; parent: string | null; pinned: number; trashed: number | null; notes: string;
  commit_id: string | null; branch: string | null; dirty: number | null; group_key: string;
}
const RUNS = `SELECT r.id, r.uid, e.name AS experiment, r.name, r.state, r.reason, r.created, r.started, r.ended, r.source, r.script, r.parent, r.pinned, r.trashed, r.notes,
  r.commit_id, r.branch, r.dirty, r.group_key FROM runs r JOIN experiments e ON e.id = r.experiment WHERE r.id IN (SELECT value FROM json_each(?))`;

/** Prefix of a column's name → what is brought of it. */
const PREFIXES: readonly (readonly [KeyKind, RegExp])[] = [['param', /^param(?:s|eters?)?\.(.+)$/], ['metric', /^metrics?\.(.+)$/], ['tag', /^tags?\.(.+)$/]];

/** The keys of a kind that `columns` names, as a JSON list of numbers; null where all are asked for. */
function wanted(context: Context, kind: KeyKind, columns: readonly string[] | undefined): string | null {
  if (!columns) return null;
  const pattern = PREFIXES.find(([name]) => name === kind)?.[1] ?? /$^/;
  return JSON.stringify(columns.map((column) => pattern.exec(column)?.[1]).filter((name) => name !== undefined).map((name) => context.findKey(kind, name)));
}

/** The runs with these row numbers, in that order; with all params, metrics and tags, or those of `columns` ('metrics.acc', 'params.lr', 'tags.x'). */
export function loadRows(context: Context, ids: readonly number[], columns?: readonly string[]): RunRow[] {
  const list = JSON.stringify(ids);
  const rows = new Map<number, RunRow>();
  for (const cells of context.db.prepare(RUNS).all<RunCells>(list)) rows.set(cells.id, toRow(cells));

  const each = (kind: KeyKind, fields: string, visit: (row: RunRow, name: string, cells: Cell[]) => void): void => {
    const keys = wanted(context, kind, columns);
    if (keys === '[]') return;
    const sql = `SELECT run, key, ${fields} FROM ${kind}s WHERE run IN (SELECT value FROM json_each(?))${keys === null ? '' : ' AND key IN (SELECT value FROM json_each(?))'}`;
    for (const cells of context.db.prepare(sql).rows(list, ...(keys === null ? [] : [keys]))) {
      const row = rows.get(Number(cells[0]));
      if (row) visit(row, context.keyName(Number(cells[1])), cells);
    }
  };
  each('param', 'value', (row, name, cells) => put(row.params, name, String(cells[2])));
  each('tag', 'value', (row, name, cells) => put(row.tags, name, String(cells[2])));
  each('metric', 'value, step, t, min, max, count', (row, name, cells) => put(row.metrics, name, toSummary(cells)));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** People name keys as they like: '__proto__' too must become a key of the object's own. */
export function put<T>(record: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  else record[name] = value;
}

function toSummary(cells: Cell[]): MetricSummary {
  return {
    value: fromStored(cells[2] as Stored), step: Number(cells[3]), t: Number(cells[4]) / 1000,
    min: fromStored(cells[5] as Stored), max: fromStored(cells[6] as Stored), count: Math.max(1, Number(cells[7])),
  };
}

function toRow(cells: RunCells): RunRow {
  const { uid, experiment, name, state, reason, created, started, ended, source, script, parent, notes, branch } = cells;
  return {
    id: uid, experiment, name, state, reason, created, started, ended, source, script, parent, notes, branch,
    pinned: cells.pinned === 1, trashed: cells.trashed !== null, commit: cells.commit_id, dirty: cells.dirty === null ? null : cells.dirty === 1, group: cells.group_key,
    params: {}, metrics: {}, tags: {},
  };
}
