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

export async function gatherEvidence(context: MonitoringContext, journal: Journal, config: RetrainingConfig, now: number): Promise<{ evidence: Evidence; labels: number | null }> {
  const monitors = [...new Set(config.triggers.flatMap((trigger) => ('monitor' in trigger ? [trigger.monitor] : [])))];
  const labels = await labelsNow(context, config);
  const before = journal.list(config.name).find(({ row, labels: counted }) => row.state !== 'held' && counted !== null)?.labels ?? 0;
  return {
    labels,
    evidence: {
      now, since: sinceOf(context, journal, config.name, now), nextOf: nextOfCron, labels: labels === null ? null : Math.max(0, labels - before),
      results: Object.fromEntries(monitors.map((monitor) => [monitor, resultsOf(context, monitor)])),
    },
  };
}

/** By their window, newest first: a window that was looked at again counts as it was seen last. */
function resultsOf({ store }: MonitoringContext, monitor: string): ResultSummary[] {
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
