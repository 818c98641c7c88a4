/** A running MLflow server, read by its REST interface: page by page, nothing held that isn't needed. */
import { RunyardError } from '../../base/errors';
import { arrayOf, isObject, objectOf, parseJson, tagsOf, textOf, type Json, type JsonObject } from '../json';
import type { Artifact, Experiment, Fault, LoggedModel, ModelVersion, Owner, Point, Run, Source, Trace } from '../model';
import { fromProto } from '../spans';
import { spansIn } from '../trace-files';
import { isMissing, type MlflowClient } from './client';
import { serverFiles } from './files';
import { toExperiment, toModel, toPoint, toRegistered, toRun, toVersion } from './wire';

export const API = '/api/2.0/mlflow';
export const API3 = '/api/3.0/mlflow';

type Ask = (token: string | undefined) => Promise<JsonObject>;
/** What a server's page token is for: all pages of a list, one item after the other. */
export async function* pages(ask: Ask, key: string): AsyncGenerator<Json> {
  let token: string | undefined;
  do {
    const answer = await ask(token);
    yield* arrayOf(answer[key]);
    token = textOf(answer['next_page_token']) || undefined;
  } while (token !== undefined);
}

const PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'";
const withToken = (token: string | undefined): JsonObject => (token === undefined ? {} : { page_token: token });

export interface ServerSource extends Source {
  /** Aliases and versions of one model; undefined where there is none. */
  registeredModel(name: string): Promise<ReturnType<typeof toRegistered> | undefined>;
  traceInfo(id: string): Promise<JsonObject | undefined>;
  /** Runs that carry a tag, with any value where that is null. */
  marked(experiment: Pick<Experiment, 'id'>, tag: Record<string, string | null>): AsyncIterable<Run>;
  models(experiment: Pick<Experiment, 'id'>): AsyncIterable<LoggedModel>;
}

export function serverSource(client: MlflowClient, fault: Fault): ServerSource {
  const metricNames = new Map<string, string[]>();
  const post = (path: string, body: JsonObject, api = API): Ask => (token) => client.send('POST', `${api}/${path}`, { ...body, ...withToken(token) });
  const versionsOf = async (name: string): Promise<ModelVersion[]> => {
    const versions: ModelVersion[] = [];
    const named = `name=${name.includes("'") ? `"${name}"` : `'${name}'`}`;
    // A plain search leaves a prompt's versions out.
    for (const filter of [named, `${named} AND ${PROMPTS}`]) {
      for await (const one of pages((token) => client.get(`${API}/model-versions/search`, { filter, max_results: 1000, page_token: token }), 'model_versions')) versions.push(toVersion(one));
      if (versions.length > 0) break;
    }
    return versions.sort((a, b) => a.version - b.version);
  };
  const registeredModel: ServerSource['registeredModel'] = async (name) => {
    const answer = await client.get(`${API}/registered-models/get`, { name }).catch(missing);
    return answer && toRegistered(answer['registered_model'], await versionsOf(name));
  };

  async function* runsOf(experiment: Pick<Experiment, 'id'>, filter: string): AsyncGenerator<Run> {
    const body = { experiment_ids: [experiment.id], run_view_type: 'ALL', filter, max_results: 500, order_by: ['attributes.start_time ASC'] };
    for await (const some of inGroups(pages(post('runs/search', body), 'runs'), 8)) {
      // A search leaves out which models a run read.
      const whole = await Promise.all(some.map((one) => client.get(`${API}/runs/get`, { run_id: toRun(one).id })));
      for (const { run: answer } of whole) {
        const { metrics, ...run } = toRun(answer);
        metricNames.set(run.id, metrics);
        yield run;
      }
    }
  }

  return {
    title: client.base,
    registeredModel,
    traceInfo: async (id) => {
      const answer = await client.get(`${API3}/traces/${encodeURIComponent(id)}`).catch(missing);
      return answer && objectOf(objectOf(answer['trace'])['trace_info']);
    },
    async *experiments() {
      for await (const one of pages(post('experiments/search', { max_results: 1000, view_type: 'ALL' }), 'experiments')) yield toExperiment(one);
    },
    marked: (experiment, tags) => runsOf(experiment, Object.entries(tags).map(([key, value]) => `tags.\`${key}\` ${value === null ? "!= ''" : `= '${value}'`}`).join(' and ')),
    runs: (experiment) => runsOf(experiment, ''),
    async *points(run) {
      const keys = metricNames.get(run.id) ?? toRun((await client.get(`${API}/runs/get`, { run_id: run.id }))['run']).metrics;
      for (const key of keys) yield* history(client, run, key, fault);
    },
    async *models(experiment) {
      yield* optional(async function* () {
        for await (const one of pages(post('logged-models/search', { experiment_ids: [experiment.id], max_results: 50 }), 'models')) yield toModel(one);
      });
    },
    async *registered() {
      // Prompts are registered models too, which a plain search leaves out.
      const seen = new Set<string>();
      for (const filter of [undefined, PROMPTS]) {
        for await (const one of pages((token) => client.get(`${API}/registered-models/search`, { max_results: 100, filter, page_token: token }), 'registered_models')) {
          const name = textOf(objectOf(one)['name']);
          if (seen.has(name)) continue;
          seen.add(name);
          const whole = await registeredModel(name);
          if (whole) yield whole;
        }
      }
    },
    async *traces(experiment) {
      const body = { locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment.id } }], max_results: 100 };
      yield* optional(async function* () {
        for await (const one of pages(post('traces/search', body, API3), 'traces')) yield await withSpans(client, objectOf(one), experiment, fault);
      });
    },
    async *evaluationDatasets() {
      yield* optional(async function* () {
        for await (const one of pages(post('datasets/search', { max_results: 100 }, API3), 'datasets')) yield await wholeDataset(client, objectOf(one));
      });
    },
    artifacts: (owner) => ownersFiles(client, owner, fault),
    leftOut: () => Promise.resolve(['logged models and traces in the trash of the server, which it does not list']),
    dispose() { metricNames.clear(); },
  };
}

async function* inGroups<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length >= size) { yield group; group = []; }
  }
  if (group.length > 0) yield group;
}

const missing = (error: unknown): undefined => {
  if (isMissing(error)) return undefined;
  throw error;
};

/** An older server that has no such thing has none of them. */
async function* optional<T>(work: () => AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* work();
  } catch (error) {
    missing(error);
  }
}

async function* history(client: MlflowClient, run: Run, key: string, fault: Fault): AsyncGenerator<Point[]> {
  let token: string | undefined;
  do {
    const answer = await client.get(`${API}/metrics/get-history`, { run_id: run.id, metric_key: key, max_results: 25_000, page_token: token });
    const points = arrayOf(answer['metrics']).map(toPoint);
    if (points.includes(null)) fault(`run ${run.id}`, `a figure of ${key} can't be read`);
    yield points.filter((point) => point !== null);
    token = textOf(answer['next_page_token']) || undefined;
  } while (token !== undefined);
}

async function withSpans(client: MlflowClient, info: JsonObject, experiment: Experiment, fault: Fault): Promise<Trace> {
  const id = textOf(info['trace_id'] ?? info['request_id']);
  const artifacts = textOf(objectOf(info['tags'])['mlflow.artifactLocation']);
  const trace: Trace = { id, experiment: experiment.id, info, spans: [], artifacts };
  if (textOf(objectOf(info['tags'])['mlflow.trace.spansLocation']) === 'TRACKING_STORE') {
    const answer = await client.get(`${API3}/traces/get`, { trace_id: id });
    trace.spans = arrayOf(objectOf(answer['trace'])['spans']).filter(isObject).map(fromProto);
    return trace;
  }
  trace.spans = await spansIn(ownersFiles(client, { kind: 'trace', of: trace }, fault, true), `trace ${id}`, fault);
  return trace;
}

async function wholeDataset(client: MlflowClient, doc: JsonObject): Promise<{ id: string; name: string; experiments: string[]; tags: Record<string, string>; doc: JsonObject; records: JsonObject[] }> {
  const id = textOf(doc['dataset_id']);
  const records: JsonObject[] = [];
  const ask: Ask = async (token) => {
    const answer = await client.get(`${API3}/datasets/${id}/records`, { max_results: 1000, page_token: token });
    return { ...answer, records: typeof answer['records'] === 'string' ? parseJson(answer['records'], { exact: true }) : answer['records'] ?? [] };
  };
  for await (const one of pages(ask, 'records')) if (isObject(one)) records.push(one);
  const { experiment_ids } = await client.get(`${API3}/datasets/${id}/experiment-ids`).catch((error: unknown) => missing(error) ?? ({} as JsonObject));
  return { id, name: textOf(doc['name']), experiments: arrayOf(experiment_ids ?? doc['experiment_ids']).map(textOf), tags: tagsOf(parsedText(doc['tags'])), doc, records };
}

const parsedText = (value: Json | undefined): Json => (typeof value === 'string' && value !== '' ? parseJson(value) : value ?? {});

async function* ownersFiles(client: MlflowClient, owner: Owner, fault: Fault, all = false): AsyncGenerator<Artifact> {
  try {
    for await (const file of serverFiles(client, owner)) if (all || owner.kind !== 'trace' || file.path !== 'traces.json') yield file;
  } catch (error) {
    if (error instanceof RunyardError && ['cancelled', 'engine_unreachable'].includes(error.code)) throw error;
    if (!isMissing(error)) fault(`files of ${owner.kind} ${owner.of.id}`, error instanceof Error ? error.message : String(error));
  }
}
