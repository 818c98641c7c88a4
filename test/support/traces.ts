/** Traces as OpenTelemetry's exporters send them, in JSON. */
import { toAny } from '../../src/core/exchange/spans';
import type { Json } from '../../src/core/exchange/json';

export interface SpanOptions {
  /** 32 hex digits are made of it */
  trace: number; id: number; parent?: number; name: string; /** milliseconds after the trace's start */ at?: number; /** milliseconds */ took?: number | null;
  type?: string; error?: string; inputs?: Json; outputs?: Json; attributes?: Record<string, Json>; events?: { name: string; attributes: Record<string, Json> }[];
}

/** Sat Nov 21 2026 07:00 UTC */
export const START = 1_795_244_400_000;
export const traceHex = (trace: number): string => trace.toString(16).padStart(32, '0');
export const traceId = (trace: number): string => `tr-${traceHex(trace)}`;
const hex = (id: number): string => id.toString(16).padStart(16, '0');
const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n);

export function otlpSpan({ trace, id, parent, name, at = 0, took = 10, type, error, inputs, outputs, attributes = {}, events = [] }: SpanOptions): Record<string, unknown> {
  const all: [string, Json | undefined][] = [['mlflow.spanType', type], ['mlflow.spanInputs', inputs], ['mlflow.spanOutputs', outputs], ...Object.entries(attributes)];
  return {
    traceId: traceHex(trace), spanId: hex(id), ...(parent === undefined ? {} : { parentSpanId: hex(parent) }), name,
    startTimeUnixNano: nanos(START + at), ...(took === null ? {} : { endTimeUnixNano: nanos(START + at + took) }),
    attributes: all.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: toAny(value) }])),
    events: events.map((event) => ({ name: event.name, timeUnixNano: nanos(START + at + 1), attributes: Object.entries(event.attributes).map(([key, value]) => ({ key, value: toAny(value) })) })),
    status: error === undefined ? { code: 1 } : { code: 2, message: error },
  };
}

export const otlpRequest = (spans: readonly Record<string, unknown>[], resource: Record<string, Json> = {}): Record<string, unknown> => ({
  resourceSpans: [{ resource: { attributes: Object.entries(resource).map(([key, value]) => ({ key, value: toAny(value) })) }, scopeSpans: [{ spans }] }],
});

export interface StartOptions { trace: number; experiment?: string; name?: string; state?: string; run?: string; took?: number; at?: number; tags?: Record<string, string>; metadata?: Record<string, string> }

/** What a client says of a trace that ended. */
export const startRequest = ({ trace, experiment = '0', name, state = 'OK', run, took = 10, at = 0, tags = {}, metadata = {} }: StartOptions): Record<string, unknown> => ({
  trace: { trace_info: {
    trace_id: traceId(trace), trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } }, request_time: new Date(START + at).toISOString(),
    execution_duration: `${took / 1000}s`, state, tags: { ...(name === undefined ? {} : { 'mlflow.traceName': name }), ...tags }, trace_metadata: { ...(run === undefined ? {} : { 'mlflow.sourceRun': run }), ...metadata },
  } },
});
