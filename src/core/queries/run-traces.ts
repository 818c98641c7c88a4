/** The traces of a run, and one trace with its spans, for every door. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { MethodArgs, MethodResults } from '../../protocol/engine';
import type { SpanFacts, SpanRow, TraceDetail, TraceRow } from '../../protocol/trace';
import { RunyardError, systemCode } from '../base/errors';
import { IN_STORE, SPAN_KEYS, TRACE_KEYS, hexOf, inOrder, spanRecord, spanState, spanType, traceRecord, type SpanRecord, type TraceRecord } from '../domain/trace';
import { resolve, type QueryContext } from './context';

/** A page, newest first. */
export function runTraces(context: QueryContext, { run, limit, offset }: MethodArgs<'runs.traces'>): MethodResults['runs.traces'] {
  const { records } = context.store;
  const id = resolve(context, run);
  const links = records.list('runTrace', { scopes: [id] });
  const traces = links.slice(offset, offset + limit).flatMap((link) => {
    const trace = link.id.slice(id.length + 1);
    const row = records.get('trace', trace);
    return row ? [rowOf(context, trace, traceRecord.parse(row.doc))] : [];
  });
  return { traces, total: links.length };
}

/** With all its spans, roots first, then by start; one span alone where it is named. Throws not_found. */
export function traceDetail(context: QueryContext, { trace: id, span, facts }: MethodArgs<'traces.get'>): MethodResults['traces.get'] {
  const row = context.store.records.get('trace', id);
  if (!row) throw new RunyardError('not_found', `there is no trace ${id}`, 'it may have been deleted');
  const record = traceRecord.parse(row.doc);
  const all = spansOf(context, { id, experiment: row.scope, record });
  const chosen = span === undefined ? all : all.filter((one) => hexOf(one.span_id) === span);
  const trace: TraceDetail = {
    ...rowOf(context, id, record), experiment: row.scope, metadata: record.metadata, tags: record.tags,
    assessments: record.assessments.filter(({ valid }) => valid).map(({ name, kind, value, rationale = '', source }) => ({ name, kind, value: JSON.stringify(value ?? null), rationale, source: [source.type, source.id ?? ''].filter(Boolean).join(' ') })),
  };
  return { trace, spans: chosen.map((one) => ({ ...spanRow(one), ...(facts ? { facts: factsOf(one) } : {}) })) };
}

function rowOf(context: QueryContext, id: string, record: TraceRecord): TraceRow {
  return {
    id, name: record.tags[TRACE_KEYS.name] || rootName(context, id) || id, state: record.state, started: record.time / 1000, took: record.took === null ? null : record.took / 1000,
    request: record.request ?? '', response: record.response ?? '',
  };
}

/** A trace that came as spans alone has no name of its own. */
function rootName(context: QueryContext, id: string): string {
  const spans = context.store.records.list('spans', { scopes: [id] }).map(({ doc }) => spanRecord.parse(doc));
  return inOrder(spans)[0]?.name ?? '';
}

interface Place { id: string; experiment: string; record: TraceRecord }

function spansOf(context: QueryContext, { id, experiment, record }: Place): SpanRecord[] {
  if (record.tags[TRACE_KEYS.spansIn] === IN_STORE) return inOrder(context.store.records.list('spans', { scopes: [id] }).map(({ doc }) => spanRecord.parse(doc)));
  return inOrder(spansInFile(path.join(context.store.dir, 'artifacts'), experiment, id));
}

const file = z.object({ spans: z.array(spanRecord) });
/** Ids that can be a folder's name. */
const plain = /^[\w-]+$/;

/** Spans that their client wrote as a file. None where there is no such file, or it isn't whole. */
function spansInFile(artifacts: string, experiment: string, id: string): SpanRecord[] {
  if (!plain.test(id) || !plain.test(experiment)) return [];
  try {
    const parsed = file.safeParse(JSON.parse(readFileSync(path.join(artifacts, experiment, 'traces', id, 'artifacts', 'traces.json'), 'utf8')));
    return parsed.success ? parsed.data.spans : [];
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Nanoseconds since the epoch → seconds, as precise as a double has it. */
const seconds = (nanos: string): number => Number(BigInt(nanos) / 1000n) / 1e6;
/** The difference is exact before it is rounded. */
const between = (start: string, end: string): number => Number(BigInt(end) - BigInt(start)) / 1e9;

function spanRow(span: SpanRecord): SpanRow {
  const { start_time_unix_nano: start, end_time_unix_nano: end } = span;
  const state = spanState(span);
  return {
    id: hexOf(span.span_id), parent: span.parent_span_id === null ? null : hexOf(span.parent_span_id), name: span.name, type: spanType(span),
    state: state === 'OK' || state === 'ERROR' ? state : 'UNSET', message: span.status.message, started: seconds(start), took: end === null ? null : between(start, end),
  };
}

/** What is shown elsewhere already. */
const KNOWN: readonly string[] = Object.values(SPAN_KEYS).slice(0, 4);

function factsOf({ attributes, events }: SpanRecord): SpanFacts {
  return {
    inputs: attributes[SPAN_KEYS.inputs] ?? null, outputs: attributes[SPAN_KEYS.outputs] ?? null,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => !KNOWN.includes(key))),
    events: events.map(({ name, time_unix_nano: t, attributes: said }) => ({ name, t: seconds(t), attributes: JSON.stringify(said) })),
  };
}
