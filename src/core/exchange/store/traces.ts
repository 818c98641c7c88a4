/** Traces into records of the store: their info one, each span another. Spans that came as a file become records too. */
import { spanRecord, traceRecord, IN_STORE, TRACE_KEYS, TRACE_STATES, hexOf, type AssessmentRecord, type TraceRecord } from '../../domain/trace';
import { arrayOf, Exact, isObject, objectOf, tagsOf, textOf, type Json, type JsonObject } from '../json';
import type { Files, Outcome, Tally, Trace } from '../model';
import { traceInfo } from '../original';
import type { StoreContext } from './context';
import { putFiles, same } from './models';

export async function putTrace(context: StoreContext, trace: Trace, contents: Files, tally: Tally): Promise<Outcome> {
  const { store: { records }, ids } = context;
  const experiment = String(context.experiments.get(trace.experiment)?.id ?? 0);
  const files = await putFiles(context, `${experiment}/traces/${trace.id}/artifacts`, contents.artifacts(), tally);
  return records.together(() => {
    const row = records.get('trace', trace.id);
    const before = row && traceRecord.parse(row.doc);
    const ours = recordOf(traceInfo(trace.info, ids), { id: trace.id, experiment, spans: trace.spans.length });
    const have = new Set(records.list('spans', { scopes: [trace.id] }).map(({ id }) => id));
    const missing = trace.spans.map((span) => ({ id: `${trace.id}/${hexOf(textOf(span['span_id']))}`, span })).filter(({ id }) => !have.has(id));
    for (const { id, span } of missing) records.put('spans', { id, scope: trace.id, sort: 0, doc: spanRecord.parse(plain(span)) });
    const next = before ? merged(before, ours) : ours;
    if (before && same(before, next)) return missing.length + files > 0 ? 'completed' : 'same';
    records.put('trace', { id: trace.id, scope: experiment, sort: next.time, doc: next });
    const run = next.metadata[TRACE_KEYS.run];
    if (run) records.put('runTrace', { id: `${run}/${trace.id}`, scope: run, sort: next.time, doc: { trace: trace.id } });
    return before ? 'completed' : 'made';
  });
}

/** What was said of it here stays. */
function merged(before: TraceRecord, ours: TraceRecord): TraceRecord {
  const known = new Set(before.assessments.map(({ id }) => id));
  return {
    ...before, ...(before.state === 'IN_PROGRESS' ? { state: ours.state, took: ours.took } : {}), tags: { ...ours.tags, ...before.tags }, metadata: { ...ours.metadata, ...before.metadata },
    assessments: [...before.assessments, ...ours.assessments.filter(({ id }) => !known.has(id))],
  };
}

/** `spans`: how many came with it; with none, a file may still hold them. */
function recordOf(info: JsonObject, { id, experiment, spans }: { id: string; experiment: string; spans: number }): TraceRecord {
  const { [TRACE_KEYS.spansIn]: _said, ...tags } = tagsOf(info['tags']);
  const optional = (key: string, field: string): object => (textOf(info[field]) === '' ? {} : { [key]: textOf(info[field]) });
  return traceRecord.parse({
    time: time(info['request_time']) ?? Number(info['timestamp_ms'] ?? 0), took: duration(info['execution_duration']) ?? duration(info['execution_time_ms'], 1),
    state: TRACE_STATES.find((one) => one === textOf(info['state'])) ?? 'STATE_UNSPECIFIED',
    ...optional('client', 'client_request_id'), ...optional('request', 'request_preview'), ...optional('response', 'response_preview'),
    metadata: tagsOf(info['trace_metadata']),
    tags: { ...tags, [TRACE_KEYS.artifacts]: `mlflow-artifacts:/${experiment}/traces/${id}/artifacts`, ...(spans > 0 ? { [TRACE_KEYS.spansIn]: IN_STORE } : {}) },
    assessments: arrayOf(info['assessments']).filter(isObject).map(assessment), prompts: [], runs: [],
  });
}

const time = (value: Json | undefined): number | null => { const found = Date.parse(textOf(value)); return Number.isNaN(found) ? null : found; };
/** Milliseconds of protobuf's `1.5s`; a bare number counts `unit` milliseconds. */
function duration(value: Json | undefined, unit = 1000): number | null {
  const found = /^(-?[\d.]+)(s?)$/.exec(textOf(value));
  return found ? Math.round(Number(found[1]) * (found[2] === 's' ? 1000 : unit)) : null;
}

function assessment(said: JsonObject): AssessmentRecord {
  const source = objectOf(said['source']);
  const optional = (key: string, value: Json | undefined): object => (textOf(value) === '' ? {} : { [key]: textOf(value) });
  const created = time(said['create_time']) ?? 0;
  const error = objectOf(said['feedback'])['error'];
  return {
    id: textOf(said['assessment_id']), name: textOf(said['assessment_name']), ...content(said), ...(isObject(error) ? { error: plain(error) as AssessmentRecord['error'] } : {}),
    source: { type: textOf(source['source_type']), ...optional('id', source['source_id']) }, created, updated: time(said['last_update_time']) ?? created,
    ...optional('span', said['span_id']), ...optional('rationale', said['rationale']), ...(isObject(said['metadata']) ? { metadata: tagsOf(said['metadata']) } : {}),
    ...optional('overrides', said['overrides']), valid: said['valid'] !== false,
  };
}

function content(said: JsonObject): Pick<AssessmentRecord, 'kind' | 'value'> {
  const { expectation, issue, feedback } = said;
  if (isObject(issue)) return { kind: 'issue', value: textOf(issue['issue_name']) };
  if (!isObject(expectation)) return { kind: 'feedback', value: plain(objectOf(feedback)['value'] ?? null) };
  const serialized = expectation['serialized_value'];
  return { kind: 'expectation', value: isObject(serialized) ? JSON.parse(textOf(serialized['value'])) as unknown : plain(expectation['value'] ?? null) };
}

/** Without bigints, which records can't hold: times of spans are texts there; of other numbers a double's digits are kept. */
export function plain(value: Json): unknown {
  if (value instanceof Exact) return Number(value.digits);
  if (typeof value === 'bigint') return value > 10n ** 17n ? String(value) : Number(value);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)])) : value;
}
