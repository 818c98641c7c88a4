import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { IN_STORE, TRACE_KEYS, type SpanRecord, type TraceRecord } from '../../../../src/core/domain/trace';
import type { QueryContext } from '../../../../src/core/queries/context';
import { runTraces, traceDetail } from '../../../../src/core/queries/run-traces';
import { runSpec } from '../../../../src/protocol/spool';
import { workspace } from './support';

const RUN = 'a'.repeat(32);
let context: QueryContext;

beforeEach(() => {
  context = workspace();
  context.store.createRun(runSpec.parse({ format: 1, runId: RUN, experiment: 'e', name: 'run', created: 1000, argv: [] }), 'finished');
});

const record = (over: Partial<TraceRecord> = {}): TraceRecord => ({ time: 5000, took: 10, state: 'OK', metadata: {}, tags: {}, assessments: [], prompts: [], runs: [], ...over });
const span = (over: Partial<SpanRecord> = {}): SpanRecord => ({
  trace_id: 'AAAAAAAAAAAAAAAAAAAAAQ==', span_id: 'AAAAAAAAAAE=', parent_span_id: null, name: 'root', start_time_unix_nano: '1795244400000000001', end_time_unix_nano: '1795244400001500002', events: [],
  status: { code: 'STATUS_CODE_OK', message: '' }, attributes: { 'mlflow.spanInputs': '{"q": 1}', 'mlflow.spanType': '"TOOL"', k: '5' }, links: [], ...over,
});
function put(id: string, over: Partial<TraceRecord> = {}): void {
  const doc = record(over);
  context.store.records.put('trace', { id, scope: '1', sort: doc.time, doc });
  context.store.records.put('runTrace', { id: `${RUN}/${id}`, scope: RUN, sort: doc.time, doc: {} });
}

describe('the traces of a run', () => {
  test('come newest first, in pages, by any name of the run', () => {
    for (const n of [1, 2, 3]) put(`tr-${n}`, { time: n * 1000, tags: { [TRACE_KEYS.name]: `t${n}` } });
    expect(runTraces(context, { run: 'run', limit: 2, offset: 0 })).toMatchObject({ total: 3, traces: [{ id: 'tr-3', name: 't3', started: 3, took: 0.01 }, { id: 'tr-2' }] });
    expect(runTraces(context, { run: RUN.slice(0, 8), limit: 2, offset: 2 }).traces.map(({ id }) => id)).toEqual(['tr-1']);
  });

  test('leave out what is linked and isn’t there; one without a name goes by its root span’s, or its id', () => {
    context.store.records.put('runTrace', { id: `${RUN}/tr-gone`, scope: RUN, sort: 9000, doc: {} });
    put('tr-1', { time: 2000 });
    put('tr-2', { time: 1000 });
    context.store.records.put('spans', { id: 'tr-1/1', scope: 'tr-1', sort: 0, doc: span() });
    expect(runTraces(context, { run: 'run', limit: 10, offset: 0 }).traces.map(({ name }) => name)).toEqual(['root', 'tr-2']);
  });
});

describe('a trace', () => {
  const file = (trace: string): string => path.join(context.workspace, '.runyard', 'artifacts', '1', 'traces', trace, 'artifacts', 'traces.json');
  const write = (trace: string, text: string): void => { mkdirSync(path.dirname(file(trace)), { recursive: true }); writeFileSync(file(trace), text); };

  test('has its spans in order, with exact durations, and their facts where they are asked for', () => {
    put('tr-1', { tags: { [TRACE_KEYS.spansIn]: IN_STORE } });
    context.store.records.put('spans', { id: 'tr-1/2', scope: 'tr-1', sort: 0, doc: span({ span_id: 'AAAAAAAAAAI=', parent_span_id: 'AAAAAAAAAAE=', name: 'child', end_time_unix_nano: null }) });
    context.store.records.put('spans', { id: 'tr-1/1', scope: 'tr-1', sort: 0, doc: span() });
    const { spans } = traceDetail(context, { trace: 'tr-1', facts: true });
    expect(spans).toMatchObject([
      { id: '0000000000000001', parent: null, name: 'root', type: 'TOOL', took: 0.001500001, facts: { inputs: '{"q": 1}', outputs: null, attributes: { k: '5' } } }, { parent: '0000000000000001', name: 'child', took: null },
    ]);
    expect(traceDetail(context, { trace: 'tr-1', span: '0000000000000002', facts: false }).spans).toMatchObject([{ name: 'child' }]);
  });

  test('whose client wrote its spans as a file has them from there', () => {
    put('tr-1');
    write('tr-1', JSON.stringify({ spans: [{ ...span(), start_time_unix_nano: 1_795_244_400_000_000_000, end_time_unix_nano: 1_795_244_400_001_000_000 }], request: null }));
    expect(traceDetail(context, { trace: 'tr-1', facts: true }).spans).toMatchObject([{ name: 'root', took: 0.001, facts: { inputs: '{"q": 1}' } }]);
  });

  test('has none where there is no such file, half of one, or its id leads out of the folder', () => {
    for (const id of ['tr-none', 'tr-half', '../../secret']) put(id);
    write('tr-half', '{"spans": [');
    mkdirSync(path.join(context.workspace, '.runyard', 'artifacts', 'secret', 'artifacts'), { recursive: true });
    writeFileSync(path.join(context.workspace, '.runyard', 'artifacts', 'secret', 'artifacts', 'traces.json'), JSON.stringify({ spans: [span()] }));
    for (const id of ['tr-none', 'tr-half', '../../secret']) expect(traceDetail(context, { trace: id, facts: false }).spans, id).toEqual([]);
  });

  test('that isn’t there is not found; assessments that were taken back aren’t shown', () => {
    expect(() => traceDetail(context, { trace: 'tr-nobody', facts: false })).toThrow(/no trace tr-nobody/);
    const one = { name: 'ok', kind: 'feedback' as const, source: { type: 'HUMAN', id: 'me' }, created: 1, updated: 1 };
    put('tr-1', { assessments: [{ ...one, id: 'a-1', value: true, valid: false }, { ...one, id: 'a-2', value: { a: null }, valid: true, rationale: 'r' }] });
    expect(traceDetail(context, { trace: 'tr-1', facts: false }).trace.assessments).toEqual([{ name: 'ok', kind: 'feedback', value: '{"a":null}', rationale: 'r', source: 'HUMAN me' }]);
  });
});
