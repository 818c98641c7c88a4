/**
 * Traces: what a program did, call by call, as MLflow 3 records it. A trace is one record, each of its spans another, so that spans which
 * come in several batches, before or after their trace, or twice, end up once. Source: mlflow.entities.TraceInfo, Span; traces.json.
 */
import * as z from 'zod';

export const TRACE_STATES = ['STATE_UNSPECIFIED', 'OK', 'ERROR', 'IN_PROGRESS'] as const;
export type TraceState = (typeof TRACE_STATES)[number];

const texts = z.record(z.string(), z.string());
export const assessmentRecord = z.object({
  id: z.string(), name: z.string(), kind: z.enum(['feedback', 'expectation', 'issue']),
  /** any JSON; an issue's name */
  value: z.unknown(),
  error: z.object({ error_code: z.string().optional(), error_message: z.string().optional(), stack_trace: z.string().optional() }).optional(),
  source: z.object({ type: z.string(), id: z.string().optional() }),
  /** milliseconds */
  created: z.number(), updated: z.number(),
  span: z.string().optional(), rationale: z.string().optional(), metadata: texts.optional(), overrides: z.string().optional(), valid: z.boolean(),
});
export type AssessmentRecord = z.infer<typeof assessmentRecord>;

/** Times in milliseconds; `took` is null as long as it isn't known. */
export const traceRecord = z.object({
  time: z.number(), took: z.number().nullable(), state: z.enum(TRACE_STATES),
  client: z.string().optional(), request: z.string().optional(), response: z.string().optional(),
  metadata: texts, tags: texts, assessments: z.array(assessmentRecord),
  /** 'name/version' of prompts that were used */
  prompts: z.array(z.string()),
  /** runs that it was tied to, beside the one that its metadata name */
  runs: z.array(z.string()),
  /** the run of ours that its client is part of: it belongs there as long as it names no other */
  within: z.string().optional(),
});
export type TraceRecord = z.infer<typeof traceRecord>;

/** As in traces.json: ids in base64, attributes as JSON texts; times in nanoseconds as text, which a double can't hold. */
export const spanRecord = z.object({
  trace_id: z.string(), span_id: z.string(), parent_span_id: z.string().nullable(), name: z.string(),
  start_time_unix_nano: z.coerce.string(), end_time_unix_nano: z.coerce.string().nullable().transform((time) => (time === 'null' ? null : time)),
  events: z.array(z.object({ name: z.string(), time_unix_nano: z.coerce.string(), attributes: z.record(z.string(), z.unknown()) })),
  status: z.object({ code: z.string(), message: z.string().default('') }),
  attributes: texts,
  links: z.array(z.object({ trace_id: z.string(), span_id: z.string(), attributes: z.record(z.string(), z.unknown()).nullish() })).default([]),
});
export type SpanRecord = z.infer<typeof spanRecord>;

/** Keys that mean something here. Source: mlflow.tracing.constant. */
export const TRACE_KEYS = {
  name: 'mlflow.traceName', run: 'mlflow.sourceRun', artifacts: 'mlflow.artifactLocation', spansIn: 'mlflow.trace.spansLocation', session: 'mlflow.trace.session',
  usage: 'mlflow.trace.tokenUsage', cost: 'mlflow.trace.cost', finalized: 'mlflow.trace.infoFinalized', stats: 'mlflow.trace.sizeStats', user: 'mlflow.trace.user', prompts: 'mlflow.linkedPrompts',
} as const;
export const SPAN_KEYS = { trace: 'mlflow.traceRequestId', type: 'mlflow.spanType', inputs: 'mlflow.spanInputs', outputs: 'mlflow.spanOutputs', usage: 'mlflow.chat.tokenUsage', cost: 'mlflow.llm.cost' } as const;
/** Spans are records of ours, not a file of the client's. */
export const IN_STORE = 'TRACKING_STORE';

export const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
export const milliseconds = (nanos: string): number => Number(BigInt(nanos) / 1_000_000n);
/** 'OK', 'ERROR' or 'UNSET'. */
export const spanState = ({ status }: SpanRecord): string => status.code.replace('STATUS_CODE_', '');

/** What an attribute's JSON text stands for; undefined where there is none. A text that isn't JSON is itself. */
export function attributeOf({ attributes }: Pick<SpanRecord, 'attributes'>, key: string): unknown {
  const text = Object.hasOwn(attributes, key) ? attributes[key] : undefined;
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function spanType(span: SpanRecord): string {
  const type = attributeOf(span, SPAN_KEYS.type);
  return typeof type === 'string' ? type : 'UNKNOWN';
}

/** Roots first, then by their start. */
export const inOrder = (spans: readonly SpanRecord[]): SpanRecord[] => {
  const keyed = spans.map((span) => ({ span, root: span.parent_span_id === null ? 0 : 1, start: BigInt(span.start_time_unix_nano) }));
  return keyed.sort((a, b) => a.root - b.root || (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)).map(({ span }) => span);
};
