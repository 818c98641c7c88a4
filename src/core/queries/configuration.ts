/** What runyard.yaml says, and what is wrong in it. */
import { mainMetric } from '../config/goals';
import type { MethodResults } from '../../protocol/engine';
import { configuredExperiments } from './experiments';
import { goalFor, type QueryContext } from './context';

/** Goals are given for every metric that the file or any run names. */
export function getConfiguration(context: QueryContext): MethodResults['config.get'] {
  const { file, config, problems } = context.loaded();
  const metrics = new Set([...Object.keys(config.metrics), ...context.store.keys().metrics]);
  const main = Object.entries(config.metrics).find(([, metric]) => metric.main)?.[0] ?? null;
  return {
    file, problems, experiments: configuredExperiments(context),
    goals: Object.fromEntries([...metrics].map((key) => [key, goalFor(context, key)])),
    mainMetric: main ?? mainMetric([...metrics], config),
  };
}
