/** What the editor shows over a script: its last run against the baseline. */
import type { MethodResults, ScriptFacts } from '../../protocol/engine';
import type { Goal, MetricSummary, RunRow } from '../../protocol/model';
import { toNumber } from '../../protocol/spool';
import { mainMetric } from '../config/goals';
import { goalFor, storedScript, type QueryContext } from './context';

const LOOK_BACK = 50;

/**
 * The last run of a script and its baseline: the newest pinned run of its experiment, else the finished run of the script
 * before it. A live run without values yet is still the last one; then `metrics` is what it has so far.
 */
export function scriptFacts(context: QueryContext, script: string): MethodResults['editor.script'] {
  const stored = storedScript(context, script);
  const ids = context.store.runsOfScript(stored, LOOK_BACK);
  const rows = ids.length > 0 ? rowsOf(context, ids) : [];
  const last = rows[0];
  if (!last) return { script: stored, experiment: null, last: null, baseline: null, mainMetric: null, metrics: {} };
  const baseline = pinnedOf(context, last) ?? rows.slice(1).find((row) => row.state === 'finished' && row.experiment === last.experiment) ?? null;
  const keys = Object.keys(last.metrics);
  return {
    script: stored, experiment: last.experiment,
    last: { id: last.id, name: last.name, state: last.state, started: last.started, ended: last.ended },
    baseline: baseline ? { id: baseline.id, name: baseline.name, pinned: baseline.pinned } : null,
    mainMetric: mainMetric(keys.length > 0 ? keys : Object.keys(baseline?.metrics ?? {}), context.loaded().config),
    metrics: Object.fromEntries(Object.entries(last.metrics).map(([key, metric]) => [key, against(metric, baseline?.metrics[key], goalFor(context, key))])),
  };
}

function rowsOf(context: QueryContext, ids: readonly string[]): RunRow[] {
  const { rows } = context.store.search({ filter: '', orderBy: [], limit: ids.length, offset: 0, view: 'active', ids });
  const place = new Map(ids.map((id, at) => [id, at]));
  return rows.sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
}

function pinnedOf(context: QueryContext, last: RunRow): RunRow | null {
  const { rows } = context.store.search({
    experiments: [last.experiment], filter: 'attributes.pinned = 1', orderBy: ['attributes.start_time DESC'], limit: 2, offset: 0, view: 'active',
  });
  return rows.find((row) => row.id !== last.id) ?? null;
}

/** Last minus baseline. A value that isn't finite on either side has no delta, and its direction is unknown. */
export function against(metric: MetricSummary, baseline: MetricSummary | undefined, goal: Goal): ScriptFacts['metrics'][string] {
  const value = toNumber(metric.value);
  const delta = baseline ? value - toNumber(baseline.value) : NaN;
  if (!Number.isFinite(delta)) return { value: metric.value, delta: null, direction: 'unknown' };
  const gain = goal === 'maximize' ? delta : -delta;
  return { value: metric.value, delta, direction: delta === 0 ? 'same' : gain > 0 ? 'better' : 'worse' };
}
