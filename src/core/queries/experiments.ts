/** Which experiments are there: those with runs, and those that runyard.yaml names and nobody has run yet. */
import type { MethodResults } from '../../protocol/engine';
import type { ConfiguredExperiment, ExperimentRow } from '../../protocol/model';
import { mainMetricOf, type QueryContext } from './context';

/** Experiments with the newest activity first; configured ones without a run come last, in the file's order. */
export function listExperiments(context: QueryContext): MethodResults['experiments.list'] {
  const configured = configuredExperiments(context);
  const names = new Set(configured.map(({ name }) => name));
  const known = context.store.experiments().map((row): ExperimentRow => ({ ...row, configured: names.has(row.name), mainMetric: mainMetricOf(context, row.name) }));
  known.sort((a, b) => b.lastActivity - a.lastActivity || a.name.localeCompare(b.name));
  const seen = new Set(known.map(({ name }) => name));
  const fresh = configured.filter(({ name }) => !seen.has(name))
    .map(({ name }): ExperimentRow => ({ name, runs: 0, live: 0, lastActivity: 0, configured: true, mainMetric: null }));
  return { experiments: [...known, ...fresh], configured };
}

/** What runyard.yaml names, as it would be started, in the file's order. */
export function configuredExperiments(context: QueryContext): ConfiguredExperiment[] {
  const named = Object.values(context.loaded().config.experiments);
  return named.map(({ name, command, params, line }) => ({ name, argv: command, params, line })).sort((a, b) => a.line - b.line);
}
