/** Spans: from OpenTelemetry's to ours, and from ours to MLflow's answers. Source: mlflow.entities.span.Span. */
import { SPAN_KEYS, type SpanRecord } from '../../../core/domain/trace';
import type { OtlpResource, OtlpSpan } from './otlp';
import { translate } from './translate';
import { attributeText, plainPairs, rawNumber, wireOf, wireOfText } from './values';

/** A span with what its record doesn't hold: which trace and span it is (MLflow's id, hex), and who said it. */
export interface ReceivedSpan { trace: string; id: string; parent: string | null; record: SpanRecord; resource: OtlpResource['attributes'] }

const STATUS = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];
/** Programs whose name is kept on the root span. Source: mlflow.server.otel_api. */
const KNOWN_SERVICES = ['claude-code', 'codex_cli_rs', 'codex_vscode', 'gemini-cli', 'qwen-code'];

/** MLflow's id of the trace that OpenTelemetry numbers. */
const traceIdOf = (hex: string): string => `tr-${hex.padStart(32, '0')}`;
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** Null where its ids are missing or too long. */
export function fromOtlp(span: OtlpSpan, resource: OtlpResource['attributes']): ReceivedSpan | null {
  if (span.traceId === '' || span.spanId === '' || span.traceId.length > 32 || span.spanId.length > 16 || span.parentSpanId.length > 16) return null;
  const [traceHex, id] = [span.traceId.padStart(32, '0'), span.spanId.padStart(16, '0')];
  const trace = traceIdOf(traceHex);
  const parent = span.parentSpanId === '' ? null : span.parentSpanId.padStart(16, '0');
  const attributes = Object.fromEntries(span.attributes.map(({ key, value }) => [key, attributeText(value)]));
  attributes[SPAN_KEYS.trace] = JSON.stringify(trace);
  const service = resource.find(({ key }) => key === 'service.name')?.value.stringValue;
  if (parent === null && service !== undefined && KNOWN_SERVICES.includes(service)) attributes['service.name'] = JSON.stringify(service);
  const record: SpanRecord = {
    trace_id: base64(traceHex), span_id: base64(id), parent_span_id: parent === null ? null : base64(parent), name: span.name,
    start_time_unix_nano: span.startTimeUnixNano, end_time_unix_nano: /^0*$/.test(span.endTimeUnixNano) ? null : span.endTimeUnixNano,
    events: span.events.map((event) => ({ name: event.name, time_unix_nano: event.timeUnixNano, attributes: plainPairs(event.attributes) })),
    status: { code: STATUS[span.status.code] ?? 'STATUS_CODE_UNSET', message: span.status.message },
    attributes: translate(attributes),
    links: span.links.map((link) => ({ trace_id: traceIdOf(link.traceId), span_id: link.spanId.padStart(16, '0'), attributes: link.attributes.length > 0 ? plainPairs(link.attributes) : null })),
  };
  return { trace, id, parent, record, resource };
}

const pairs = (attributes: Record<string, unknown>): unknown[] => Object.entries(attributes).map(([key, value]) => ({ key, value: wireOf(value) }));

/** As MLflow's answers have it: proto3 JSON, 64-bit numbers as numbers. What is empty is left out. */
export function wireSpan(span: SpanRecord): Record<string, unknown> {
  const attributes = Object.entries(span.attributes).map(([key, text]) => ({ key, value: wireOfText(text) }));
  const { code, message } = span.status;
  return {
    trace_id: span.trace_id, span_id: span.span_id, ...(span.parent_span_id === null ? {} : { parent_span_id: span.parent_span_id }), name: span.name,
    start_time_unix_nano: rawNumber(span.start_time_unix_nano), ...(span.end_time_unix_nano === null ? {} : { end_time_unix_nano: rawNumber(span.end_time_unix_nano) }),
    ...(attributes.length > 0 ? { attributes } : {}),
    ...(span.events.length > 0 ? { events: span.events.map((event) => ({ time_unix_nano: rawNumber(event.time_unix_nano), name: event.name, ...withPairs(event.attributes) })) } : {}),
    ...(span.links.length > 0 ? { links: span.links.map((link) => ({ trace_id: base64(link.trace_id.replace(/^tr-/, '')), span_id: base64(link.span_id), ...withPairs(link.attributes ?? {}) })) } : {}),
    status: { ...(message === '' ? {} : { message }), ...(code === 'STATUS_CODE_UNSET' ? {} : { code }) },
  };
}

const withPairs = (attributes: Record<string, unknown>): { attributes?: unknown[] } => (Object.keys(attributes).length > 0 ? { attributes: pairs(attributes) } : {});

/** As traces.json has it: numbers as numbers. */
export const fileSpan = (span: SpanRecord): Record<string, unknown> => ({
  ...span, start_time_unix_nano: rawNumber(span.start_time_unix_nano), end_time_unix_nano: span.end_time_unix_nano === null ? null : rawNumber(span.end_time_unix_nano),
  events: span.events.map((event) => ({ ...event, time_unix_nano: rawNumber(event.time_unix_nano) })),
});
