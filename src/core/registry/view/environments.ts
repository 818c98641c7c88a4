/** Environments as runyard.yaml has them, with the edges that lead to each. Pure. */
import { DEFAULT_GATES, type EdgeConfig, type GateConfig, type RegistryConfig } from '../../config/registry';
import type { EnvironmentRow } from '../../../protocol/registry';
import { nameOfGate } from '../gates/result';

/** Each environment, with where a version may come from (null: anywhere) and the gates of all edges to it, each once. */
export function environmentRows(config: RegistryConfig): EnvironmentRow[] {
  return Object.keys(config.environments).map((name) => {
    const edges = edgesTo(config, name);
    return { name, from: [...new Set(edges.map(({ from }) => from ?? null))], gates: [...new Set(edges.flatMap((edge) => gatesOf(edge).map(nameOfGate)))] };
  });
}

/** Without edges every move is allowed, with the default gates. */
const edgesTo = (config: RegistryConfig, environment: string): EdgeConfig[] => (config.edges ? config.edges.filter(({ to }) => to === environment) : [{ to: environment }]);
const gatesOf = ({ gates }: EdgeConfig): readonly GateConfig[] => gates ?? DEFAULT_GATES;

/** How many people an environment's edges want, for a version that is live in these environments: of the edge that it would take, else the most of any. 0: nobody. */
export function peopleWanted(config: RegistryConfig, environment: string, liveIn: readonly string[]): number {
  const edges = edgesTo(config, environment);
  const taken = edges.find(({ from }) => from != null && liveIn.includes(from)) ?? edges.find(({ from }) => from == null);
  const wanted = (taken ? [taken] : edges).flatMap((edge) => gatesOf(edge).map((gate) => (gate.gate === 'approval' ? gate.people : 0)));
  return Math.max(0, ...wanted);
}
