/** Traces that a client starts, ends and throws away. Source: mlflow SqlAlchemyStore.start_trace, deprecated_start_trace_v2, delete_traces. */
import { randomUUID } from 'node:crypto';
import { TRACE_KEYS, traceRecord, type TraceRecord, type TraceState } from '../../../core/domain/trace';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';
import { checkExperimentActive, experimentOf } from '../runs';
import { toAssessment } from './assessments';
import type { TraceInfo } from './info';
import { findTrace, putLink, putTrace, removeTrace, traceArtifacts, traceOf, type Trace } from './records';
import { checkTraceName } from './tags';
import { canonicalCost, canonicalUsage } from './totals';

/** Tokens and cost in the form that they are kept in. */
function keptMetadata(metadata: Record<string, string>): Record<string, string> {
  const { [TRACE_KEYS.usage]: usage, [TRACE_KEYS.cost]: cost, ...rest } = metadata;
  const [tokens, money] = [usage === undefined ? null : canonicalUsage(usage), cost === undefined ? null : canonicalCost(cost)];
  return { ...rest, ...(tokens === null ? {} : { [TRACE_KEYS.usage]: tokens }), ...(money === null ? {} : { [TRACE_KEYS.cost]: money }) };
}

/**
 * What the client says of the trace is what holds, whatever its spans told before; their tags and assessments stay. Said again, it changes
 * nothing. Throws where the experiment is none or is deleted.
 */
export function startTrace(context: Pick<MlflowContext, 'store' | 'clock'>, info: TraceInfo, within: string | null): Trace {
  const { store } = context;
  const id = info.trace_id;
  if (id === '') throw invalid("Missing value for required parameter 'trace.trace_info.trace_id'. See the API docs for more information about request parameters.");
  const location = info.trace_location.mlflow_experiment;
  if (!location) throw invalid("Missing value for required parameter 'trace.trace_info.trace_location.mlflow_experiment'. See the API docs for more information about request parameters.");
  checkTraceName(info.tags[TRACE_KEYS.name]);
  const experiment = experimentOf(context, location.experiment_id);
  checkExperimentActive(experiment);
  const before = findTrace(store, id)?.record;
  const now = Math.round(context.clock() * 1000);
  const assessments = info.assessments.map((one) => toAssessment(one, now));
  const record: TraceRecord = {
    time: info.request_time, took: info.execution_duration ?? null, state: info.state, client: info.client_request_id,
    request: info.request_preview ?? before?.request, response: info.response_preview ?? before?.response,
    metadata: { ...before?.metadata, ...keptMetadata(info.trace_metadata), [TRACE_KEYS.finalized]: 'true' },
    tags: { ...before?.tags, ...info.tags, [TRACE_KEYS.artifacts]: traceArtifacts(experiment, id) },
    assessments: [...(before?.assessments ?? []).filter((one) => !assessments.some((other) => other.id === one.id)), ...assessments],
    prompts: before?.prompts ?? [], runs: before?.runs ?? [], within: before?.within ?? within ?? undefined,
  };
  const trace = { id, experiment: String(experiment.id), record: traceRecord.parse(record) };
  putTrace(store, trace);
  return trace;
}

export interface OldStart { experiment_id: string; timestamp_ms: number; metadata: Record<string, string>; tags: Record<string, string> }

/** Clients before MLflow 3: the server gives the id. */
export function startOldTrace(context: MlflowContext, { experiment_id, timestamp_ms: time, metadata, tags }: OldStart): Trace {
  const { store } = context;
  checkTraceName(tags[TRACE_KEYS.name]);
  const experiment = experimentOf(context, experiment_id);
  checkExperimentActive(experiment);
  const id = randomUUID().replaceAll('-', '');
  const record: TraceRecord = {
    time, took: null, state: 'IN_PROGRESS', metadata: keptMetadata(metadata), tags: { ...tags, [TRACE_KEYS.artifacts]: traceArtifacts(experiment, id) }, assessments: [], prompts: [], runs: [],
  };
  const trace = { id, experiment: String(experiment.id), record };
  putTrace(store, trace);
  return trace;
}

export interface OldEnd { timestamp_ms: number; state: TraceState; metadata: Record<string, string>; tags: Record<string, string> }

export function endOldTrace({ store }: MlflowContext, id: string, { timestamp_ms: end, state, metadata, tags }: OldEnd): Trace {
  checkTraceName(tags[TRACE_KEYS.name]);
  const trace = traceOf(store, id);
  const record = { ...trace.record, state, took: end - trace.record.time, metadata: { ...trace.record.metadata, ...keptMetadata(metadata) }, tags: { ...trace.record.tags, ...tags } };
  const ended = { ...trace, record };
  putTrace(store, ended);
  return ended;
}

export interface Deletion { experiment_id: string; max_timestamp_millis?: number; max_traces?: number; request_ids: string[] }

/** By their ids, or the oldest up to a time. Gives how many there were. */
export function deleteTraces(context: MlflowContext, { experiment_id, max_timestamp_millis: until, max_traces: most, request_ids: ids }: Deletion): number {
  const { store } = context;
  if (until === undefined && ids.length === 0) throw invalid('Either `max_timestamp_millis` or `trace_ids` must be specified.');
  if (until !== undefined && ids.length > 0) throw invalid('Only one of `max_timestamp_millis` and `trace_ids` can be specified.');
  if (ids.length > 0 && most !== undefined) throw invalid("`max_traces` can't be specified if `trace_ids` is specified.");
  if (most !== undefined && most <= 0) throw invalid(`\`max_traces\` must be a positive integer, received ${most}.`);
  if (!/^-?\d+$/.test(experiment_id)) throw invalid(`Invalid experiment ID '${experiment_id}'. Experiment ID must be a valid integer.`);
  const chosen = until === undefined
    ? [...new Set(ids)].flatMap((id) => findTrace(store, id) ?? []).filter(({ experiment }) => experiment === experiment_id)
    : store.records.list('trace', { scopes: [experiment_id] }).filter(({ sort }) => sort <= until).reverse().slice(0, most)
      .map(({ id, scope, doc }) => ({ id, experiment: scope, record: traceRecord.parse(doc) }));
  store.records.together(() => { for (const trace of chosen) removeTrace(store, trace); });
  return chosen.length;
}

const MOST_LINKS = 100;

export function linkToRun(context: MlflowContext, run: string, ids: readonly string[]): void {
  const { store } = context;
  if (ids.length > MOST_LINKS) throw invalid(`Cannot link more than ${MOST_LINKS} traces to a run in a single request. Provided ${ids.length} traces.`);
  const now = Math.round(context.clock() * 1000);
  store.records.together(() => {
    for (const id of new Set(ids)) {
      const trace = findTrace(store, id);
      putLink(store, { run, trace: id, time: trace?.record.time ?? now });
      if (trace && !trace.record.runs.includes(run)) putTrace(store, { ...trace, record: { ...trace.record, runs: [...trace.record.runs, run] } });
    }
  });
}

export function linkPrompts({ store }: MlflowContext, id: string, prompts: readonly { name: string; version: string }[]): void {
  const trace = findTrace(store, id);
  if (!trace) throw missing(`Trace with ID '${id}' not found.`);
  const linked = new Set([...trace.record.prompts, ...prompts.map(({ name, version }) => `${name}/${version}`)]);
  putTrace(store, { ...trace, record: { ...trace.record, prompts: [...linked] } });
}
