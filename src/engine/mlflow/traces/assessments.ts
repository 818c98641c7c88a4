/** What people and programs think of a trace: feedback and expectations. Source: mlflow.entities.assessment, SqlAlchemyStore. */
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { AssessmentRecord } from '../../../core/domain/trace';
import type { MlflowContext } from '../context';
import { invalid, missing } from '../errors';
import { flag, text } from '../fields';
import { findTrace, putTrace, traceOf, type Trace } from './records';
import { fromTimestamp, timestamp } from './times';

const SOURCES = ['SOURCE_TYPE_UNSPECIFIED', 'HUMAN', 'LLM_JUDGE', 'CODE'] as const;
const SOURCE_NAMES: Readonly<Record<string, string>> = { AI_JUDGE: 'LLM_JUDGE' };
const sourceType = z.union([z.enum([...SOURCES, 'AI_JUDGE']), z.number().int().min(0).max(3).transform((n) => SOURCES[n] ?? SOURCES[0])]).default(SOURCES[0]);
const fault = z.object({ error_code: text.optional(), error_message: text.optional(), stack_trace: text.optional() });
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

export const assessment = z.object({
  assessment_id: text.default(''), assessment_name: text.default(''), span_id: text.default(''), rationale: text.default(''), overrides: text.default(''),
  source: z.object({ source_type: sourceType, source_id: text.optional() }).prefault({}), create_time: fromTimestamp.optional(), last_update_time: fromTimestamp.optional(),
  feedback: z.object({ value: z.unknown().optional(), error: fault.optional() }).optional(), issue: z.object({ issue_name: text.default('') }).optional(),
  expectation: z.object({ value: z.unknown().optional(), serialized_value: z.object({ serialization_format: text.default(''), value: text.default('') }).optional() }).optional(),
  metadata: texts.optional(), valid: flag.optional(),
});
export type AssessmentInput = z.output<typeof assessment>;

const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> => (value ? { [key]: value } as Record<K, string> : {});

/** `now` in milliseconds: for what doesn't say when. Throws INVALID_PARAMETER_VALUE where it is neither feedback nor expectation. */
export function toAssessment(input: AssessmentInput, now: number): AssessmentRecord {
  const { kind, value, error } = contentOf(input);
  return {
    id: input.assessment_id || `a-${randomBytes(16).toString('hex')}`, name: input.assessment_name, kind, value, ...(error ? { error } : {}),
    source: { type: SOURCE_NAMES[input.source.source_type] ?? input.source.source_type, ...optional('id', input.source.source_id) },
    created: input.create_time || now, updated: input.last_update_time || now, ...optional('span', input.span_id),
    ...(kind === 'expectation' ? {} : optional('rationale', input.rationale)),
    ...(input.metadata && Object.keys(input.metadata).length > 0 ? { metadata: input.metadata } : {}), ...optional('overrides', input.overrides), valid: true,
  };
}

type Content = Pick<AssessmentRecord, 'kind' | 'value' | 'error'>;

function contentOf({ feedback, expectation, issue }: AssessmentInput): Content {
  if (expectation) return { kind: 'expectation', value: expectedValue(expectation) };
  if (feedback) return { kind: 'feedback', value: feedback.value ?? null, ...(feedback.error ? { error: feedback.error } : {}) };
  if (issue) return { kind: 'issue', value: issue.issue_name };
  throw invalid('Unknown assessment type: None');
}

function expectedValue({ value, serialized_value: serialized }: NonNullable<AssessmentInput['expectation']>): unknown {
  if (!serialized) {
    if (value === undefined || value === null) throw invalid('The `value` field must be specified.');
    return value;
  }
  if (serialized.serialization_format !== 'JSON_FORMAT') throw invalid(`Unknown serialization format: ${serialized.serialization_format}. Only JSON_FORMAT is supported.`);
  try {
    return JSON.parse(serialized.value) as unknown;
  } catch {
    throw invalid('The serialized value of the expectation is not JSON.');
  }
}

export function wireAssessment(one: AssessmentRecord, trace: string): Record<string, unknown> {
  return {
    assessment_id: one.id, assessment_name: one.name, trace_id: trace, ...optional('span_id', one.span),
    source: { source_type: one.source.type, ...optional('source_id', one.source.id) }, create_time: timestamp(one.created), last_update_time: timestamp(one.updated),
    ...wireContent(one), ...optional('rationale', one.rationale), ...(one.metadata ? { metadata: one.metadata } : {}), ...optional('overrides', one.overrides), valid: one.valid,
  };
}

function wireContent({ kind, value, error }: AssessmentRecord): Record<string, unknown> {
  if (kind === 'issue') return { issue: { issue_name: value } };
  if (kind === 'feedback') return { feedback: { value: value ?? null, ...(error ? { error } : {}) } };
  const plain = typeof value !== 'object' || value === null;
  return { expectation: plain ? { value } : { serialized_value: { serialization_format: 'JSON_FORMAT', value: JSON.stringify(value) } } };
}

/** Throws RESOURCE_DOES_NOT_EXIST for a trace, or an assessment that it is to stand in for, that isn't there. */
export function createAssessment({ store, clock }: MlflowContext, id: string, input: AssessmentInput): AssessmentRecord {
  const made = toAssessment(input, Math.round(clock() * 1000));
  const trace = traceOf(store, id);
  const others = trace.record.assessments;
  if (others.some((one) => one.id === made.id)) throw invalid(`Failed to create assessment for trace '${id}': there is one with ID '${made.id}'.`);
  if (made.overrides !== undefined && !others.some((one) => one.id === made.overrides)) throw missing(`Assessment with ID '${made.overrides}' not found for trace '${id}'`);
  putAssessments(store, trace, [...others.map((one) => (one.id === made.overrides ? { ...one, valid: false } : one)), made]);
  return made;
}

const putAssessments = (store: MlflowContext['store'], trace: Trace, assessments: AssessmentRecord[]): void => putTrace(store, { ...trace, record: { ...trace.record, assessments } });

export function getAssessment({ store }: MlflowContext, id: string, assessmentId: string): { trace: Trace; found: AssessmentRecord } {
  const trace = findTrace(store, id);
  if (!trace) throw missing(`Trace with request_id '${id}' not found`);
  const found = trace.record.assessments.find((one) => one.id === assessmentId);
  if (!found) throw missing(`Assessment with ID '${assessmentId}' not found for trace '${id}'`);
  return { trace, found };
}

export interface AssessmentChange { id: string; assessment: AssessmentInput; /** the fields that are meant, in snake_case */ paths: readonly string[] }

/** Source and span stay as they were; metadata are added to those there were. */
export function updateAssessment(context: MlflowContext, traceId: string, { id, assessment: change, paths }: AssessmentChange): AssessmentRecord {
  const { trace, found } = getAssessment(context, traceId, id);
  const meant = new Set(paths);
  if (meant.has('expectation') && meant.has('feedback')) throw invalid('Cannot specify both `expectation` and `feedback` parameters.');
  if (meant.has('expectation') && found.kind !== 'expectation') throw invalid('Cannot update expectation value on a Feedback assessment.');
  if (meant.has('feedback') && found.kind !== 'feedback') throw invalid('Cannot update feedback value on an Expectation assessment.');
  const content: Partial<Content> = meant.has('expectation') || meant.has('feedback') ? { error: undefined, ...contentOf(change) } : {};
  const metadata = meant.has('metadata') ? { ...found.metadata, ...change.metadata } : found.metadata;
  const next: AssessmentRecord = {
    ...found, ...content, ...(meant.has('assessment_name') ? { name: change.assessment_name } : {}), ...(meant.has('rationale') && found.kind !== 'expectation' ? { rationale: change.rationale } : {}),
    ...(metadata ? { metadata } : {}), ...(meant.has('valid') && change.valid !== undefined ? { valid: change.valid } : {}), updated: Math.round(context.clock() * 1000),
  };
  putAssessments(context.store, trace, trace.record.assessments.map((one) => (one.id === id ? next : one)));
  return next;
}

/** No error where it is gone already. The one that it stood in for counts again. */
export function deleteAssessment({ store }: MlflowContext, traceId: string, id: string): void {
  const trace = findTrace(store, traceId);
  const gone = trace?.record.assessments.find((one) => one.id === id);
  if (!trace || !gone) return;
  putAssessments(store, trace, trace.record.assessments.filter((one) => one !== gone).map((one) => (one.id === gone.overrides ? { ...one, valid: true } : one)));
}
