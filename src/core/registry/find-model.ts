/** Where a model's file lies that is named by the registry, by a run or by an address of MLflow's. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { RunyardError } from '../base/errors';
import { nearest } from '../base/nearest';
import { aliasesOf, createRegistry, type Registry } from './registry';
import { isPrompt, type ModelVersion, type RegisteredModel } from './documents';
import { locateAddress, type ModelPlaces } from './places';
import { parseModelAddress } from './rules';
import { weightsDir } from './versions/weights';
import { toRelative } from '../tracking/places';
import type { FoundModel } from '../evaluation/service/context';
import type { ModelSpec } from '../../protocol/evaluation/request';

export type { ModelPlaces };
/** The model with its file on this disk in place of an address. Throws not_found naming what there is, unsupported for files that are kept elsewhere. */
export function findModel(places: ModelPlaces, spec: ModelSpec): FoundModel {
  const { registered, file, ...rest } = spec;
  if (registered !== undefined) {
    const version = modelNamer(places)(registered);
    const name = `${version.name}/${version.version}`;
    return { spec: { name, ...rest, file: fileAt(places, version.location, `the model ${name}`) }, run: version.run || null };
  }
  if (file === undefined || !/^[a-z][a-z0-9+.-]+:/i.test(file) || path.isAbsolute(file)) return { spec, run: null };
  const run = /^runs:\/+([0-9a-f]{32})(?:\/|$)/.exec(file)?.[1] ?? null;
  return { spec: { ...rest, file: fileAt(places, file, 'the model') }, run };
}

/** The version that a text names; throws not_found naming what there is, bad_input. */
export const modelNamer = ({ store, clock }: ModelPlaces) => (text: string): ModelVersion => versionNamed(createRegistry(store.records, clock), text);

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
  const found = locateAddress(places, address);
  if (found === null) throw new RunyardError('unsupported', `${what} is kept at ${address}, where only its own client can read`, 'download it and give the file');
  const kept = path.dirname(found) === weightsDir(places.workspace);
  const hint = kept ? 'bring its files: runyard models fetch NAME VERSION --from FOLDER' : 'it may have been deleted with its run, or never been uploaded';
  if (!existsSync(found)) throw new RunyardError('not_found', `${what} has no files here: ${toRelative(places.workspace, found)} is not there`, hint);
  return toRelative(places.workspace, kept ? onlyFile(found) : found);
}

/** A version that was made of one file is that file, whatever it is called. */
function onlyFile(folder: string): string {
  const [first, ...more] = readdirSync(folder, { withFileTypes: true });
  return first?.isFile() && more.length === 0 ? path.join(folder, first.name) : folder;
}
