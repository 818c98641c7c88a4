/** Where a model's file lies that is named by the registry, by a run or by an address of MLflow's. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunyardError } from '../../base/errors';
import type { Clock } from '../../base/clock';
import { nearest } from '../../base/nearest';
import { aliasesOf, createRegistry, type Registry } from '../../registry/registry';
import { createLoggedModels } from '../../registry/logged-models';
import { isPrompt, type ModelVersion, type RegisteredModel } from '../../registry/documents';
import { parseModelAddress } from '../../registry/rules';
import type { Store } from '../../store/store';
import { artifactPathProblem } from '../../tracking/artifacts';
import { toRelative } from '../../tracking/places';
import { isRunId, paths, runsDir } from '../../tracking/run-folder';
import type { ModelSpec } from '../../../protocol/evaluation/request';

export interface ModelPlaces { workspace: string; store: Store; clock: Clock }
/** `run`: the one that the registry says made it. */
export interface FoundModel { spec: ModelSpec; run: string | null }

/** The model with its file on this disk in place of an address. Throws not_found naming what there is, unsupported for files that are kept elsewhere. */
export function findModel(places: ModelPlaces, spec: ModelSpec): FoundModel {
  const { registered, file, ...rest } = spec;
  if (registered !== undefined) {
    const version = versionNamed(createRegistry(places.store.records, places.clock), registered);
    const name = `${version.name}/${version.version}`;
    return { spec: { name, ...rest, file: fileAt(places, version.location, `the model ${name}`) }, run: version.run || null };
  }
  if (file === undefined || !/^[a-z][a-z0-9+.-]+:/i.test(file) || path.isAbsolute(file)) return { spec, run: null };
  const run = /^runs:\/+([0-9a-f]{32})(?:\/|$)/.exec(file)?.[1] ?? null;
  return { spec: { ...rest, file: fileAt(places, file, 'the model') }, run };
}

/** 'car-loan/3', 'car-loan@champion', 'car-loan/Production' or 'car-loan/latest'. */
function versionNamed(registry: Registry, text: string): ModelVersion {
  const address = parseModelAddress(`models:/${text.replace(/^models:\/+/, '')}`);
  if (!address || 'model' in address) throw new RunyardError('bad_input', `'${text}' names no version of a model`, 'write NAME/VERSION or NAME@ALIAS');
  const model = modelNamed(registry, address.name);
  const versions = registry.versions(model.name);
  const none = (what: string): RunyardError => new RunyardError('not_found', `the model '${model.name}' has no ${what}`, there(model, versions));
  if ('alias' in address) {
    if (address.alias.toLowerCase() !== 'latest' && !Object.hasOwn(model.aliases, address.alias)) throw none(`alias '${address.alias}'`);
    return registry.byAlias(model.name, address.alias);
  }
  if ('version' in address) {
    const found = versions.find(({ version }) => version === address.version);
    if (!found) throw none(`version ${address.version}`);
    return found;
  }
  const found = address.stage === null ? versions[0] : versions.find(({ stage }) => stage === address.stage);
  if (!found) throw none(address.stage === null ? 'version' : `version in ${address.stage}`);
  return found;
}

function modelNamed(registry: Registry, name: string): RegisteredModel {
  const all = registry.list().filter(({ tags }) => !isPrompt(tags));
  const found = all.find((one) => one.name === name);
  if (found) return found;
  const near = nearest(name, all.map((one) => one.name));
  throw new RunyardError('not_found', `there is no registered model '${name}'`, near ? `did you mean '${near}'?` : all.length > 0 ? `there are ${all.map((one) => one.name).slice(0, 10).join(', ')}` : 'none is registered here yet: give the file of one');
}

function there(model: RegisteredModel, versions: readonly ModelVersion[]): string {
  if (versions.length === 0) return 'it has no version at all';
  return `it has ${versions.slice(0, 10).map(({ version }) => [version, ...aliasesOf(model, version).map((alias) => `@${alias}`)].join(' ')).join(', ')}`;
}

/** The path of what an address names, relative to the workspace where it lies in it. */
function fileAt(places: ModelPlaces, address: string, what: string): string {
  const found = locate(places, address, 0);
  if (found === null) throw new RunyardError('unsupported', `${what} is kept at ${address}, where only its own client can read`, 'download it and give the file');
  if (!existsSync(found)) throw new RunyardError('not_found', `${what} has no files here: ${toRelative(places.workspace, found)} is not there`, 'it may have been deleted with its run, or never been uploaded');
  return toRelative(places.workspace, found);
}

const SERVICE = '/api/2.0/mlflow-artifacts/artifacts/';

function locate(places: ModelPlaces, address: string, depth: number): string | null {
  const { workspace, store, clock } = places;
  const [, run, below = ''] = /^runs:\/+([0-9a-f]{32})(?:\/(.*))?$/.exec(address) ?? [];
  if (run !== undefined) return inRun(places, run, below);
  const served = /^mlflow-artifacts:(?:\/\/[^/]*)?\/*(.*)$/.exec(address)?.[1] ?? /^https?:\/\/[^/]+(.*)$/.exec(address)?.[1]?.split(SERVICE)[1];
  if (served !== undefined) return servedFile(places, served);
  const model = parseModelAddress(address);
  // An address that leads to an address that leads to itself ends somewhere.
  if (model && depth < 5) {
    const next = 'model' in model ? createLoggedModels(store.records, clock).get(model.model).artifacts : createRegistry(store.records, clock).resolve(model).location;
    return locate(places, next, depth + 1);
  }
  if (/^file:/i.test(address)) return fileURLToPath(address.replace(/^file:(?!\/\/)/i, 'file://'));
  return /^[a-z][a-z0-9+.-]+:/i.test(address) ? null : path.resolve(workspace, address);
}

/** Runs keep their files in their folder; those of an experiment with a place of its own, there. */
function inRun(places: ModelPlaces, run: string, below: string): string | null {
  const { workspace, store } = places;
  const safe = safely(below);
  const facts = store.runFacts(run);
  if (!facts) throw new RunyardError('not_found', `there is no run ${run}`, 'see `runyard runs`');
  const own = store.experimentNamed(facts.experiment)?.location ?? null;
  const kept = path.join(paths.artifacts(path.join(runsDir(workspace), run)), ...safe);
  if (own === null || /^mlflow-artifacts:/.test(own) || existsSync(kept)) return kept;
  const root = locate(places, own, 4);
  return root && path.join(root, run, 'artifacts', ...safe);
}

/** As the artifact service lays them out: a run's in its folder, all else below .runyard/artifacts. */
function servedFile({ workspace, store }: ModelPlaces, served: string): string {
  const parts = safely(served);
  const at = parts.findIndex((part, i) => parts[i + 1] === 'artifacts' && isRunId(part) && store.hasRun(part));
  const run = parts[at];
  return run === undefined ? path.join(store.dir, 'artifacts', ...parts) : path.join(paths.artifacts(path.join(runsDir(workspace), run)), ...parts.slice(at + 2));
}

function safely(below: string): string[] {
  const plain = decodeURIComponent(below);
  const problem = artifactPathProblem(plain);
  if (problem) throw new RunyardError('refused', problem);
  return plain.split('/').filter((part) => part !== '' && part !== '.');
}
