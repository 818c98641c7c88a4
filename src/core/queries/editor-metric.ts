/** What the editor shows for a metric: its value over the newest runs, for a sparkline. */
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import { toNumber } from '../../protocol/spool';
import { goalFor, storedScript, type QueryContext } from './context';

const LOOK_BACK = 60;

/** Oldest first, as a line is read; `best` is the id of the best by the goal, null where no run has a number. */
export function metricFacts(context: QueryContext, { key, script }: MethodArgs<'editor.metric'>): MethodResults['editor.metric'] {
  const goal = goalFor(context, key);
  const history = context.store.metricHistory(key, { script: script === undefined ? undefined : storedScript(context, script), limit: LOOK_BACK });
  const runs = history.map(({ run, name, value, created }) => ({ id: run, name, value, t: created })).reverse();
  const numbers = runs.filter(({ value }) => !Number.isNaN(toNumber(value)));
  const better = (a: number, b: number): boolean => (goal === 'maximize' ? a > b : a < b);
  const best = numbers.length > 0 ? numbers.reduce((a, b) => (better(toNumber(b.value), toNumber(a.value)) ? b : a)).id : null;
  return { key, goal, runs, best };
}
