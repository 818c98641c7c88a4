/** Traces found: looked at one by one, newest first, until a page is full. Source: mlflow SqlAlchemyStore.search_traces. */
import { setImmediate } from 'node:timers/promises';
import { TRACE_KEYS, attributeOf, spanState, spanType, traceRecord, type AssessmentRecord, type SpanRecord, type TraceRecord } from '../../../core/domain/trace';
import type { FilterValue } from '../../../core/domain/filter/ast';
import { like } from '../../../core/domain/filter/documents';
import type { Store } from '../../../core/store/store';
import { parseTraceFilter, parseTraceOrder, patternOf, type TraceCondition, type TraceKey, type TraceOperator, type TraceOrder } from './filter';
import { spansOfAll, tracesOfRun, type Trace } from './records';

export interface TraceSearch { experiments: readonly string[]; filter: string; orderBy: readonly string[]; offset: number; limit: number }

/** Records read at a time: between two reads others get their turn. */
const CHUNK = 250;

/** A page of them. Throws bad_input where the filter or the order can't be read. */
export async function searchTraces(store: Store, { experiments, filter, orderBy, offset, limit }: TraceSearch): Promise<Trace[]> {
  const conditions = parseTraceFilter(filter);
  const order = parseTraceOrder(orderBy);
  if (conditions.length === 0 && order.length === 0) return read(store, experiments, { offset, limit });
  const meets = await createTest(store, conditions, experiments);
  const found = new Map<string, Trace>();
  const enough = order.length === 0 ? offset + limit : Infinity;
  for await (const chunk of chunks(store, experiments)) {
    // One that comes twice was pushed on by a newer one meanwhile.
    for (const trace of meets(chunk)) found.set(trace.id, trace);
    if (found.size >= enough) break;
  }
  const all = [...found.values()];
  // What is equal stays in the order that it came in: newest first, then by id.
  if (order.length > 0) all.sort((a, b) => compare(order, a, b));
  return all.slice(offset, offset + limit);
}

const read = (store: Store, scopes: readonly string[], page: { offset: number; limit: number }): Trace[] =>
  store.records.list('trace', { scopes, ...page }).map(({ id, scope, doc }) => ({ id, experiment: scope, record: traceRecord.parse(doc) }));

async function* chunks(store: Store, experiments: readonly string[]): AsyncGenerator<Trace[]> {
  for (let offset = 0; ; offset += CHUNK) {
    const chunk = read(store, experiments, { offset, limit: CHUNK });
    if (chunk.length > 0) yield chunk;
    if (chunk.length < CHUNK) return;
    await setImmediate();
  }
}

const isSpan = ({ key }: TraceCondition): boolean => key.entity === 'span';
const isAssessment = ({ key }: TraceCondition): boolean => key.entity === 'feedback' || key.entity === 'expectation';

/** A test of many at once: spans are read for those only that meet all else. */
async function createTest(store: Store, conditions: readonly TraceCondition[], experiments: readonly string[]): Promise<(traces: readonly Trace[]) => Trace[]> {
  const ofSpans = conditions.filter(isSpan);
  const ofAssessments: { condition: TraceCondition; sessions: Set<string> }[] = [];
  for (const condition of conditions.filter(isAssessment)) ofAssessments.push({ condition, sessions: await sessionsOf(store, condition, experiments) });
  const plain = conditions.filter((condition) => !isSpan(condition) && !isAssessment(condition)).map((condition) => createPlainTest(store, condition));
  return (traces) => {
    const some = traces.filter((trace) => plain.every((test) => test(trace)) && ofAssessments.every(({ condition, sessions }) => meetsAssessment(condition, sessions, trace)));
    if (ofSpans.length === 0 || some.length === 0) return some;
    const spans = spansOfAll(store, some.map(({ id }) => id));
    // All that is said of spans is said of one span.
    return some.filter(({ id }) => (spans.get(id) ?? []).some((span) => ofSpans.every(({ key, op, value }) => compareText(spanValue(span, key), op, value))));
  };
}

function createPlainTest(store: Store, { key, op, value }: TraceCondition): (trace: Trace) => boolean {
  if (key.entity === 'issue') return ({ record }) => record.assessments.some((one) => one.kind === 'issue' && value.kind === 'text' && one.name === value.text);
  if (key.entity === 'tag' && key.name === TRACE_KEYS.prompts) return ({ record }) => value.kind === 'text' && record.prompts.includes(value.text);
  if (key.entity === 'metadata' && key.name === TRACE_KEYS.run && op === '=' && value.kind === 'text') {
    const linked = tracesOfRun(store, value.text);
    return ({ id }) => linked.has(id);
  }
  return (trace) => {
    const found = valueOf(trace, key);
    return typeof found === 'number' ? compareNumber(found, op, value) : compareText(found, op, value);
  };
}

function valueOf({ id, experiment, record }: Trace, { entity, name }: TraceKey): string | number | undefined {
  if (entity === 'tag') return Object.hasOwn(record.tags, name) ? record.tags[name] : undefined;
  if (entity === 'metadata') return Object.hasOwn(record.metadata, name) ? record.metadata[name] : undefined;
  switch (name) {
    case 'request_id': return id;
    case 'client_request_id': return record.client;
    case 'status': return record.state;
    case 'experiment_id': return Number(experiment);
    case 'timestamp_ms': return record.time;
    case 'execution_time_ms': return record.took ?? undefined;
    default: return record.time + (record.took ?? 0);
  }
}

function spanValue(span: SpanRecord, { name }: TraceKey): string | undefined {
  switch (name) {
    case 'name': return span.name;
    case 'type': return spanType(span);
    case 'status': return spanState(span);
    case 'content': return contentText(span);
    default: {
      const value = attributeOf(span, name.slice('attributes.'.length));
      return value === undefined || typeof value === 'string' ? value : span.attributes[name.slice('attributes.'.length)];
    }
  }
}

/** All that a span says, as one text. */
const contentText = (span: SpanRecord): string => [
  `"name": ${JSON.stringify(span.name)}`, ...Object.entries(span.attributes).map(([key, text]) => `"${key}": ${JSON.stringify(text)}`), JSON.stringify(span.events), JSON.stringify(span.status),
].join(', ');

function compareNumber(found: number, op: TraceOperator, value: FilterValue): boolean {
  if (value.kind !== 'number') return false;
  switch (op) {
    case '=': return found === value.number;
    case '!=': return found !== value.number;
    case '<': return found < value.number;
    case '<=': return found <= value.number;
    case '>': return found > value.number;
    case '>=': return found >= value.number;
    default: return false;
  }
}

/** What isn't there meets IS NULL alone. */
function compareText(found: string | undefined, op: TraceOperator, value: FilterValue): boolean {
  if (op === 'IS NULL') return found === undefined;
  if (found === undefined) return false;
  if (value.kind === 'list') return value.items.includes(found) === (op === 'IN');
  const wanted = value.kind === 'text' ? value.text : '';
  switch (op) {
    case 'IS NOT NULL': return true;
    case '=': return found === wanted;
    case '!=': return found !== wanted;
    case 'LIKE': return like(wanted, '').test(found);
    case 'ILIKE': return like(wanted, 'i').test(found);
    case 'RLIKE': return patternOf(wanted)?.test(found) ?? false;
    default: return false;
  }
}

/** Assessments that count, by name. */
const named = (record: TraceRecord, { entity, name }: TraceKey): AssessmentRecord[] => record.assessments.filter((one) => one.kind === entity && one.name === name && one.valid);

/** Their values are compared as the JSON that they are; a text also without its quotes. */
function meetsValue({ value: held }: AssessmentRecord, op: TraceOperator, value: FilterValue): boolean {
  if (op === 'IS NULL' || op === 'IS NOT NULL') return true;
  if (value.kind === 'number') return typeof held === 'number' && compareNumber(held, op, value);
  const text = JSON.stringify(held) ?? 'null';
  if (value.kind === 'text' && (op === '=' || op === '!=')) return (text === value.text || text === JSON.stringify(value.text)) === (op === '=');
  return compareText(text, op, value);
}

function meetsAssessment({ key, op, value }: TraceCondition, sessions: ReadonlySet<string>, { record }: Trace): boolean {
  const direct = named(record, key).some((one) => meetsValue(one, op, value));
  const session = record.metadata[TRACE_KEYS.session];
  const covered = direct || (session !== undefined && sessions.has(session));
  return op === 'IS NULL' ? !covered : covered;
}

/** Sessions that were assessed as a whole, on one of their traces: the assessment names the session in its metadata. */
async function sessionsOf(store: Store, { key, op, value }: TraceCondition, experiments: readonly string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const chunk of chunks(store, experiments)) {
    for (const { record } of chunk) {
      const session = record.metadata[TRACE_KEYS.session];
      if (session !== undefined && named(record, key).some((one) => one.metadata?.[TRACE_KEYS.session] !== undefined && meetsValue(one, op, value))) found.add(session);
    }
  }
  return found;
}

/** What lacks a key comes last either way. */
function compare(order: readonly TraceOrder[], a: Trace, b: Trace): number {
  for (const { key, descending } of order) {
    const [left, right] = [valueOf(a, key), valueOf(b, key)];
    if (left === right) continue;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return (left < right ? -1 : 1) * (descending ? -1 : 1);
  }
  return 0;
}
