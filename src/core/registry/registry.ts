/**
 * Registered models and their versions, kept as records. The one place where MLflow's registry meets ours: aliases and stages are set here
 * and nowhere else. Source of the rules: mlflow.store.model_registry.sqlalchemy_store (3.17).
 */
import { RunyardError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Records } from '../store/records';
import { isPrompt, modelVersion, registeredModel, type ModelVersion, type RegisteredModel, type Stage } from './documents';
import { checkAlias, checkArchiving, checkModelName, checkNewAlias, type ModelAddress } from './rules';

type Words = Record<string, string>;
export interface NewVersion {
  source: string; location: string; run: string; runLink: string; model: string; description: string; tags: Words;
  /** who made it; nobody is named where it is left out */
  user?: string;
  /** 'READY' unless said: another one until all of it is kept */
  status?: string;
  /** the one that it has to have; throws already_exists where that is taken. Else the number after the largest. */
  number?: number | undefined;
  /** when it was made, ms; now unless said */
  created?: number;
}
export interface TagChange { set?: Readonly<Words>; remove?: readonly string[] }

/** What can't be found throws not_found; an alias that there is not throws bad_input, as clients expect of it. */
export interface Registry {
  /** Throws bad_input for a name that none can have, already_exists for one that is taken. */
  create(name: string, said: { description: string; tags: Words }): RegisteredModel;
  get(name: string): RegisteredModel;
  /** By name. */
  list(): RegisteredModel[];
  describe(name: string, description: string): RegisteredModel;
  /** Versions and aliases go along. Throws already_exists. */
  rename(name: string, next: string): RegisteredModel;
  /** With all of its versions. */
  remove(name: string): void;
  tag(name: string, change: TagChange): void;

  /** Gives it the number after the largest that there ever was. */
  addVersion(name: string, made: NewVersion): ModelVersion;
  setStatus(name: string, version: number, status: string): void;
  version(name: string, version: number): ModelVersion;
  /** Of one model or of all, the newest first. */
  versions(name?: string): ModelVersion[];
  /** The newest of each stage, by number. */
  latest(name: string): ModelVersion[];
  describeVersion(name: string, version: number, description: string | null): ModelVersion;
  tagVersion(name: string, version: number, change: TagChange): void;
  /** Its aliases are gone with it. */
  removeVersion(name: string, version: number): void;
  /** With `archive`, what was in the stage before is archived. */
  move(name: string, version: number, to: { stage: Stage; archive: boolean }): ModelVersion;

  /** In place of the version that had it. */
  setAlias(name: string, alias: string, version: number): void;
  /** No error where there is none. */
  removeAlias(name: string, alias: string): void;
  /** `latest` is the newest version, whatever its stage. */
  byAlias(name: string, alias: string): ModelVersion;
  /** The version that an address names. */
  resolve(address: Exclude<ModelAddress, { model: string }>): ModelVersion;
}

const idOf = (name: string, version: number): string => `${name}/${version}`;
/** The aliases of a version, by name. */
export const aliasesOf = ({ aliases }: RegisteredModel, version: number): string[] => Object.keys(aliases).filter((alias) => aliases[alias] === version).sort();

export function createRegistry(records: Records, clock: Clock): Registry {
  const now = (): number => Math.round(clock() * 1000);
  const find = (name: string): RegisteredModel | undefined => {
    const row = records.get('registeredModel', name);
    return row && registeredModel.parse(row.doc);
  };
  const get = (name: string): RegisteredModel => {
    checkModelName(name);
    const found = find(name);
    if (!found) throw new RunyardError('not_found', `Registered Model with name=${name} not found`);
    return found;
  };
  const put = (model: RegisteredModel): RegisteredModel => {
    records.put('registeredModel', { id: model.name, scope: '', sort: 0, doc: model });
    return model;
  };
  const version = (name: string, number: number): ModelVersion => {
    checkModelName(name);
    const row = records.get('modelVersion', idOf(name, number));
    if (!row) throw new RunyardError('not_found', `Model Version (name=${name}, version=${number}) not found`);
    return modelVersion.parse(row.doc);
  };
  const putVersion = (one: ModelVersion): ModelVersion => {
    records.put('modelVersion', { id: idOf(one.name, one.version), scope: one.name, sort: one.version, doc: one });
    return one;
  };
  const versions = (name?: string): ModelVersion[] => records.list('modelVersion', name === undefined ? {} : { scopes: [name] }).map(({ doc }) => modelVersion.parse(doc));
  const touch = (name: string): void => { put({ ...get(name), updated: now() }); };
  const newest = (name: string): ModelVersion => {
    const [first] = versions(get(name).name);
    if (!first) throw new RunyardError('not_found', `Latest version not found for model ${name}.`);
    return first;
  };
  const byAlias = (name: string, alias: string): ModelVersion => {
    checkModelName(name);
    checkAlias(alias);
    if (alias.toLowerCase() === 'latest') return newest(name);
    const { aliases } = get(name);
    const number = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
    if (number === undefined) throw new RunyardError('bad_input', `Registered model alias ${alias} not found.`);
    return version(name, number);
  };
  const setAlias = (name: string, alias: string, number: number): void => {
    const model = get(name);
    put({ ...model, aliases: { ...model.aliases, [alias]: version(name, number).version } });
  };

  return {
    get, version, versions, byAlias,
    create(name, { description, tags }) {
      checkModelName(name);
      const taken = find(name);
      if (taken) throw alreadyThere(name, isPrompt(taken.tags), isPrompt(tags));
      const t = now();
      return put({ name, created: t, updated: t, description, tags, aliases: {}, last: 0 });
    },
    list: () => records.list('registeredModel').map(({ doc }) => registeredModel.parse(doc)),
    describe: (name, description) => put({ ...get(name), description, updated: now() }),
    rename(name, next) {
      checkModelName(next, 'new_name');
      const model = get(name);
      if (next !== name && find(next)) throw new RunyardError('already_exists', `Registered Model (name=${next}) already exists.`);
      const t = now();
      return records.together(() => {
        for (const one of versions(name)) {
          records.remove('modelVersion', idOf(name, one.version));
          putVersion({ ...one, name: next, updated: t });
        }
        records.remove('registeredModel', name);
        return put({ ...model, name: next, updated: t });
      });
    },
    remove(name) {
      const model = get(name);
      records.together(() => {
        for (const one of versions(name)) records.remove('modelVersion', idOf(name, one.version));
        records.remove('registeredModel', model.name);
      });
    },
    tag(name, change) { const model = get(name); put({ ...model, tags: changed(model.tags, change) }); },

    addVersion(name, { number, created, user = null, status = 'READY', ...made }) {
      return records.together(() => {
        const model = get(name);
        const t = now();
        const next = number ?? model.last + 1;
        if (records.get('modelVersion', idOf(name, next))) throw new RunyardError('already_exists', `Model Version (name=${name}, version=${next}) already exists.`);
        put({ ...model, last: Math.max(model.last, next), updated: t });
        return putVersion({ ...made, name, version: next, created: created ?? t, updated: t, user, stage: 'None', status, statusMessage: '' });
      });
    },
    setStatus(name, number, status) { putVersion({ ...version(name, number), status }); },
    latest(name) {
      const first = new Map<Stage, ModelVersion>();
      for (const one of versions(name)) if (!first.has(one.stage)) first.set(one.stage, one);
      return [...first.values()].sort((a, b) => a.version - b.version);
    },
    describeVersion: (name, number, description) => putVersion({ ...version(name, number), description, updated: now() }),
    tagVersion(name, number, change) { const one = version(name, number); putVersion({ ...one, tags: changed(one.tags, change) }); },
    removeVersion(name, number) {
      records.together(() => {
        const one = version(name, number);
        const model = get(name);
        put({ ...model, updated: now(), aliases: Object.fromEntries(Object.entries(model.aliases).filter(([, at]) => at !== one.version)) });
        records.remove('modelVersion', idOf(name, one.version));
      });
    },
    move(name, number, { stage, archive }) {
      if (archive) checkArchiving(stage);
      return records.together(() => {
        const one = version(name, number);
        const t = now();
        if (archive) for (const other of versions(name)) if (other.version !== one.version && other.stage === stage) putVersion({ ...other, stage: 'Archived', updated: t });
        touch(name);
        return putVersion({ ...one, stage, updated: t });
      });
    },

    setAlias(name, alias, number) {
      checkModelName(name);
      checkNewAlias(alias);
      setAlias(name, alias, number);
    },
    removeAlias(name, alias) {
      checkAlias(alias);
      const model = get(name);
      if (Object.hasOwn(model.aliases, alias)) put({ ...model, aliases: Object.fromEntries(Object.entries(model.aliases).filter(([one]) => one !== alias)) });
    },
    resolve(address) {
      if ('alias' in address) return byAlias(address.name, address.alias);
      if ('version' in address) return version(get(address.name).name, address.version);
      if (address.stage === null) return newest(address.name);
      const found = versions(get(address.name).name).find(({ stage }) => stage === address.stage);
      if (!found) throw new RunyardError('not_found', `No versions of model with name '${address.name}' and stage '${address.stage}' found`);
      return found;
    },
  };
}

const changed = (tags: Readonly<Words>, { set = {}, remove = [] }: TagChange): Words =>
  ({ ...Object.fromEntries(Object.entries(tags).filter(([key]) => !remove.includes(key))), ...set });

/** A prompt and a model can't share a name, and who tries is told which of them has it. */
function alreadyThere(name: string, oldPrompt: boolean, newPrompt: boolean): RunyardError {
  const word = (prompt: boolean): string => (prompt ? 'Prompt' : 'Registered Model');
  return new RunyardError('already_exists', oldPrompt === newPrompt ? `${word(newPrompt)} (name=${name}) already exists.`
    : `Tried to create a ${word(newPrompt).toLowerCase()} with name '${name}', but the name is already taken by a ${word(oldPrompt).toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`);
}
