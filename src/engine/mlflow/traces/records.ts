/** Traces and spans in the store: one record each, and one for each run that a trace belongs to. */
import { traceRecord, spanRecord, inOrder, IN_STORE, TRACE_KEYS, type SpanRecord, type TraceRecord } from '../../../core/domain/trace';
import type { ExperimentRecord } from '../../../core/store/experiments';
import type { Store } from '../../../core/store/store';
import { missing } from '../errors';
import { artifactLocation } from '../wire';

/** A trace with its id and its experiment's number. */
export interface Trace { id: string; experiment: string; record: TraceRecord }

const spanKey = (trace: string, id: string): string => `${trace}/${id}`;

export function findTrace(store: Store, id: string): Trace | undefined {
  const row = store.records.get('trace', id);
  return row && { id, experiment: row.scope, record: traceRecord.parse(row.doc) };
}

/** Throws RESOURCE_DOES_NOT_EXIST. */
export function traceOf(store: Store, id: string): Trace {
  const found = findTrace(store, id);
  if (!found) throw missing(`Trace with ID '${id}' not found.`);
  return found;
}

/** Runs that it belongs to. */
export const runsOf = ({ metadata, runs, within }: TraceRecord): Set<string> => new Set([metadata[TRACE_KEYS.run] || within, ...runs].filter((run): run is string => run !== undefined && run !== ''));

/** Writes it whole, and that it belongs to its runs, where their traces are looked up. */
export function putTrace(store: Store, { id, experiment, record }: Trace): void {
  const { records } = store;
  records.together(() => {
    records.put('trace', { id, scope: experiment, sort: record.time, doc: record });
    const runs = runsOf(record);
    for (const run of runs) putLink(store, { run, trace: id, time: record.time });
    if (record.within !== undefined && !runs.has(record.within) && records.get('runTrace', linkKey(record.within, id))) records.remove('runTrace', linkKey(record.within, id));
  });
}

const linkKey = (run: string, trace: string): string => `${run}/${trace}`;

/** A trace that isn't there yet may be linked already. */
export function putLink(store: Store, { run, trace, time }: { run: string; trace: string; time: number }): void {
  const id = linkKey(run, trace);
  if (store.records.get('runTrace', id)?.sort !== time) store.records.put('runTrace', { id, scope: run, sort: time, doc: { trace } });
}

/** Ids of the traces that belong to a run. */
export const tracesOfRun = (store: Store, run: string): Set<string> => new Set(store.records.list('runTrace', { scopes: [run] }).map(({ id }) => id.slice(run.length + 1)));

export function putSpan(store: Store, trace: string, { id, record }: { id: string; record: SpanRecord }): void {
  store.records.put('spans', { id: spanKey(trace, id), scope: trace, sort: 0, doc: record });
}

/** Roots first, then by start. */
export const spansOf = (store: Store, trace: string): SpanRecord[] => inOrder(store.records.list('spans', { scopes: [trace] }).map(({ doc }) => spanRecord.parse(doc)));

/** Spans of several traces, in no order. Thousands are read for one search: they are looked at, not checked field by field as one that is answered is. */
export function spansOfAll(store: Store, traces: readonly string[]): Map<string, SpanRecord[]> {
  const found = new Map<string, SpanRecord[]>(traces.map((id) => [id, []]));
  for (const { scope, doc } of store.records.list('spans', { scopes: traces })) if (looksRight(doc)) found.get(scope)?.push(doc);
  return found;
}

const looksRight = (doc: unknown): doc is SpanRecord =>
  typeof doc === 'object' && doc !== null && 'name' in doc && 'events' in doc && 'status' in doc && typeof doc.status === 'object' && doc.status !== null && 'code' in doc.status
  && typeof doc.status.code === 'string' && 'attributes' in doc && typeof doc.attributes === 'object' && doc.attributes !== null;

/** Whether its spans are records here, not a file of its client's. */
export const isStored = ({ record }: Trace): boolean => record.tags[TRACE_KEYS.spansIn] === IN_STORE;

/** Whether all spans that its client counted have come. */
export function isWhole({ record }: Trace, spans: number): boolean {
  const stats = record.metadata[TRACE_KEYS.stats];
  if (stats === undefined) return spans > 0;
  try {
    const { num_spans: expected } = JSON.parse(stats) as { num_spans?: unknown };
    return spans > 0 && (typeof expected !== 'number' || spans >= expected);
  } catch {
    return spans > 0; // a count that isn't JSON counts nothing
  }
}

/** With its spans and what ties it to runs. Only inside together(). */
export function removeTrace(store: Store, { id, record }: Trace): void {
  for (const span of store.records.list('spans', { scopes: [id] })) store.records.remove('spans', span.id);
  for (const run of runsOf(record)) store.records.remove('runTrace', linkKey(run, id));
  store.records.remove('trace', id);
}

export const traceArtifacts = (experiment: ExperimentRecord, id: string): string => `${artifactLocation(experiment).replace(/\/$/, '')}/traces/${id}/artifacts`;
