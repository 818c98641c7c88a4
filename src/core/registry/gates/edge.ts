/** The move that a promotion would be: from which environment, and through which gates. */
import { RunyardError } from '../../base/errors';
import { DEFAULT_GATES, type GateConfig, type RegistryConfig } from '../../config/registry';
import { liveAt } from '../ledger/history';
import type { LedgerEntry } from '../ledger/entry';
import { meant } from './result';

export interface Move { model: string; version: number; to: string }
/** `from` null: it needn't come from anywhere. */
export interface Taken { from: string | null; gates: readonly GateConfig[] }

/** Throws bad_input where runyard.yaml's section is wrong or there is no such environment. */
export function checkEnvironment({ environments, broken }: RegistryConfig, name: string): void {
  if (broken !== undefined) throw new RunyardError('bad_input', `what has to be asked before a promotion can't be read: ${broken}`, 'mend it there: until then nothing is promoted');
  if (!Object.hasOwn(environments, name)) throw new RunyardError('bad_input', `there is no environment '${name}'`, meant(name, Object.keys(environments)));
}

/**
 * The edge that leads to `to` from an environment where the version is live now, in the file's order; else one from anywhere. Without edges in
 * runyard.yaml every move is allowed, with the default gates. Throws bad_input for an unknown environment, refused where no edge leads there.
 */
export function edgeTaken(config: RegistryConfig, entries: readonly LedgerEntry[], { model, version, to }: Move): Taken {
  checkEnvironment(config, to);
  const isLive = (environment: string): boolean => liveAt(entries, { model, environment })?.version === version;
  const gates = (said: readonly GateConfig[] | undefined): readonly GateConfig[] => said ?? DEFAULT_GATES;
  if (!config.edges) return { from: Object.keys(config.environments).find((name) => name !== to && isLive(name)) ?? null, gates: DEFAULT_GATES };
  const leading = config.edges.filter((edge) => edge.to === to);
  const own = leading.find(({ from }) => from != null && isLive(from)) ?? leading.find(({ from }) => from == null);
  if (own) return { from: own.from ?? null, gates: gates(own.gates) };
  const ways = leading.flatMap(({ from }) => from ?? []);
  if (ways.length === 0) throw new RunyardError('refused', `nothing may move to ${to}`, 'no edge in runyard.yaml leads there');
  throw new RunyardError('refused', `version ${version} of ${model} may not move to ${to}: it comes only from ${ways.join(' or ')}, where this version isn't live`, `promote it to ${ways[0] ?? ''} first`);
}
