/** Logged models as records. Source of the rules: mlflow.store.tracking.sqlalchemy_store (3.17). */
import { randomUUID } from 'node:crypto';
import { RunyardError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { ModelStatus } from '../../protocol/logged-model';
import { loggedModel, type LoggedModel } from '../domain/logged-model';
import type { Records } from '../store/records';

type Words = Record<string, string>;
export interface NewLoggedModel { experiment: number; name: string; type: string; run: string; params: Words; tags: Words; /** where the experiment's files lie */ location: string }

/** What can't be found throws not_found; a model that was deleted can still be changed, and isn't found by search. */
export interface LoggedModels {
  /** PENDING, with an id of its own. Throws bad_input for a name that none can have. */
  create(made: NewLoggedModel): LoggedModel;
  find(id: string): LoggedModel | undefined;
  /** Deleted ones only where that is asked for. */
  get(id: string, options?: { deleted?: boolean }): LoggedModel;
  /** The newest first. */
  list(experiments: readonly number[]): LoggedModel[];
  finalize(id: string, status: ModelStatus): LoggedModel;
  /** A param is said once: the same value again changes nothing, another one throws bad_input. */
  addParams(id: string, params: readonly { key: string; value: string }[]): void;
  tag(id: string, tags: Words): void;
  untag(id: string, key: string): void;
  remove(id: string): void;
}

const BAD = ['/', ':', '.', '%', '"', "'"];

export function checkLoggedModelName(name: string): void {
  if (name !== '' && !BAD.some((bad) => name.includes(bad))) return;
  throw new RunyardError('bad_input', `Invalid model name ('${name}') provided. Model name must be a non-empty string and cannot contain the following characters: ${BAD.join(' ')}`);
}

/** Params by key. Throws bad_input where one comes twice. */
export function uniqueParams(params: readonly { key: string; value: string }[]): Words {
  const found = new Map<string, string>();
  for (const { key, value } of params) {
    if (found.has(key)) throw new RunyardError('bad_input', `Duplicate parameter keys have been submitted: ['${key}']. Please ensure the request contains only one param value per param key.`);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

export function createLoggedModels(records: Records, clock: Clock): LoggedModels {
  const now = (): number => Math.round(clock() * 1000);
  const find = (id: string): LoggedModel | undefined => {
    const row = records.get('loggedModel', id);
    return row && loggedModel.parse(row.doc);
  };
  const any = (id: string): LoggedModel => {
    const found = find(id);
    if (!found) throw missing(id);
    return found;
  };
  const put = (said: Omit<LoggedModel, 'heard'>): LoggedModel => {
    const model = { ...said, heard: clock() };
    records.put('loggedModel', { id: model.id, scope: String(model.experiment), sort: model.created, doc: model });
    return model;
  };
  return {
    find,
    create({ location, ...made }) {
      checkLoggedModelName(made.name);
      const id = `m-${randomUUID().replaceAll('-', '')}`;
      const t = now();
      return put({ ...made, id, status: 'LOGGED_MODEL_PENDING', statusMessage: '', artifacts: `${location.replace(/\/$/, '')}/models/${id}/artifacts`, created: t, updated: t, deleted: false });
    },
    get(id, { deleted = false } = {}) {
      const found = any(id);
      if (found.deleted && !deleted) throw missing(id);
      return found;
    },
    list: (experiments) => records.list('loggedModel', { scopes: experiments.map(String) }).map(({ doc }) => loggedModel.parse(doc)),
    finalize: (id, status) => put({ ...any(id), status, updated: now() }),
    addParams(id, params) {
      const model = any(id);
      const added = uniqueParams(params);
      const again = Object.keys(added).find((key) => Object.hasOwn(model.params, key) && model.params[key] !== added[key]);
      if (again !== undefined) throw new RunyardError('bad_input', `Changing param values is not allowed. Param with key='${again}' was already logged with value='${model.params[again]}' for model ID='${id}'.`);
      put({ ...model, params: { ...model.params, ...added } });
    },
    tag(id, tags) { const model = any(id); put({ ...model, tags: { ...model.tags, ...tags } }); },
    untag(id, key) {
      const model = any(id);
      if (!Object.hasOwn(model.tags, key)) throw new RunyardError('not_found', `No tag with key '${key}' found for model with ID '${id}'.`);
      put({ ...model, tags: Object.fromEntries(Object.entries(model.tags).filter(([one]) => one !== key)) });
    },
    remove(id) { put({ ...any(id), deleted: true, updated: now() }); },
  };
}

const missing = (id: string): RunyardError => new RunyardError('not_found', `Logged model with ID '${id}' not found.`);
