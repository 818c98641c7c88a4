/** What is known of a trace, as clients write it and as MLflow answers it, in version 3 and the old one. Source: mlflow.entities.trace_info. */
import * as z from 'zod';
import { TRACE_STATES, type TraceState } from '../../../core/domain/trace';
import { text } from '../fields';
import { pairsOf } from '../wire';
import { assessment, wireAssessment } from './assessments';
import { duration, fromDuration, fromTimestamp, timestamp } from './times';
import type { Trace } from './records';

const LONGEST_METADATA = 250;
const LONGEST_TAG = 4096;
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).default({});
/** By name or number. */
const state = z.union([z.enum(TRACE_STATES), z.number().int().min(0).max(3).transform((n) => TRACE_STATES[n] ?? 'STATE_UNSPECIFIED')]).default('STATE_UNSPECIFIED');

export const traceInfo = z.object({
  trace_id: text.default(''), client_request_id: text.optional(), request_preview: text.optional(), response_preview: text.optional(),
  trace_location: z.object({ mlflow_experiment: z.object({ experiment_id: text.default('') }).optional() }).default({}),
  request_time: fromTimestamp.default(0), execution_duration: fromDuration.optional(), state, trace_metadata: texts, tags: texts, assessments: z.array(assessment).default([]),
});
export type TraceInfo = z.output<typeof traceInfo>;

const cut = (record: Record<string, string>, key: number, value: number): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([name, one]) => [name.slice(0, key), one.slice(0, value)]));
const metadataOf = ({ record }: Trace): Record<string, string> => cut(record.metadata, LONGEST_METADATA, LONGEST_METADATA);
const tagsOf = ({ record }: Trace): Record<string, string> => cut(record.tags, 250, LONGEST_TAG);
const unlessEmpty = <K extends string>(key: K, value: object): object => (Object.keys(value).length === 0 ? {} : { [key]: value });

/** MLflow's TraceInfoV3. */
export function wireTrace(trace: Trace): Record<string, unknown> {
  const { id, experiment, record } = trace;
  return {
    trace_id: id, ...(record.client === undefined ? {} : { client_request_id: record.client }),
    trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experiment } },
    ...(record.request === undefined ? {} : { request_preview: record.request }), ...(record.response === undefined ? {} : { response_preview: record.response }),
    request_time: timestamp(record.time), ...(record.took === null ? {} : { execution_duration: duration(record.took) }), state: record.state,
    ...unlessEmpty('trace_metadata', metadataOf(trace)), ...unlessEmpty('assessments', record.assessments.map((one) => wireAssessment(one, id))), ...unlessEmpty('tags', tagsOf(trace)),
  };
}

const OLD_STATES: Readonly<Record<TraceState, string>> = { STATE_UNSPECIFIED: 'TRACE_STATUS_UNSPECIFIED', OK: 'OK', ERROR: 'ERROR', IN_PROGRESS: 'IN_PROGRESS' };

/** MLflow's TraceInfo of version 2. */
export function wireOldTrace(trace: Trace): Record<string, unknown> {
  const { id, experiment, record } = trace;
  return {
    request_id: id, experiment_id: experiment, timestamp_ms: record.time, execution_time_ms: record.took ?? 0, status: OLD_STATES[record.state],
    ...unlessEmpty('request_metadata', pairsOf(metadataOf(trace))), ...unlessEmpty('tags', pairsOf(tagsOf(trace))),
  };
}
