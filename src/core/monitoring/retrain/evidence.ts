/** What the triggers of a retraining look at, read from what is kept. */
import { describeError } from '../../base/errors';
import type { RetrainingConfig } from '../../config/monitoring';
import { nextOfCron } from '../../config/cron';
import type { ResultSummary } from '../../../protocol/monitoring';
import type { MonitoringContext } from '../types';
import type { Journal } from './journal';
import { logOf } from './place';
import type { Evidence } from './triggers';

/** Newest results of a monitor that are looked at. */
const MOST = 100;

/** Begin of the last retraining that was not held back, else when this one was first looked at, which is kept. */
export function sinceOf({ store }: Pick<MonitoringContext, 'store'>, journal: Journal, name: string, now: number): number {
  const last = journal.list(name).find(({ row }) => row.state !== 'held');
  if (last) return last.row.t;
  const id = `retraining:${name}`;
  const known = store.records.get('schedule', id);
  if (known) return known.sort;
  store.records.put('schedule', { id, scope: 'retraining', sort: now, doc: { first: now } });
  return now;
}

/** `labels`: those that there are now, as `labelsNow` counts them. */
export function gatherEvidence(context: Pick<MonitoringContext, 'store'>, journal: Journal, config: RetrainingConfig, { now, labels }: { now: number; labels: number | null }): Evidence {
  const monitors = [...new Set(config.triggers.flatMap((trigger) => ('monitor' in trigger ? [trigger.monitor] : [])))];
  const before = journal.list(config.name).find(({ row, labels: counted }) => row.state !== 'held' && counted !== null)?.labels ?? 0;
  return {
    now, since: sinceOf(context, journal, config.name, now), nextOf: nextOfCron, labels: labels === null ? null : Math.max(0, labels - before),
    results: Object.fromEntries(monitors.map((monitor) => [monitor, resultsOf(context, monitor)])),
  };
}

/** By their window, newest first: a window that was looked at again counts as it was seen last. */
function resultsOf({ store }: Pick<MonitoringContext, 'store'>, monitor: string): ResultSummary[] {
  const all = store.records.list('monitorResult', { scopes: [monitor], limit: MOST }).map(({ doc }) => doc as ResultSummary);
  const newest = new Map<number, ResultSummary>();
  for (const one of all.sort((a, b) => a.created - b.created)) newest.set(one.window.from, one);
  return [...newest.values()].sort((a, b) => b.window.to - a.window.to);
}

/** Labelled rows of the log; null where no trigger counts them, or they can't be counted. */
export async function labelsNow(context: MonitoringContext, config: RetrainingConfig): Promise<number | null> {
  if (!config.triggers.some(({ on }) => on === 'labels')) return null;
  try {
    return (await context.ask('logFacts', { log: logOf(context.workspace, context.loaded().config, config), window: { from: null, to: null } })).labelled;
  } catch (error) {
    context.log.warn(`the labels for the retraining ${config.name} can't be counted: ${describeError(error)}`);
    return null;
  }
}

/** As labelsNow, but a log is counted through once a minute at most. */
export function labelCounter(context: MonitoringContext): (config: RetrainingConfig) => Promise<number | null> {
  const known = new Map<string, { until: number; count: number | null }>();
  return async (config) => {
    const now = context.clock();
    const there = known.get(config.name);
    if (there && now < there.until) return there.count;
    const count = await labelsNow(context, config);
    known.set(config.name, { until: now + COUNTED_S, count });
    return count;
  };
}
const COUNTED_S = 55;
