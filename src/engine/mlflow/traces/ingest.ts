/** Spans taken in: they make their trace where nobody started it, and tell what its client hasn't told. Source: mlflow SqlAlchemyStore.log_spans. */
import { IN_STORE, SPAN_KEYS, TRACE_KEYS, milliseconds, spanState, type SpanRecord, type TraceRecord } from '../../../core/domain/trace';
import type { MlflowContext } from '../context';
import { invalid } from '../errors';
import { experimentOf } from '../runs';
import { cutTo } from '../validation';
import type { OtlpPair } from './otlp';
import { previewOf } from './preview';
import { findTrace, putSpan, putTrace, spansOfAll, traceArtifacts, type Trace } from './records';
import type { ReceivedSpan } from './spans';
import { checkTraceTag } from './tags';
import { costOf, usageOf } from './totals';
import { parseText, textOf } from './values';

export interface Received {
  /** the experiment that their client names, for traces that nobody started */
  experiment: string;
  spans: readonly ReceivedSpan[];
  /** a run that its finished traces are to belong to */
  linked: string | null;
  /** the run of ours that their client is part of */
  within: string | null;
}

/** All of them or none. Sent again, they change nothing. Gives the ids of their traces. Throws where the experiment is none. */
export function takeSpans(context: MlflowContext, { experiment, spans, linked, within }: Received): string[] {
  const { store } = context;
  const traces = new Map<string, ReceivedSpan[]>();
  for (const span of spans) traces.set(span.trace, [...(traces.get(span.trace) ?? []), span]);
  const known = new Map([...traces.keys()].map((id) => [id, findTrace(store, id)]));
  const fresh = [...known.values()].some((trace) => trace === undefined) ? startIn(context, experiment) : undefined;
  store.records.together(() => {
    for (const [id, received] of traces) {
      const before = known.get(id) ?? fresh?.(id, received);
      if (!before) continue;
      for (const span of received) putSpan(store, id, span);
      const record = told(before.record, received, () => spansOfAll(store, [id]).get(id) ?? []);
      if (within !== null) record.within ??= within;
      if (linked !== null && !record.runs.includes(linked) && received.some(({ parent }) => parent === null)) record.runs = [...record.runs, linked];
      putTrace(store, { ...before, record });
    }
  });
  return [...traces.keys()];
}

/** Makes traces of an experiment from their first spans. */
function startIn(context: MlflowContext, id: string): (trace: string, spans: readonly ReceivedSpan[]) => Trace {
  if (!/^-?\d+$/.test(id)) throw invalid(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`);
  const experiment = experimentOf(context, id);
  return (trace, spans) => {
    const { time, took } = span(spans.map(({ record }) => record));
    return {
      id: trace, experiment: String(experiment.id),
      record: { time, took, state: 'IN_PROGRESS', metadata: {}, tags: { [TRACE_KEYS.artifacts]: traceArtifacts(experiment, trace) }, assessments: [], prompts: [], runs: [] },
    };
  };
}

/** From the first start to the last end, in milliseconds. */
function span(spans: readonly SpanRecord[]): { time: number; took: number | null } {
  let [first, last] = [Infinity, -Infinity];
  for (const { start_time_unix_nano: start, end_time_unix_nano: end } of spans) {
    first = Math.min(first, milliseconds(start));
    if (end !== null) last = Math.max(last, milliseconds(end));
  }
  return { time: first, took: last === -Infinity ? null : last - first };
}

/** The trace with what its new spans tell; what its client said of it (start trace) stays. */
function told(before: TraceRecord, received: readonly ReceivedSpan[], all: () => SpanRecord[]): TraceRecord {
  const spans = received.map(({ record }) => record);
  const record: TraceRecord = { ...before, metadata: { ...before.metadata }, tags: { ...before.tags } };
  const finalized = before.metadata[TRACE_KEYS.finalized] !== undefined;
  if (!finalized) {
    const { time, took } = span(spans);
    const end = Math.max(before.took === null ? -Infinity : before.time + before.took, took === null ? -Infinity : time + took);
    record.time = Math.min(before.time, time);
    if (end !== -Infinity) record.took = end - record.time;
  }
  const root = spans.findLast(({ parent_span_id: parent }) => parent === null);
  if (root && (before.state === 'IN_PROGRESS' || before.state === 'STATE_UNSPECIFIED')) record.state = spanState(root) === 'ERROR' ? 'ERROR' : 'OK';
  if (root) tellPreviews(record, root);
  tellTotals(record, { spans, finalized, all });
  tellMetadata(record, spans);
  tellTags(record, { received, root });
  return record;
}

function tellPreviews(record: TraceRecord, { attributes }: SpanRecord): void {
  const [inputs, outputs] = [attributes[SPAN_KEYS.inputs], attributes[SPAN_KEYS.outputs]];
  if (record.request === undefined && inputs) record.request = previewOf(inputs, 'user');
  if (record.response === undefined && outputs) record.response = previewOf(outputs, 'assistant');
}

interface Totals { spans: readonly SpanRecord[]; finalized: boolean; all: () => SpanRecord[] }

/** Over the whole tree: a parent may say the sum of children that came in another batch. */
function tellTotals(record: TraceRecord, { spans, finalized, all }: Totals): void {
  const totals: [string, string, (spans: readonly SpanRecord[]) => string | null][] = [[TRACE_KEYS.usage, SPAN_KEYS.usage, usageOf], [TRACE_KEYS.cost, SPAN_KEYS.cost, costOf]];
  for (const [key, attribute, sum] of totals) {
    if (!spans.some(({ attributes }) => attributes[attribute] !== undefined) || (finalized && record.metadata[key] !== undefined)) continue;
    const total = sum(all());
    if (total !== null) record.metadata[key] = total;
  }
}

function tellMetadata(record: TraceRecord, spans: readonly SpanRecord[]): void {
  const said = (...keys: string[]): string | undefined => {
    for (const { attributes } of spans) {
      const text = keys.map((key) => attributes[key]).find((one) => one !== undefined && one !== '""');
      if (text !== undefined) return asText(text);
    }
    return undefined;
  };
  const [session, user] = [said('session.id', 'gen_ai.conversation.id'), said('user.id')];
  if (session !== undefined) record.metadata[TRACE_KEYS.session] ??= session;
  if (user !== undefined) record.metadata[TRACE_KEYS.user] ??= user;
}

const asText = (json: string): string => {
  const value = parseText(json);
  return typeof value === 'string' ? value : json;
};

const TAG_PREFIX = 'mlflow.traceTag.';

/** Facts of the program that said them, then tags of the client's own, which go before. Names that can't be tags are passed over. */
function tellTags(record: TraceRecord, { received, root }: { received: readonly ReceivedSpan[]; root: SpanRecord | undefined }): void {
  const resource = received.find((one) => one.resource.length > 0)?.resource ?? [];
  const facts = resource.filter(({ key }) => !key.startsWith('telemetry.sdk.') && !key.startsWith('mlflow.')).map((pair): [string, string] => [pair.key, factText(pair)]);
  const own = Object.entries(root?.attributes ?? {}).filter(([key]) => key.startsWith(TAG_PREFIX)).map(([key, text]): [string, string] => [key.slice(TAG_PREFIX.length), asText(text)]);
  for (const [key, value] of [...facts, ...own]) {
    if (checkTraceTag(key) === undefined) record.tags[key] = cutTo(value, key === TRACE_KEYS.name ? 4096 : 8000);
  }
  record.tags[TRACE_KEYS.spansIn] = IN_STORE;
}

const factText = ({ value }: OtlpPair): string => value.stringValue ?? textOf(value);
