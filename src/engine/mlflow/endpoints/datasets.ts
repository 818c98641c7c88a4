/** Datasets: those that an experiment's runs read, and mlflow.genai's own. Source: mlflow.server.handlers, mlflow/protos/datasets.proto (3.17). */
import * as z from 'zod';
import { createEvaluationDatasets, type EvaluationDataset, type EvaluationDatasets, type EvaluationRecord } from '../../../core/registry/evaluation-datasets';
import { printExact, readExact } from '../../../core/registry/exact-json';
import { compareDocuments, matches, parseDocumentFilter, parseDocumentOrder, type DocumentKey, type Grammar, type Lookup } from '../../../core/domain/filter/documents';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';
import { int, list, required, text } from '../fields';
import { nextPage, offsetOf, pageSize } from '../paging';
import { route, type Route } from '../router';

const D = '/api/3.0/mlflow/datasets';
const byId = z.object({ dataset_id: required });
const search = z.object({ experiment_ids: list(text), filter_string: text.default(''), max_results: int.optional(), order_by: list(text), page_token: text.optional() });
const page = byId.extend({ max_results: int.optional(), page_token: text.optional() });
const among = byId.extend({ experiment_ids: list(text) });

export function datasetRoutes(context: MlflowContext): Route[] {
  const datasets = createEvaluationDatasets(context.store.records, context.clock);
  const summaries = z.object({ experiment_ids: list(text) });
  return [
    // The second is how MLflow's own server spells it.
    ...['/api/2.0/mlflow', '/api/2.0mlflow'].map((base) => route(`POST ${base}/experiments/search-datasets`, summaries, ({ experiment_ids: ids }) => summariesOf(context, ids))),
    route(`POST ${D}/create`, z.object({ name: required, experiment_ids: list(text), tags: text.optional() }), ({ name, experiment_ids: experiments, tags }) => {
      const made = datasets.create({ name, experiments, tags: tags ? readTags(tags) : {} });
      return { dataset: { ...wireDataset(made), ...(made.experiments.length > 0 ? { experiment_ids: made.experiments } : {}) } };
    }),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${D}/search`, search, (asked) => searchDatasets(datasets, asked))),
    route(`GET ${D}/:dataset_id`, byId, ({ dataset_id: id }) => ({ dataset: wireDataset(datasets.get(id)) })),
    route(`DELETE ${D}/:dataset_id`, byId, ({ dataset_id: id }) => { datasets.remove(id); return {}; }),
    route(`PATCH ${D}/:dataset_id/tags`, byId.extend({ tags: required }), ({ dataset_id: id, tags }) => { datasets.tag(id, readTags(tags)); return {}; }),
    route(`DELETE ${D}/:dataset_id/tags/:key`, byId.extend({ key: required }), ({ dataset_id: id, key }) => { datasets.untag(id, key); return {}; }),
    route(`POST ${D}/:dataset_id/records`, byId.extend({ records: required }), ({ dataset_id: id, records }) => {
      const { inserted, updated } = datasets.upsert(id, records);
      return { inserted_count: inserted, updated_count: updated };
    }),
    route(`GET ${D}/:dataset_id/records`, page, (asked) => recordsOf(datasets, asked)),
    route(`DELETE ${D}/:dataset_id/records`, byId.extend({ dataset_record_ids: list(text) }), ({ dataset_id: id, dataset_record_ids: ids }) => ({ deleted_count: datasets.removeRecords(id, ids) })),
    route(`GET ${D}/:dataset_id/experiment-ids`, byId, ({ dataset_id: id }) => ({ experiment_ids: datasets.list().find((one) => one.id === id)?.experiments ?? [] })),
    route(`POST ${D}/:dataset_id/add-experiments`, among, ({ dataset_id: id, experiment_ids: ids }) => {
      const before = datasets.get(id).experiments;
      for (const one of ids) if (!context.store.experimentById(Number(one))) throw missing(`No Experiment with id=${one}`);
      return { dataset: wireDataset(datasets.setExperiments(id, [...before, ...ids])) };
    }),
    route(`POST ${D}/:dataset_id/remove-experiments`, among, ({ dataset_id: id, experiment_ids: ids }) => {
      const before = datasets.get(id).experiments;
      return { dataset: wireDataset(datasets.setExperiments(id, before.filter((one) => !ids.includes(one)))) };
    }),
  ];
}

const SUMMARIES = 1000;

/** The different datasets that an experiment's runs read, with what each was for. */
async function summariesOf({ store, tracker }: MlflowContext, ids: readonly string[]): Promise<unknown> {
  if (ids.length === 0) throw invalid('SearchDatasets request must specify at least one experiment_id.');
  if (ids.length > 20) throw invalid(`SearchDatasets request cannot specify more than 20 experiment_ids. Received ${ids.length} experiment_ids.`);
  await tracker.clients.flush();
  const found = new Map<string, Record<string, string>>();
  for (const id of ids) {
    const experiment = store.experimentById(Number(id));
    if (!experiment) continue;
    const { rows } = store.search({ experiments: [experiment.name], filter: '', orderBy: [], limit: -1, offset: 0, view: 'all', columns: [] });
    for (const { id: run } of rows) {
      for (const { name, digest, role, mlflow } of store.datasets(run)) {
        const use = mlflow ? mlflow.tags['mlflow.data.context'] : role || undefined;
        found.set(JSON.stringify([id, name, digest, use]), { experiment_id: id, name, digest, ...(use === undefined ? {} : { context: use }) });
      }
      if (found.size >= SUMMARIES) break;
    }
  }
  return { dataset_summaries: [...found.values()].slice(0, SUMMARIES) };
}

function readTags(json: string): Record<string, string> {
  const tags = z.record(z.string(), z.unknown()).safeParse(parse(json));
  if (!tags.success) throw invalid("Invalid value for parameter 'tags' supplied: it must be a JSON object");
  return Object.fromEntries(Object.entries(tags.data).flatMap(([key, value]) => (value === null ? [] : [[key, typeof value === 'string' ? value : JSON.stringify(value)]])));
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined; // told by the caller, with the field's name
  }
}

function wireDataset(one: EvaluationDataset): Record<string, unknown> {
  return {
    dataset_id: one.id, name: one.name, tags: JSON.stringify(one.tags), ...(one.schema === null ? {} : { schema: one.schema }),
    ...(one.count === 0 ? {} : { profile: JSON.stringify({ num_records: one.count }) }), digest: one.digest, created_time: one.created, last_update_time: one.updated,
    ...(one.createdBy === null ? {} : { created_by: one.createdBy }), ...(one.updatedBy === null ? {} : { last_updated_by: one.updatedBy }),
  };
}

function wireRecord(one: EvaluationRecord): Record<string, unknown> {
  const known = (name: string, json: string | null): Record<string, unknown> => (json === null ? {} : { [name]: readExact(json) });
  const said = (name: string, value: string | null): Record<string, string> => (value === null ? {} : { [name]: value });
  return {
    dataset_record_id: one.id, dataset_id: one.dataset, ...known('inputs', one.inputs), ...known('expectations', one.expectations), ...known('tags', one.tags), ...known('source', one.source),
    ...said('source_id', one.sourceId), ...said('source_type', one.sourceType), created_time: one.created, last_update_time: one.updated,
    ...said('created_by', one.createdBy), ...said('last_updated_by', one.updatedBy), ...known('outputs', one.outputs),
  };
}

function recordsOf(datasets: EvaluationDatasets, { dataset_id: id, max_results: asked, page_token: token }: z.output<typeof page>): unknown {
  const size = pageSize(asked === 0 ? undefined : asked, { otherwise: 1000, most: 50_000 });
  const offset = offsetOf(token);
  const found = datasets.records(id, { offset, limit: size + 1 });
  const shown = found.slice(0, size);
  return { records: printExact(shown.map(wireRecord)), ...nextPage(offset, shown.length, offset + found.length) };
}

const TAGS = { entity: 'tag', type: 'text' } as const;
const GRAMMAR: Grammar = {
  attributes: { name: 'text', created_time: 'number', last_update_time: 'number', created_by: 'text', last_updated_by: 'text' }, prefixes: { tag: TAGS, tags: TAGS }, orderable: ['name', 'created_time', 'last_update_time'],
};

function searchDatasets(datasets: EvaluationDatasets, asked: z.output<typeof search>): unknown {
  const size = pageSize(asked.max_results === 0 ? undefined : asked.max_results, { otherwise: 1000, most: 50_000 });
  const filter = parseDocumentFilter(asked.filter_string, GRAMMAR);
  const order = parseDocumentOrder(asked.order_by.length > 0 ? asked.order_by : ['created_time DESC'], GRAMMAR);
  const offset = offsetOf(asked.page_token);
  const within = (one: EvaluationDataset): boolean => asked.experiment_ids.length === 0 || one.experiments.some((id) => asked.experiment_ids.includes(id));
  const found = datasets.list().filter((one) => within(one) && matches(filter, look(one)));
  found.sort((a, b) => compareDocuments(order, look(a), look(b)) || (a.id < b.id ? 1 : -1));
  const shown = found.slice(offset, offset + size);
  return { datasets: shown.map(wireDataset), ...nextPage(offset, shown.length, found.length) };
}

const look = (one: EvaluationDataset): Lookup => ({ entity, name }: DocumentKey) => {
  if (entity === 'tag') return Object.hasOwn(one.tags, name) ? one.tags[name] : undefined;
  switch (name) {
    case 'name': return one.name;
    case 'created_time': return one.created;
    case 'last_update_time': return one.updated;
    case 'created_by': return one.createdBy ?? undefined;
    default: return one.updatedBy ?? undefined;
  }
};
