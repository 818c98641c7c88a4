/** Traces: started, found, tagged, thrown away. Source: MLflow REST API 3.0 and 2.0, traces; mlflow.server.handlers. */
import * as z from 'zod';
import type { MlflowContext } from '../context';
import { invalid, missing, MlflowError } from '../errors';
import { int, list, pairs, required, text, flag } from '../fields';
import { offsetOf, pageToken } from '../paging';
import { route, type Call, type Route } from '../router';
import { traceInfo, wireOldTrace, wireTrace } from '../traces/info';
import { findTrace, isStored, isWhole, runsOf, spansOf, traceOf, type Trace } from '../traces/records';
import { searchTraces } from '../traces/search';
import { fileSpan, wireSpan } from '../traces/spans';
import { deleteTraces, endOldTrace, linkPrompts, linkToRun, startOldTrace, startTrace } from '../traces/start';
import { deleteTag, setTag } from '../traces/tags';
import { recordOf } from '../wire';

const V2 = '/api/2.0/mlflow/traces';
const V3 = '/api/3.0/mlflow/traces';
const LARGEST_PAGE = 500;
/** How long a trace whose last spans are still on their way is waited for, in milliseconds. */
const PATIENCE = 3000;

const location = z.object({ mlflow_experiment: z.object({ experiment_id: text.default('') }).optional() });
const page = { filter: text.default(''), max_results: int.optional(), order_by: list(text), page_token: text.optional() };
const ids = z.array(text, { error: 'Value has the wrong type' }).nonempty();
const asList = (name: string) => (fields: Record<string, unknown>): Record<string, unknown> => ({ ...fields, ...(typeof fields[name] === 'string' ? { [name]: [fields[name]] } : {}) });
const manyIds = z.preprocess(asList('trace_ids'), z.object({ trace_ids: ids, experiment_ids: z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(text).optional()) }));
const OLD_STATES = { OK: 'OK', ERROR: 'ERROR', IN_PROGRESS: 'IN_PROGRESS', TRACE_STATUS_UNSPECIFIED: 'STATE_UNSPECIFIED' } as const;
const oldState = z.enum(Object.keys(OLD_STATES) as [keyof typeof OLD_STATES]).default('TRACE_STATUS_UNSPECIFIED').transform((name) => OLD_STATES[name]);

export function traceRoutes(context: MlflowContext): Route[] {
  const { store } = context;
  const deletion = z.object({ experiment_id: required, max_timestamp_millis: int.optional(), max_traces: int.optional(), request_ids: list(text) });
  return [
    route(`POST ${V3}`, z.object({ trace: z.object({ trace_info: traceInfo.prefault({}) }) }), ({ trace: { trace_info: info } }, call) => {
      const trace = startTrace(context, info, call.run);
      heard(context, call, [trace]);
      return { trace: { trace_info: wireTrace(trace) } };
    }),
    route(`GET ${V3}/get`, z.object({ trace_id: required, allow_partial: flag.or(z.enum(['True', 'False']).transform((word) => word === 'True')).default(false) }), ({ trace_id: id, allow_partial: partial }) => getTrace(context, id, partial)),
    route(`GET ${V3}/batchGet`, manyIds, (asked) => ({ ...unlessEmpty('traces', given(context, asked).flatMap((trace) => wholeTrace(context, trace) ?? [])) })),
    ...(['GET', 'POST'] as const).map((method) => route(`${method} ${V3}/batchGetInfos`, manyIds, (asked) => unlessEmpty('trace_infos', given(context, asked).map(wireTrace)))),
    route(`POST ${V3}/search`, z.object({ locations: z.array(location).nonempty(), ...page }), ({ locations, ...asked }) =>
      found(context, { experiments: locations.flatMap(({ mlflow_experiment: one }) => (one ? [one.experiment_id] : [])), ...asked }, wireTrace)),
    route(`GET ${V3}/:trace_id`, z.object({ trace_id: required }), ({ trace_id: id }) => ({ trace: { trace_info: wireTrace(traceOf(store, id)) } })),
    ...[V2, V3].flatMap((base) => [
      route(`PATCH ${base}/:trace_id/tags`, z.object({ trace_id: required, key: required, value: text.default('') }), ({ trace_id: id, ...tag }) => setTag(context, id, tag)),
      route(`DELETE ${base}/:trace_id/tags`, z.object({ trace_id: required, key: required }), ({ trace_id: id, key }) => deleteTag(context, id, key)),
      route(`POST ${base}/delete-traces`, deletion, (asked) => {
        const deleted = deleteTraces(context, asked);
        if (deleted > 0) context.changed([]);
        return { traces_deleted: deleted };
      }),
      route(`POST ${base}/link-to-run`, z.object({ trace_ids: ids, run_id: required }), ({ trace_ids: traces, run_id: run }) => {
        linkToRun(context, run, traces);
        if (store.hasRun(run)) context.changed([run]);
        return {};
      }),
      route(`POST ${base}/link-prompts`, z.object({ trace_id: required, prompt_versions: z.array(z.object({ name: text.default(''), version: text.default('') })).nonempty() }), ({ trace_id: id, prompt_versions: prompts }) => {
        linkPrompts(context, id, prompts);
        return {};
      }),
    ]),
    ...oldRoutes(context),
    ...[2, 3].map((version) => route(`GET /api/${version}.0/mlflow/get-trace-artifact`, z.object({ request_id: text.optional() }), ({ request_id: id }) => {
      if (!id) throw new MlflowError('BAD_REQUEST', 'Request must include the "request_id" query parameter.');
      return { spans: spansOf(store, traceOf(store, id).id).map(fileSpan) };
    })),
  ];
}

/** Clients before MLflow 3. */
function oldRoutes(context: MlflowContext): Route[] {
  const words = { request_metadata: pairs, tags: pairs };
  return [
    route(`POST ${V2}`, z.object({ experiment_id: text.default(''), timestamp_ms: int.default(0), ...words }), ({ experiment_id, timestamp_ms, request_metadata, tags }, call) => {
      const trace = startOldTrace(context, { experiment_id, timestamp_ms, metadata: recordOf(request_metadata), tags: recordOf(tags) });
      heard(context, call, [trace]);
      return { trace_info: wireOldTrace(trace) };
    }),
    route(`PATCH ${V2}/:request_id`, z.object({ request_id: required, timestamp_ms: int.default(0), status: oldState, ...words }), ({ request_id: id, timestamp_ms, status: state, request_metadata, tags }, call) => {
      const trace = endOldTrace(context, id, { timestamp_ms, state, metadata: recordOf(request_metadata), tags: recordOf(tags) });
      heard(context, call, [trace]);
      return { trace_info: wireOldTrace(trace) };
    }),
    route(`GET ${V2}`, z.preprocess(asList('experiment_ids'), z.object({ experiment_ids: z.array(text).nonempty(), ...page })), ({ experiment_ids: experiments, ...asked }) => found(context, { experiments, ...asked }, wireOldTrace)),
    route(`GET ${V2}/:request_id/info`, z.object({ request_id: required }), ({ request_id: id }) => ({ trace_info: wireOldTrace(traceOf(context.store, id)) })),
  ];
}

const unlessEmpty = <K extends string>(key: K, value: unknown[]): object => (value.length === 0 ? {} : { [key]: value });

/** Runs that traces belong to have something new; and a client that traces within its run lives. */
export function heard(context: MlflowContext, call: Call, traces: readonly Trace[]): void {
  const runs = new Set(traces.flatMap(({ record }) => [...runsOf(record)]).filter((run) => context.store.hasRun(run)));
  if (runs.size === 0) return;
  for (const run of runs) context.spoke(run, call.request.socket);
  context.changed([...runs]);
}

interface Asked { experiments: string[]; filter: string; max_results?: number; order_by: string[]; page_token?: string }

async function found({ store }: MlflowContext, { experiments, filter, max_results: most = 100, order_by: orderBy, page_token: token }: Asked, wire: (trace: Trace) => unknown): Promise<object> {
  if (most > LARGEST_PAGE) throw invalid(`Invalid value ${most} for parameter 'max_results' supplied. It must be at most ${LARGEST_PAGE}. See the API docs for more information about request parameters.`);
  if (most < 1) throw invalid(`Invalid value ${most} for parameter 'max_results' supplied. It must be a positive integer`);
  const offset = offsetOf(token);
  const traces = await searchTraces(store, { experiments, filter, orderBy, offset, limit: most });
  return { ...unlessEmpty('traces', traces.map(wire)), ...(traces.length === most ? { next_page_token: pageToken(offset + most) } : {}) };
}

/** Those that are there, in the order asked for, each once. */
function given({ store }: MlflowContext, { trace_ids: asked, experiment_ids: experiments }: { trace_ids: string[]; experiment_ids?: string[] }): Trace[] {
  return [...new Set(asked)].flatMap((id) => findTrace(store, id) ?? []).filter(({ experiment }) => experiments === undefined || experiments.includes(experiment));
}

function wholeTrace({ store }: MlflowContext, trace: Trace, partial = false): object | undefined {
  if (!isStored(trace)) return undefined;
  const spans = spansOf(store, trace.id);
  if (!partial && !isWhole(trace, spans.length)) return undefined;
  return { trace_info: wireTrace(trace), ...unlessEmpty('spans', spans.map(wireSpan)) };
}

/** With all its spans. Its client's last ones may be on their way still: they are waited for. */
async function getTrace(context: MlflowContext, id: string, partial: boolean): Promise<object> {
  const until = Date.now() + PATIENCE;
  for (;;) {
    const trace = findTrace(context.store, id);
    if (!trace) throw missing(`Trace with ID ${id} is not found.`);
    // A server's error would be tried again for minutes.
    if (!isStored(trace)) throw new MlflowError('INTERNAL_ERROR', 'Trace data not stored in tracking store', 400);
    const whole = wholeTrace(context, trace, partial);
    if (whole) return { trace: whole };
    if (Date.now() >= until) throw missing(`Trace with ID ${id} is not fully exported yet, please try again later.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
