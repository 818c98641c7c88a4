/** What was tried and what came of it: for the editor's hovers and hints. Active runs only, newest first. */
import type { Context } from './context';
import type { Cell } from './driver';
import { fromStored, type Stored } from './points';
import type { Store } from './store';

type Options = { script?: string; limit: number };
const ofScript = ({ script }: Options): { sql: string; params: Cell[] } => (script === undefined ? { sql: '', params: [] } : { sql: 'AND r.script = ?', params: [script] });

interface ParamCells { value: string; run: string; created: number; metric: Stored | null }
export function paramHistory(context: Context, ask: { param: string; metric: string | null }, options: Options): ReturnType<Store['paramHistory']> {
  const script = ofScript(options);
  const metric = ask.metric === null ? -1 : context.findKey('metric', ask.metric);
  const rows = context.db.prepare(`SELECT p.value AS value, r.uid AS run, r.created AS created, m.value AS metric
    FROM params p JOIN runs r ON r.id = p.run LEFT JOIN metrics m ON m.run = r.id AND m.key = ?
    WHERE p.key = ? AND r.trashed IS NULL ${script.sql} ORDER BY r.created DESC, r.uid LIMIT ?`)
    .all<ParamCells>(metric, context.findKey('param', ask.param), ...script.params, options.limit);
  return rows.map((row) => ({ ...row, metric: row.metric === null ? null : fromStored(row.metric) }));
}

interface MetricCells { run: string; name: string; created: number; value: Stored }
export function metricHistory(context: Context, key: string, options: Options): ReturnType<Store['metricHistory']> {
  const script = ofScript(options);
  const rows = context.db.prepare(`SELECT r.uid AS run, r.name AS name, r.created AS created, m.value AS value
    FROM metrics m JOIN runs r ON r.id = m.run WHERE m.key = ? AND r.trashed IS NULL ${script.sql} ORDER BY r.created DESC, r.uid LIMIT ?`)
    .all<MetricCells>(context.findKey('metric', key), ...script.params, options.limit);
  return rows.map((row) => ({ ...row, value: fromStored(row.value) }));
}

export const runsOfScript = (context: Context, script: string, limit: number): string[] =>
  context.db.prepare('SELECT uid FROM runs WHERE script = ? AND trashed IS NULL ORDER BY created DESC, uid LIMIT ?').all<{ uid: string }>(script, limit).map((row) => row.uid);
