/** What every question may look at. */
import path from 'node:path';
import type { LoadedConfig } from '../config/load';
import { goalOf, mainMetric } from '../config/goals';
import type { Store } from '../store/store';
import type { Goal } from '../../protocol/model';

export interface QueryContext {
  /** absolute, links resolved */
  workspace: string;
  store: Store;
  /** runyard.yaml as it is now */
  loaded(): LoadedConfig;
}

export const goalFor = (context: QueryContext, metric: string): Goal => goalOf(metric, context.loaded().config);

/** The id of a run from what a person calls it. Throws not_found, or bad_input where it isn't unique. */
export const resolve = (context: QueryContext, ref: string): string => context.store.resolveRun(ref, (metric) => goalFor(context, metric));

/** The folder of a run. */
export const folderOf = (context: QueryContext, id: string): string => path.join(context.workspace, '.runyard', 'runs', id);

/** The metric that stands for an experiment's runs, told from its newest ones; null where they have none. */
export function mainMetricOf(context: QueryContext, experiment: string, runs = 20): string | null {
  const { rows } = context.store.search({ experiments: [experiment], filter: '', orderBy: [], limit: runs, offset: 0, view: 'active' });
  return mainMetric([...new Set(rows.flatMap((row) => Object.keys(row.metrics)))], context.loaded().config);
}

/** A script's path as the store keeps it: relative to the workspace, with '/'. */
export function storedScript(context: QueryContext, script: string): string {
  const absolute = path.resolve(context.workspace, script);
  const relative = path.relative(context.workspace, absolute);
  return relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative.split(path.sep).join('/');
}
