/** What runs log: metrics, params, tags, inputs and outputs, and metrics' histories. */
import * as z from 'zod';
import { toWire, type MlflowDataset, type SpoolEvent } from '../../../protocol/spool';
import { readSpec } from '../../../core/tracking/run-folder';
import type { MlflowContext } from '../context';
import { invalid } from '../errors';
import { double, int, list, pair, pairs, required, text } from '../fields';
import { nextPage, offsetOf } from '../paging';
import { route, type Call, type Route } from '../router';
import { checkActive, readRun, say, settle } from '../runs';
import { checkBatch, checkName, checkParams, checkTags } from '../validation';
import { recordOf, wireValue, type Pair } from '../wire';
import { runOf, tagEvents } from './runs';

const R = '/api/2.0/mlflow/runs';
const M = '/api/2.0/mlflow/metrics';

const metric = z.object({ key: required, value: double, timestamp: int, step: int.default(0), model_id: text.optional(), dataset_name: text.optional(), dataset_digest: text.optional() });
type Metric = z.output<typeof metric>;
const run = { run_id: text.optional(), run_uuid: text.optional() };
const dataset = z.object({ name: text.default(''), digest: text.default(''), source_type: text.default(''), source: text.default(''), schema: text.optional(), profile: text.optional() });
const datasetInput = z.object({ tags: pairs, dataset });

export function metricRoutes(context: MlflowContext): Route[] {
  return [
    route(`POST ${R}/log-metric`, metric.extend(run), (asked, call) => {
      const id = runOf(asked.run_id, asked.run_uuid);
      checkMetric(asked, 'key');
      checkActive(context, id);
      say(context, call, { run: id, events: [metricEvent(asked)] });
      return {};
    }),
    ...['log-parameter', 'log-param'].map((name) => route(`POST ${R}/${name}`, z.object({ ...run, key: required, value: text.default('') }), async ({ run_id, run_uuid, key, value }, call) => {
      const id = runOf(run_id, run_uuid);
      const params = checkParams([{ key, value }], () => '');
      checkActive(context, id);
      await sayParams(context, call, { run: id, params, events: [] });
      return {};
    })),
    route(`POST ${R}/log-batch`, z.object({ ...run, metrics: list(metric), params: pairsWithKey, tags: pairsWithKey }), async (asked, call) => {
      const id = runOf(asked.run_id, asked.run_uuid);
      asked.metrics.forEach((one, i) => checkMetric(one, `metrics[${i}].name`));
      const params = checkParams(asked.params);
      const tags = checkTags(asked.tags);
      checkBatch({ metrics: asked.metrics.length, params: params.length, tags: tags.length, bytes: call.size });
      checkActive(context, id);
      await sayParams(context, call, { run: id, params, events: [...asked.metrics.map(metricEvent), ...tagEvents(tags, context.clock())] });
      return {};
    }),
    route(`POST ${R}/log-inputs`, z.object({ run_id: required, datasets: list(datasetInput), models: list(z.object({ model_id: required })) }), ({ run_id: id, datasets, models }, call) => {
      datasets.forEach((one, i) => checkDataset(one, i));
      checkActive(context, id);
      const t = context.clock();
      say(context, call, {
        run: id, events: [...datasets.map((one): SpoolEvent => ({ e: 'dataset', t, dataset: datasetInfo(one) })), ...models.map(({ model_id: model }): SpoolEvent => ({ e: 'model', t, io: 'input', model, step: 0 }))],
      });
      return {};
    }),
    route(`POST ${R}/outputs`, z.object({ run_id: required, models: list(z.object({ model_id: required, step: int.default(0) })) }), ({ run_id: id, models }, call) => {
      checkActive(context, id);
      const t = context.clock();
      say(context, call, { run: id, events: models.map(({ model_id: model, step }) => ({ e: 'model', t, io: 'output', model, step })) });
      return {};
    }),
    route(`GET ${M}/get-history`, z.object({ ...run, metric_key: required, max_results: int.optional(), page_token: text.optional() }), async (asked) => {
      const id = runOf(asked.run_id, asked.run_uuid);
      if (asked.max_results !== undefined && asked.max_results <= 0) throw invalid(`Invalid value ${asked.max_results} for parameter 'max_results' supplied. It must be a positive integer.`);
      const offset = offsetOf(asked.page_token);
      await settle(context, id);
      const { points, total } = context.store.history(id, asked.metric_key, { limit: asked.max_results ?? -1, offset });
      const metrics = points.map(({ t, step, value }) => ({ key: asked.metric_key, value: wireValue(value), timestamp: t, step, run_id: id }));
      return { metrics, ...nextPage(offset, points.length, total) };
    }),
    route(`GET ${M}/get-history-bulk`, z.object({ run_id: list(text), metric_key: text.optional(), max_results: int.default(25_000) }), (asked) => bulkHistory(context, asked)),
    route(`GET ${M}/get-history-bulk-interval`, z.object({ run_ids: list(text), metric_key: required, start_step: int.optional(), end_step: int.optional(), max_results: int.default(2500) }), (asked) => intervalHistory(context, asked)),
  ];
}

const pairsWithKey = list(pair.extend({ key: required }));

function checkMetric({ key, timestamp }: Metric, at: string): void {
  checkName(key, at);
  if (timestamp < 0) throw invalid(`Invalid value ${timestamp} for parameter 'timestamp' supplied: metric '${key}'. Timestamp must be a nonnegative long (64-bit integer)`);
}

function metricEvent({ key, value, timestamp, step, model_id: model, dataset_name: name, dataset_digest: digest }: Metric): SpoolEvent {
  return { e: 'm', t: timestamp / 1000, s: step, m: { [key]: toWire(value) }, ...(model ? { model } : {}), ...(model && name ? { dataset: { name, digest: digest ?? '' } } : {}) };
}

interface Said { run: string; params: readonly Pair[]; events: SpoolEvent[] }

/**
 * A param is said once: another value is refused, and with it the whole request. What Runyard itself told of a run it started may be said
 * again by the script: its flag was 0.10, its value is 0.1.
 */
async function sayParams(context: MlflowContext, call: Call, { run: id, params, events }: Said): Promise<void> {
  if (params.length === 0) return say(context, call, { run: id, events });
  const known = (await readRun(context, id)).params;
  const own = params.some(({ key }) => Object.hasOwn(known, key)) ? readSpec(context.tracker.folder(id))?.params ?? {} : {};
  const changed = params.filter(({ key, value }) => Object.hasOwn(known, key) && known[key] !== value && known[key] !== own[key]);
  const [first] = changed;
  if (first) {
    const list = changed.map(({ key, value }) => `{'key': '${key}', 'old_value': '${known[key]}', 'new_value': '${value}'}`).join(', ');
    throw invalid(`Changing param values is not allowed. Param with key='${first.key}' was already logged with value='${known[first.key]}' for run ID='${id}'. Attempted logging new value '${first.value}'. Params were already logged='[${list}]' for run ID='${id}'.`);
  }
  const added = params.filter(({ key, value }) => known[key] !== value);
  if (added.length > 0) events.unshift({ e: 'p', t: context.clock(), p: recordOf(added) });
  say(context, call, { run: id, events });
  // Two requests at once must not both find the param new.
  await context.tracker.clients.flush(id);
}

function checkDataset({ dataset: { name, digest, source, schema, profile }, tags }: z.output<typeof datasetInput>, i: number): void {
  const at = `datasets[${i}]`;
  if (name === '' || digest === '') throw invalid(`Missing value for required parameter '${at}.dataset.${name === '' ? 'name' : 'digest'}'.`);
  const most = (field: string, value: string | undefined, limit: number): void => {
    if ((value?.length ?? 0) > limit) throw invalid(`'${field}' exceeds the maximum length of ${limit} characters`);
  };
  most('name', name, 500);
  most('digest', digest, 36);
  most('source', source, 65_535);
  most('schema', schema, 1_048_575);
  most('profile', profile, 16_777_215);
  for (const tag of tags) {
    most('key', tag.key, 255);
    most('value', tag.value, 500);
  }
}

function datasetInfo({ dataset: { name, digest, ...rest }, tags: given }: z.output<typeof datasetInput>): Extract<SpoolEvent, { e: 'dataset' }>['dataset'] {
  const tags = recordOf(given);
  const mlflow: MlflowDataset = { ...rest, tags };
  return { name, digest, role: tags['mlflow.data.context'] ?? '', mlflow };
}

interface Bulk { run_id: string[]; metric_key?: string; max_results: number }

async function bulkHistory(context: MlflowContext, { run_id: ids, metric_key: key, max_results: asked }: Bulk): Promise<unknown> {
  if (ids.length === 0) throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
  if (ids.length > 100) throw invalid(`GetMetricHistoryBulk request cannot specify more than 100 run_ids. Received ${ids.length} run_ids.`);
  if (key === undefined) throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
  const limit = Math.min(asked, 25_000);
  const metrics: unknown[] = [];
  for (const id of [...ids].sort()) {
    if (metrics.length >= limit) break;
    if (!context.store.hasRun(id)) continue;
    await settle(context, id);
    const { points } = context.store.history(id, key, { limit: limit - metrics.length, offset: 0 });
    for (const { t, step, value } of points) metrics.push({ key, value: wireValue(value), timestamp: t, step, run_id: id });
  }
  return { metrics };
}

interface Interval { run_ids: string[]; metric_key: string; start_step?: number; end_step?: number; max_results: number }

const MOST_OF_A_RUN = 2500;

/** Points of several runs, each thinned evenly between its first and its last. */
async function intervalHistory(context: MlflowContext, asked: Interval): Promise<unknown> {
  const { run_ids: ids, metric_key: key, start_step: from, end_step: to, max_results: most } = asked;
  if (ids.length === 0) throw invalid("Missing value for required parameter 'run_ids'. See the API docs for more information about request parameters.");
  if (ids.length > 100) throw invalid(`GetMetricHistoryBulkInterval request must specify at most 100 run_ids. Received ${ids.length} run_ids.`);
  if (most < 1 || most > MOST_OF_A_RUN) throw invalid(`max_results must be between 1 and ${MOST_OF_A_RUN}.`);
  if ((from === undefined) !== (to === undefined)) throw invalid('If either start step or end step are specified, both must be specified.');
  if (from !== undefined && to !== undefined && from > to) throw invalid(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`);
  const curves: { id: string; points: { step: number; t: number; value: ReturnType<typeof toWire> }[] }[] = [];
  for (const id of ids) {
    await settle(context, id);
    const { points } = context.store.history(id, key, { limit: -1, offset: 0 });
    curves.push({ id, points: points.filter(({ step }) => (from === undefined || step >= from) && (to === undefined || step <= to)) });
  }
  const metrics = curves.flatMap(({ id, points }) => {
    points.sort((a, b) => a.step - b.step || a.t - b.t);
    return thinned(points, most).map(({ t, step, value }) => ({ key, value: wireValue(value), timestamp: t, step, run_id: id }));
  });
  return { metrics };
}

/** The first of each of `most` buckets of equal size (earlier ones larger by one), and the last of all in the last bucket's place. */
function thinned<T>(points: readonly T[], most: number): readonly T[] {
  const total = points.length;
  if (total <= most) return points;
  const size = Math.floor(total / most);
  const starts = Array.from({ length: most - 1 }, (_, i) => i * size + Math.min(i, total % most));
  return [...starts, total - 1].flatMap((at) => points[at] ?? []);
}
