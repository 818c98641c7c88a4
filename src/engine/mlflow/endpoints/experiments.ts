/** Experiments. Source: MLflow REST API, experiments; mlflow.store.tracking.sqlalchemy_store. */
import * as z from 'zod';
import type { ExperimentRecord } from '../../../core/store/experiments';
import { compareDocuments, matches, parseDocumentFilter, parseDocumentOrder, type DocumentKey, type Grammar, type Lookup } from '../../../core/domain/filter/documents';
import type { MlflowContext } from '../context';
import { exists, invalid, missing, MlflowError } from '../errors';
import { int, list, pairs, required, text } from '../fields';
import { nextPage, offsetOf, pageSize, viewType } from '../paging';
import { route, type Route } from '../router';
import { checkExperimentActive, experimentOf } from '../runs';
import { checkExperimentName, checkExperimentTag } from '../validation';
import { milliseconds, recordOf, wireExperiment } from '../wire';

const B = '/api/2.0/mlflow/experiments';
const byId = z.object({ experiment_id: required });

export function experimentRoutes(context: MlflowContext): Route[] {
  const { store } = context;
  const search = z.object({ view_type: viewType, max_results: int.optional(), order_by: list(text), filter: text.default(''), page_token: text.optional() });
  return [
    route(`POST ${B}/create`, z.object({ name: required, artifact_location: text.optional(), tags: pairs }), ({ name, artifact_location: location, tags }) => {
      checkExperimentName(name);
      for (const tag of tags) checkExperimentTag(tag);
      if (location) checkLocation(location);
      if (store.experimentNamed(name)) throw exists(`Experiment(name=${name}) already exists.`);
      const made = store.createExperiment({ name, created: context.clock(), tags: recordOf(tags), location: location || null });
      context.changed([]);
      return { experiment_id: String(made.id) };
    }),
    route(`GET ${B}/get`, byId, ({ experiment_id }) => ({ experiment: wireExperiment(experimentOf(context, experiment_id)) })),
    route(`GET ${B}/get-by-name`, z.object({ experiment_name: required }), ({ experiment_name: name }) => {
      const found = store.experimentNamed(name);
      if (!found) throw missing(`Could not find experiment with name '${name}'`);
      return { experiment: wireExperiment(found) };
    }),
    route(`POST ${B}/update`, z.object({ experiment_id: required, new_name: required }), ({ experiment_id, new_name: name }) => {
      checkExperimentName(name);
      const found = experimentOf(context, experiment_id);
      if (found.trashed !== null) throw new MlflowError('INVALID_STATE', 'Cannot rename a non-active experiment.');
      if (store.experimentNamed(name) && name !== found.name) throw exists(`Experiment(name=${name}) already exists.`);
      store.editExperiment(found.id, { name });
      context.changed([]);
      return {};
    }),
    route(`POST ${B}/delete`, byId, ({ experiment_id }) => throwAway(context, experiment_id, true)),
    route(`POST ${B}/restore`, byId, ({ experiment_id }) => throwAway(context, experiment_id, false)),
    route(`POST ${B}/set-experiment-tag`, byId.extend({ key: required, value: text.default('') }), ({ experiment_id, key, value }) => {
      checkExperimentTag({ key, value });
      const found = experimentOf(context, experiment_id);
      checkExperimentActive(found);
      store.editExperiment(found.id, { setTags: { [key]: value } });
      return {};
    }),
    route(`POST ${B}/delete-experiment-tag`, byId.extend({ key: required }), ({ experiment_id, key }) => {
      const found = experimentOf(context, experiment_id);
      checkExperimentActive(found);
      if (!Object.hasOwn(found.tags, key)) throw missing(`No tag with name: ${key} in experiment with id ${experiment_id}`);
      store.editExperiment(found.id, { deleteTags: [key] });
      return {};
    }),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${B}/search`, search, (asked) => searchExperiments(context, asked))),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${B}/list`, search, (asked) => searchExperiments(context, asked))),
  ];
}

function checkLocation(location: string): void {
  if (location.length > 2048) throw invalid("'artifact_location' exceeds the maximum length of 2048 characters");
  if (/^(https?:|mlflow-artifacts:\/\/[^/])/i.test(location)) throw invalid(`Invalid artifact_location '${location}': it must be a place that clients write to themselves, or mlflow-artifacts:/path`);
  if (/[?#]/.test(location)) throw invalid(`Invalid artifact_location '${location}': it must not have a query or fragment`);
  if (/(^|[\\/])\.\.([\\/]|$)/.test(location)) throw invalid(`Invalid artifact_location '${location}': it must not contain '..'`);
}

/** Its runs go and come back with it. */
async function throwAway(context: MlflowContext, id: string, trashed: boolean): Promise<Record<string, never>> {
  const { store, tracker } = context;
  const found = experimentOf(context, id);
  if ((found.trashed !== null) === trashed) throw missing(`No Experiment with id=${found.id} exists`);
  const { rows } = store.search({ experiments: [found.name], filter: '', orderBy: [], limit: -1, offset: 0, view: trashed ? 'active' : 'trashed', columns: [] });
  const t = context.clock();
  store.editExperiment(found.id, { trashed });
  for (const { id: run } of rows) tracker.clients.say(run, [{ e: 'edit', t, trashed }]);
  for (const { id: run } of rows) await tracker.clients.flush(run);
  context.changed(rows.map(({ id: run }) => run));
  return {};
}

const GRAMMAR: Grammar = {
  attributes: { name: 'text', experiment_id: 'text', creation_time: 'number', last_update_time: 'number' },
  prefixes: { tag: { entity: 'tag', type: 'text' }, tags: { entity: 'tag', type: 'text' } },
  orderable: ['name', 'experiment_id', 'creation_time', 'last_update_time'],
};

interface Asked { view_type: 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'; max_results?: number; order_by: string[]; filter: string; page_token?: string }

function searchExperiments({ store }: MlflowContext, asked: Asked): unknown {
  const size = pageSize(asked.max_results, { otherwise: 1000, most: 50_000 });
  const filter = parseDocumentFilter(asked.filter, GRAMMAR);
  const order = parseDocumentOrder([...(asked.order_by.length > 0 ? asked.order_by : ['creation_time DESC']), 'experiment_id ASC'], GRAMMAR);
  const offset = offsetOf(asked.page_token);
  const inView = (one: ExperimentRecord): boolean => asked.view_type === 'ALL' || (one.trashed === null) === (asked.view_type === 'ACTIVE_ONLY');
  const found = store.experimentRecords().filter((one) => inView(one) && matches(filter, look(one)));
  // Ids are compared as the numbers that they are.
  found.sort((a, b) => compareDocuments(order, look(a, true), look(b, true)));
  const page = found.slice(offset, offset + size);
  return { experiments: page.map(wireExperiment), ...nextPage(offset, page.length, found.length) };
}

const look = (one: ExperimentRecord, ordering = false): Lookup => ({ entity, name }: DocumentKey) => {
  if (entity === 'tag') return one.tags[name];
  switch (name) {
    case 'name': return one.name;
    case 'experiment_id': return ordering ? one.id : String(one.id);
    case 'creation_time': return milliseconds(one.created);
    default: return milliseconds(one.updated);
  }
};
