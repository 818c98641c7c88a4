/** Aliases and stages of MLflow's that stand for environments, where runyard.yaml says so. */
import type { Clock } from '../../base/clock';
import type { RegistryConfig } from '../../config/registry';
import type { Records } from '../../store/records';
import { STAGES, type Stage } from '../documents';
import { createRegistry } from '../registry';

/** The environment that an alias follows, or null. One that isn't configured binds nothing. */
export function environmentOfAlias({ aliases, environments }: RegistryConfig, alias: string): string | null {
  const environment = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
  return environment !== undefined && Object.hasOwn(environments, environment) ? environment : null;
}

/** The environment that is called like a stage, in any case, where runyard.yaml itself lists it; else null. 'None' and 'Archived' are nobody's. */
export function environmentOfStage({ said, environments }: RegistryConfig, stage: Stage): string | null {
  if (!said || (stage !== 'Staging' && stage !== 'Production')) return null;
  return Object.keys(environments).find((name) => name.toLowerCase() === stage.toLowerCase()) ?? null;
}

export interface Move { model: string; version: number; environment: string }

/**
 * After a move: aliases that follow the environment name its version, and the stage of its name has it, the one before archived. Nothing where
 * nothing is bound, or the version has no record here.
 */
export function followMove(records: Records, clock: Clock, { model, version, environment }: Move, config: RegistryConfig): void {
  const registry = createRegistry(records, clock);
  const there = (): boolean => records.get('registeredModel', model) !== undefined && records.get('modelVersion', `${model}/${version}`) !== undefined;
  if (!there()) return;
  records.together(() => {
    for (const alias of Object.keys(config.aliases)) {
      if (environmentOfAlias(config, alias) === environment && registry.get(model).aliases[alias] !== version) registry.setAlias(model, alias, version);
    }
    const stage = STAGES.find((one) => environmentOfStage(config, one) === environment);
    if (stage && (registry.version(model, version).stage !== stage || registry.versions(model).some((one) => one.version !== version && one.stage === stage))) registry.move(model, version, { stage, archive: true });
  });
}
