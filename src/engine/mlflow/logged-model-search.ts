/** Finds logged models. Source: mlflow.store.tracking.sqlalchemy_store.search_logged_models, mlflow.utils.search_logged_model_utils (3.17). */
import * as z from 'zod';
import { compareDocuments, matches, parseDocumentFilter, type DocumentCondition, type DocumentOrder, type Grammar, type Lookup } from '../../core/domain/filter/documents';
import type { LoggedModel } from '../../core/domain/logged-model';
import type { LoggedModels } from '../../core/registry/logged-models';
import type { ModelMetric } from '../../core/store/models';
import type { Store } from '../../core/store/store';
import { MODEL_STATUSES } from '../../protocol/logged-model';
import { toNumber } from '../../protocol/spool';
import { invalid } from './errors';
import { flag, int, list, text } from './fields';
import { pageSize } from './paging';
import { wireLoggedModel } from './registry-wire';

const dataset = z.object({ dataset_name: text.default(''), dataset_digest: text.optional() });
const orderBy = z.object({ field_name: text.default(''), ascending: flag.default(true), dataset_name: text.optional(), dataset_digest: text.optional() });
export const loggedModelSearch = z.object({
  experiment_ids: z.array(text), filter: text.default(''), datasets: list(dataset), max_results: int.optional(), order_by: list(orderBy), page_token: text.optional(),
});
type Asked = z.output<typeof loggedModelSearch>;
type OrderBy = z.output<typeof orderBy>;
type Dataset = z.output<typeof dataset>;

const GRAMMAR: Grammar = {
  attributes: {
    model_id: 'text', experiment_id: 'text', name: 'text', model_type: 'text', source_run_id: 'text', status: 'text', status_message: 'text', artifact_location: 'text', lifecycle_stage: 'text',
    creation_time: 'number', creation_timestamp: 'number', creation_timestamp_ms: 'number', last_updated_timestamp: 'number', last_updated_timestamp_ms: 'number',
  },
  prefixes: { metrics: { entity: 'metric', type: 'number' }, params: { entity: 'param', type: 'text' }, tags: { entity: 'tag', type: 'text' } },
};

/** The page that was asked for. Throws INVALID_PARAMETER_VALUE. */
export function searchLoggedModels({ store, models }: { store: Store; models: LoggedModels }, asked: Asked): unknown {
  if (asked.datasets.some((one) => one.dataset_name === '')) throw invalid('`dataset_name` in the `datasets` clause must be specified.');
  const size = pageSize(asked.max_results === 0 ? undefined : asked.max_results, { otherwise: 50, most: 50_000 });
  const offset = readToken(asked);
  const conditions = parseDocumentFilter(asked.filter, GRAMMAR);
  const measured = measuresOf(store);
  const meetsAll = conditionsOf(conditions, { datasets: asked.datasets, measured });
  const { order, keyed } = orderOf(asked.order_by, measured);
  const ids = asked.experiment_ids.map(Number).filter(Number.isInteger);
  const found = models.list(ids).filter((one) => !one.deleted && meetsAll(one)).map((one) => ({ one, look: keyed(one) }));
  found.sort((a, b) => compareDocuments(order, a.look, b.look));
  const page = found.slice(offset, offset + size);
  return {
    models: page.map(({ one }) => wireLoggedModel(one, measured(one))),
    ...(offset + page.length < found.length ? { next_page_token: writeToken({ ...askedOf(asked), offset: offset + page.length }) } : {}),
  };
}

type Measured = (model: LoggedModel) => readonly ModelMetric[];

/** A model's figures, read once a search. */
function measuresOf(store: Store): Measured {
  const known = new Map<string, readonly ModelMetric[]>();
  return ({ id }) => {
    const found = known.get(id) ?? store.modelMetrics(id);
    known.set(id, found);
    return found;
  };
}

const on = (metric: ModelMetric, { dataset_name: name, dataset_digest: digest }: Partial<Dataset>): boolean => (!name || metric.datasetName === name) && (!digest || metric.datasetDigest === digest);

/** A condition on a metric is met where any of its figures meets it, on one of the datasets where there are some. Without such a condition, one figure on them is enough. */
function conditionsOf(conditions: readonly DocumentCondition[], { datasets, measured }: { datasets: readonly Dataset[]; measured: Measured }): (model: LoggedModel) => boolean {
  const onMetrics = conditions.filter(({ key }) => key.entity === 'metric');
  const others = conditions.filter(({ key }) => key.entity !== 'metric');
  const within = (metric: ModelMetric): boolean => datasets.length === 0 || datasets.some((one) => on(metric, one));
  return (model) => {
    if (!matches(others, look(model))) return false;
    if (onMetrics.length === 0) return datasets.length === 0 || measured(model).some(within);
    return onMetrics.every((condition) => measured(model).some((metric) => metric.key === condition.key.name && within(metric) && matches([condition], () => toNumber(metric.value))));
  };
}

/** Terms as documents are compared by; a term of a metric has its place as its key, for each may be of another dataset. */
function orderOf(terms: readonly OrderBy[], measured: Measured): { order: DocumentOrder[]; keyed(model: LoggedModel): Lookup } {
  const order = terms.map(({ field_name: field, ascending }, i): DocumentOrder => {
    const dot = field.indexOf('.');
    if (dot < 0) {
      const type = Object.hasOwn(GRAMMAR.attributes, field) ? GRAMMAR.attributes[field] : undefined;
      if (!type) throw invalid(`Invalid order by field name: ${field}`);
      return { key: { entity: 'attribute', name: field, type }, descending: !ascending };
    }
    if (field.slice(0, dot) !== 'metrics') throw invalid(`Invalid order by field name: ${field}. Only metrics are supported.`);
    return { key: { entity: 'metric', name: String(i), type: 'number' }, descending: !ascending };
  });
  order.push({ key: { entity: 'attribute', name: 'creation_timestamp', type: 'number' }, descending: true }, { key: { entity: 'attribute', name: 'model_id', type: 'text' }, descending: false });
  return {
    order,
    keyed: (model) => {
      const plain = look(model);
      const figures = terms.map((term) => (term.field_name.startsWith('metrics.') ? latest(measured(model), term) : undefined));
      return (key) => (key.entity === 'metric' ? figures[Number(key.name)] : key.name === 'status' ? MODEL_STATUSES.indexOf(model.status) : plain(key));
    },
  };
}

function latest(metrics: readonly ModelMetric[], term: OrderBy): number | undefined {
  const key = term.field_name.slice('metrics.'.length);
  const of = metrics.filter((metric) => metric.key === key && on(metric, term)).sort((a, b) => b.t - a.t || b.step - a.step || (a.run < b.run ? -1 : 1));
  return of[0] && toNumber(of[0].value);
}

const look = (one: LoggedModel): Lookup => ({ entity, name }) => {
  if (entity === 'tag') return Object.hasOwn(one.tags, name) ? one.tags[name] : undefined;
  if (entity === 'param') return Object.hasOwn(one.params, name) ? one.params[name] : undefined;
  switch (name) {
    case 'model_id': return one.id;
    case 'experiment_id': return String(one.experiment);
    case 'name': return one.name;
    case 'model_type': return one.type;
    case 'source_run_id': return one.run;
    case 'status': return one.status;
    case 'status_message': return one.statusMessage;
    case 'artifact_location': return one.artifacts;
    case 'lifecycle_stage': return one.deleted ? 'deleted' : 'active';
    case 'creation_time': case 'creation_timestamp': case 'creation_timestamp_ms': return one.created;
    default: return one.updated;
  }
};

/** A page's token holds what was asked, for it means nothing with another question. Source: SearchLoggedModelsPaginationToken. */
const token = z.object({ experiment_ids: z.array(z.string()), filter_string: z.string(), order_by: z.array(orderBy), offset: z.number().int().min(0) });
type Token = z.output<typeof token>;

const askedOf = (asked: Asked): Omit<Token, 'offset'> => ({ experiment_ids: asked.experiment_ids, filter_string: asked.filter, order_by: asked.order_by });
const writeToken = (page: Token): string => Buffer.from(JSON.stringify(page)).toString('base64');

function readToken(asked: Asked): number {
  if (!asked.page_token) return 0;
  let page: Token;
  try {
    page = token.parse(JSON.parse(Buffer.from(asked.page_token, 'base64').toString('utf8')));
  } catch {
    throw invalid('Invalid page token, could not base64-decode');
  }
  const now = askedOf(asked);
  for (const [field, words] of [['experiment_ids', 'Experiment IDs'], ['filter_string', 'Filter string'], ['order_by', 'Order by']] as const) {
    if (JSON.stringify(page[field]) !== JSON.stringify(now[field])) throw invalid(`${words} in the page token does not match the request: a token is good for the search that gave it.`);
  }
  return page.offset;
}
