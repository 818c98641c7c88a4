/** What the editor shows for a param: the values tried, and what the main metric came to. */
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import type { Goal } from '../../protocol/model';
import { toNumber, toWire, type WireNumber } from '../../protocol/spool';
import { mainMetric } from '../config/goals';
import { goalFor, mainMetricOf, storedScript, type QueryContext } from './context';

const LOOK_BACK = 2000;

/** Values of a param over the newest runs (of a script, where one is given), the best first; those without the metric last. */
export function paramFacts(context: QueryContext, { name, script }: MethodArgs<'editor.param'>): MethodResults['editor.param'] {
  const stored = script === undefined ? undefined : storedScript(context, script);
  const metric = metricFor(context, stored);
  const goal = metric === null ? 'maximize' : goalFor(context, metric);
  const history = context.store.paramHistory(name, metric, { script: stored, limit: LOOK_BACK });
  return { param: name, metric, goal, rows: tabulate(history, goal) };
}

function metricFor(context: QueryContext, script: string | undefined): string | null {
  const newest = script === undefined ? undefined : context.store.runsOfScript(script, 1)[0];
  if (newest !== undefined) return mainMetricOf(context, context.store.getRun(newest).experiment);
  return mainMetric(context.store.keys().metrics, context.loaded().config);
}

/**
 * One row a value: how many runs, the best and the mean of the metric over the runs that have a number for it (NaN is left
 * out; an infinite one makes the mean infinite), and the newest run's id. `history` is newest first.
 */
export function tabulate(history: readonly { value: string; run: string; metric: WireNumber | null }[], goal: Goal): MethodResults['editor.param']['rows'] {
  const groups = new Map<string, { runs: number; last: string; values: number[] }>();
  for (const { value, run, metric } of history) {
    const group = groups.get(value) ?? { runs: 0, last: run, values: [] };
    group.runs++;
    const number = metric === null ? NaN : toNumber(metric);
    if (!Number.isNaN(number)) group.values.push(number);
    groups.set(value, group);
  }
  const sign = goal === 'maximize' ? -1 : 1;
  const rows = [...groups].map(([value, { runs, last, values }]) => ({ value, runs, last, ...summary(values, sign) }));
  const rank = (best: WireNumber | null): number => (best === null ? Infinity : sign * toNumber(best));
  return rows.sort((a, b) => (rank(a.best) === rank(b.best) ? 0 : rank(a.best) - rank(b.best)));
}

function summary(values: readonly number[], sign: number): { best: WireNumber | null; mean: WireNumber | null } {
  if (values.length === 0) return { best: null, mean: null };
  const best = values.reduce((a, b) => (sign * b < sign * a ? b : a));
  return { best: toWire(best), mean: toWire(values.reduce((a, b) => a + b, 0) / values.length) };
}
