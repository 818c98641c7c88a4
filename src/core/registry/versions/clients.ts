/** What MLflow's clients do to the registry, where it means something to ours: environments that follow an alias or a stage, what is live, what the ledger knows. */
import { RunyardError } from '../../base/errors';
import type { ModelVersion, RegisteredModel, Stage } from '../documents';
import { liveAt } from '../ledger/history';
import { createRegistry } from '../registry';
import { checkNewAlias } from '../rules';
import type { Ledger, RegistryContext } from '../types';
import type { Person } from '../../../protocol/registry';
import { catalogOver } from './catalog';
import { environmentOfAlias, environmentOfStage } from './follow';
import type { Identity } from './parts';
import type { Words } from './records';

/** Asks the gates and moves, as 'registry.promote' does. Null where the version is live there now; else why it isn't, for a person to read. */
export type PromoteFor = (model: string, version: number, environment: string, by: Person) => Promise<string | null>;

/** Throw `refused` with the reason, before anything is changed. What they return once resolved is done in the records and in the ledger. */
export interface RegistryClients {
  setAlias(model: string, alias: string, version: number): Promise<void>;
  removeAlias(model: string, alias: string): Promise<void>;
  move(model: string, version: number, to: { stage: Stage; archive: boolean }): Promise<ModelVersion>;
  removeVersion(model: string, version: number): Promise<void>;
  removeModel(model: string): Promise<void>;
  rename(model: string, next: string): RegisteredModel;
  /** After the words of a model (version null) or a version were said again. */
  described(model: string, version: number | null, words: Words): Promise<void>;
  /** After a model or a version of it was made: doors show it. */
  made(model: string): void;
  /** The number of the next version: never one that the ledger knows. Undefined where it says nothing of the model. */
  next(model: string): number | undefined;
}

export interface ClientParts { context: RegistryContext; ledger: Ledger; identity: Identity; promoteFor: PromoteFor }

/** A model that the ledger says nothing of, and that no alias or stage is bound for, is treated as MLflow's server does. */
export function registryClients({ context, ledger, identity, promoteFor }: ClientParts): RegistryClients {
  const registry = createRegistry(context.store.records, context.clock);
  const catalog = catalogOver(() => ledger.entries());
  const config = () => context.loaded().config.registry;
  const live = (model: string, environment: string): number | null => liveAt(ledger.entries(), { model, environment })?.version ?? null;

  /** Promotes where the version isn't live there already. */
  async function promote(model: string, version: number, environment: string, what: string): Promise<void> {
    if (live(model, environment) === version) return;
    const why = await promoteFor(model, version, environment, await identity());
    if (why !== null) throw new RunyardError('refused', `${what} stands for the environment ${environment}, and ${model} version ${version} isn't promoted to it: ${why}`, `runyard gate ${model} ${version} --to ${environment} says what is missing`);
  }
  async function append(kind: 'alias' | 'described' | 'deleted', model: string, version: number | null, facts: Record<string, unknown>): Promise<void> {
    if (catalog().knows(model)) ledger.append({ by: await identity(), kind, model, version, environment: null, facts });
    context.changed([model]);
  }
  const refuseLive = (model: string, version: number): void => {
    const environments = catalog().liveIn(model, version);
    if (environments.length > 0) throw new RunyardError('refused', `${model} version ${version} is live in ${environments.join(' and ')}`, 'promote another one, or roll back, before it is deleted');
  };
  /** The ledger first: a record that it says is deleted goes at the next start. */
  const deleted = async (model: string, version: number): Promise<void> => {
    const known = catalog().get(model, version);
    if (known && !known.deleted) await append('deleted', model, version, {});
  };

  return {
    async setAlias(model, alias, version) {
      checkNewAlias(alias);
      registry.version(model, version);
      const environment = environmentOfAlias(config(), alias);
      if (environment !== null) await promote(model, version, environment, `the alias '${alias}'`);
      const before = registry.get(model).aliases[alias];
      registry.setAlias(model, alias, version);
      if (before !== version) await append('alias', model, version, { alias, version });
    },
    async removeAlias(model, alias) {
      const environment = environmentOfAlias(config(), alias);
      const had = registry.get(model).aliases[alias];
      if (environment !== null && had !== undefined && live(model, environment) === had) throw new RunyardError('refused', `the alias '${alias}' follows the environment ${environment}, where ${model} version ${had} is live`, 'take it out of registry.aliases in runyard.yaml first');
      registry.removeAlias(model, alias);
      if (had !== undefined) await append('alias', model, null, { alias, version: null });
    },
    async move(model, version, to) {
      const { stage } = registry.version(model, version);
      const environment = environmentOfStage(config(), to.stage);
      const left = environmentOfStage(config(), stage);
      // A version may be live in several environments and has one stage: it leaves one only for another that is bound, too.
      if (environment === null && left !== null && live(model, left) === version) throw new RunyardError('refused', `the stage ${stage} stands for the environment ${left}, where ${model} version ${version} is live`, 'promote another one, or roll back');
      if (environment !== null) await promote(model, version, environment, `the stage ${to.stage}`);
      const moved = registry.move(model, version, environment === null ? to : { ...to, archive: true });
      context.changed([model]);
      return moved;
    },
    async removeVersion(model, version) {
      registry.version(model, version);
      refuseLive(model, version);
      await deleted(model, version);
      registry.removeVersion(model, version);
      context.changed([model]);
    },
    async removeModel(model) {
      registry.get(model);
      const versions = catalog().all(model).filter((one) => !one.deleted).map(({ version }) => version);
      for (const version of versions) refuseLive(model, version);
      for (const version of versions) await deleted(model, version);
      registry.remove(model);
      context.changed([model]);
    },
    rename(model, next) {
      registry.get(model);
      if (next !== model && catalog().knows(model)) throw new RunyardError('refused', `${model} can't be renamed: its history is in the ledger under that name`, `register its versions under the new name: runyard models register ${next} --file FILE`);
      const renamed = registry.rename(model, next);
      context.changed([model, next]);
      return renamed;
    },
    described: (model, version, words) => append('described', model, version, { ...words }),
    made: (model) => context.changed([model]),
    next(model) {
      const largest = catalog().largest(model);
      return largest === 0 ? undefined : Math.max(largest, registry.get(model).last) + 1;
    },
  };
}

/** As MLflow's server does it, for an engine without a registry of ours. */
export function plainClients({ store, clock }: Pick<RegistryContext, 'store' | 'clock'>): RegistryClients {
  const registry = createRegistry(store.records, clock);
  const later = <A extends unknown[], T>(work: (...args: A) => T) => async (...args: A): Promise<T> => work(...args);
  return {
    setAlias: later(registry.setAlias), removeAlias: later(registry.removeAlias), move: later(registry.move), removeVersion: later(registry.removeVersion), removeModel: later(registry.remove),
    rename: registry.rename, described: () => Promise.resolve(), made: () => undefined, next: () => undefined,
  };
}
