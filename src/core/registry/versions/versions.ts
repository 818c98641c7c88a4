/** Versions: what never changes of a model, and its files by their content. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describeError, RunyardError, systemCode } from '../../base/errors';
import { isPrompt } from '../documents';
import { liveAt } from '../ledger/history';
import { createRegistry } from '../registry';
import type { Ledger, RegistryContext, Versions, Watching } from '../types';
import type { VersionFacts } from '../../../protocol/registry';
import { catalogOver, noModel, resolveVersion, type KnownVersion, type Names } from './catalog';
import { collectWeights, type Collected } from './garbage';
import { unwatched, type Identity, type VersionParts } from './parts';
import { followLedger, mendHalves } from './records';
import { adopt, register } from './register';
import { bringWeights } from './shared';
import { alteredIn, hasAll, PART, weightsDir } from './weights';

export type { Identity } from './parts';

/** Versions as the registry's other parts have them, and what only its service needs. */
export interface VersionsService extends Versions {
  /** Resolves once nothing is left of what a killed engine was doing. */
  readonly swept: Promise<void>;
  /** Of versions that the ledger knows, without taking up any. */
  known(model: string, version: number): KnownVersion | undefined;
  /** Numbers of the versions of a model that there are, newest first; none where there is no such model. */
  numbers(model: string): number[];
  /** Takes over what other clones' chains say, after `ledger.refresh()`. Returns the models that changed. */
  follow(): string[];
  /** Files that no version needs any more: given back, or with `dryRun` only counted. */
  collect(dryRun: boolean): Promise<Collected>;
}

export function createVersions(context: RegistryContext, ledger: Ledger, evaluating: VersionParts['evaluating'], identity: Identity): VersionsService {
  const { workspace, store, clock, log } = context;
  const registry = createRegistry(store.records, clock);
  const catalog = catalogOver(() => ledger.entries());
  const parts: VersionParts = { context, ledger, registry, identity, evaluating, catalog, arriving: new Set() };
  const root = weightsDir(workspace);
  const taking = new Map<string, Promise<VersionFacts>>();

  for (const half of mendHalves(registry, catalog())) log.warn(`${half} was being registered when the engine ended: nothing of it is kept`);
  const follow = (): string[] => followLedger(context, { entries: ledger.entries(), catalog: catalog(), clone: ledger.clone });
  follow();
  const swept = sweep(root).catch((error: unknown) => log.warn(`${root} can't be looked at: ${describeError(error)}`));

  const models = (): string[] => [...new Set([...registry.list().filter(({ tags }) => !isPrompt(tags)).map(({ name }) => name), ...catalog().all().map(({ model }) => model)])].sort();
  const numbers = (model: string): number[] => {
    const recorded = registry.versions(model).map(({ version }) => version);
    const kept = catalog().all(model).filter(({ deleted }) => !deleted).map(({ version }) => version);
    return [...new Set([...recorded, ...kept])].filter((version) => !catalog().get(model, version)?.deleted).sort((a, b) => b - a);
  };
  const namesOf = (model: string): Names => ({
    models: models(), versions: numbers(model), aliases: registry.list().find(({ name }) => name === model)?.aliases ?? {},
    environments: Object.keys(context.loaded().config.registry.environments), live: (environment) => liveAt(ledger.entries(), { model, environment })?.version ?? null,
  });

  /** What the ledger says, of versions that were deleted too: they may have been live. */
  async function facts(model: string, version: number): Promise<VersionFacts> {
    const known = catalog().get(model, version);
    if (known) return known.facts;
    if (!models().includes(model)) throw noModel(model, models());
    if (!numbers(model).includes(version)) resolveVersion(model, version, namesOf(model));
    const key = `${version}/${model}`;
    const going = taking.get(key) ?? swept.then(() => adopt(parts, model, version, unwatched())).finally(() => taking.delete(key));
    taking.set(key, going);
    return going;
  }

  /** Looks in `from`, then in the folder that runyard.yaml names. */
  async function brought(model: string, version: number, from: string | undefined, watching: Watching): Promise<{ folder: string; facts: VersionFacts }> {
    await swept;
    const of = await facts(model, version);
    const folder = path.join(root, of.digest);
    if (hasAll(folder, of.files)) return { folder, facts: of };
    const { weights } = context.loaded().config.registry;
    const places = [from, weights].filter((one) => one !== undefined).map((one) => path.resolve(workspace, one));
    if (await bringWeights(workspace, of, places, watching)) return { folder, facts: of };
    const where = places.length > 0 ? `, nor in ${[from, weights].filter((one) => one !== undefined).join(' or ')}` : '';
    const way = `ask for the files, then runyard models fetch ${model} ${version} --from FOLDER${weights === undefined ? '; or name a shared folder as registry.weights in runyard.yaml' : ''}`;
    if (existsSync(folder)) {
      const altered = (await alteredIn(folder, of.files)).map((one) => one.path).join(', ');
      throw new RunyardError('store_corrupt', `${altered} of ${model} version ${version} was changed or taken away here, in .runyard/weights/${of.digest}`, way);
    }
    throw new RunyardError('not_found', `the files of ${model} version ${version} are not on this machine${where}`, `${of.author.name} registered it: ${way}`);
  }

  return {
    swept, facts, follow, numbers,
    known: (model, version) => catalog().get(model, version),
    async register(args, by, watching) {
      await swept;
      return register(parts, args, by, watching);
    },
    folder: async (model, version) => (await brought(model, version, undefined, unwatched())).folder,
    here: ({ digest, files }) => hasAll(path.join(root, digest), files),
    async altered(model, version) {
      const of = await facts(model, version);
      return alteredIn(path.join(root, of.digest), of.files);
    },
    async fetch(model, version, from) {
      const { folder, facts: of } = await brought(model, version, from, unwatched());
      const altered = await alteredIn(folder, of.files);
      // What was here and isn't what it was is brought again.
      if (altered.length > 0 && !await bringWeights(workspace, of, [from, context.loaded().config.registry.weights].filter((one) => one !== undefined).map((one) => path.resolve(workspace, one)), unwatched())) {
        throw new RunyardError('conflict', `${altered.map((one) => one.path).join(', ')} of ${model} version ${version} was changed here`, 'give a folder with an untouched copy');
      }
      return { folder, files: of.files };
    },
    resolve: (model, ref) => resolveVersion(model, ref, namesOf(model)),
    collect: (dryRun) => collectWeights({ context, ledger, catalog, arriving: parts.arriving, dryRun }),
  };
}

/** Takes away what is there half, before anything is begun here. */
async function sweep(root: string): Promise<void> {
  try {
    for (const name of await readdir(root)) if (name.startsWith(PART)) await rm(path.join(root, name), { recursive: true, force: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
